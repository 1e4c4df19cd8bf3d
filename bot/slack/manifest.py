"""The Slack app as this code needs it: Slack makes one from what is written here."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import yaml

from bot.core.commands import CATALOGUE, Command, Option, Takes
from bot.core.messages import wording
from bot.slack.names import ASK, MESSAGE_SHORTCUTS, SLASH_COMMANDS, slash_command

EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}
"""The events that the bot hears, with the scopes that Slack sends them for."""

LIFECYCLE = ("app_uninstalled", "tokens_revoked")
"""The events that tell of a workspace that it left; they need no scope."""

OLDER_EVENTS = ("assistant_thread_context_changed", "assistant_thread_started")
"""What apps that were made with ``assistant_view`` get besides; Slack makes no new ones."""

METHODS = {
    "apps_connections_open": "",  # for the app-level token, which has a scope of its own
    "assistant_threads_setStatus": "chat:write",
    "assistant_threads_setSuggestedPrompts": "assistant:write",
    "assistant_threads_setTitle": "assistant:write",
    "auth_test": "",
    "chat_appendStream": "chat:write",
    "chat_delete": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_startStream": "chat:write",
    "chat_stopStream": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "im:history",
    "conversations_open": "im:write",
    "conversations_replies": "channels:history",
    "files_upload_v2": "files:write",
    "users_info": "users:read",
    "views_open": "",
    "views_publish": "",
}
"""The methods of Slack's Web API that are called, as slack_sdk names them, with their scopes."""

_HEADER = """\
# Made by `explainer manifest`. Paste it at https://api.slack.com/apps: "Create New App", "From a
# manifest". docs/slack.md leads through the rest.
"""
_DESCRIPTION = "Answers questions about AI from articles and cites its sources"
_LONG_DESCRIPTION = (
    "Explainer answers questions about artificial intelligence. It looks for the answer in a "
    "collection of articles, checks every sentence against them before it posts it, and says so "
    "when they don't cover a question. Mention it in a channel, write to it directly, or use its "
    "commands; what you ask for privately is for you alone."
)
_PROMPTS = (
    ("Explain a concept", "What is attention?"),
    ("Compare two things", "What is the difference between BERT and GPT?"),
    ("Understand a method", "How does retrieval-augmented generation work?"),
    ("Ask for the reason", "Why do language models hallucinate?"),
)


def scopes() -> list[str]:
    """What the bot must be allowed to do, and no more."""
    needed = {"commands", *EVENTS.values(), *METHODS.values()}
    return sorted(needed - {""})


def manifest(*, prefix: str = "", url: str = "", several: bool = False) -> dict[str, Any]:
    """Describe the app.

    Args:
        prefix: what the names of the slash commands begin with.
        url: the public address for HTTP mode, such as ``https://bot.example.org``; empty for
            Socket Mode.
        several: whether workspaces install it by OAuth; needs the address.
    """
    url = url.rstrip("/")
    requests = {"request_url": f"{url}/slack/events"} if url else {}
    several = several and bool(url)
    return {
        "display_information": {
            "name": "Explainer",
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": _features(prefix, url),
        "oauth_config": {
            **({"redirect_urls": [f"{url}/slack/oauth_redirect"]} if several else {}),
            "scopes": {"bot": scopes()},
        },
        "settings": {
            "event_subscriptions": {
                **requests,
                "bot_events": sorted([*EVENTS, *(LIFECYCLE if several else ())]),
            },
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def manifest_yaml(*, prefix: str = "", url: str = "", several: bool = False) -> str:
    """Write the description of the app so that it can be pasted; see :func:`manifest`."""
    described = manifest(prefix=prefix, url=url, several=several)
    return _HEADER + yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=90)


def _features(prefix: str, url: str) -> dict[str, Any]:
    return {
        "agent_view": {
            "agent_description": _DESCRIPTION,
            "suggested_prompts": [{"title": t, "message": message} for t, message in _PROMPTS],
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Explainer", "always_online": True},
        "shortcuts": _shortcuts(),
        "slash_commands": [_slash_command(name, prefix, url) for name in SLASH_COMMANDS],
    }


def _shortcuts() -> list[dict[str, str]]:
    asking = {"type": "global", "callback_id": ASK, "name": wording.ASK_SHORTCUT}
    return [
        asking | {"description": "Ask a question about AI"},
        *(
            {
                "type": "message",
                "callback_id": name,
                "name": command.on_message,
                "description": command.description,
            }
            for name, command in MESSAGE_SHORTCUTS.items()
        ),
    ]


def _slash_command(name: str, prefix: str, url: str) -> dict[str, Any]:
    group = [command for command in CATALOGUE if command.name.split()[0] == name]
    first = group[0]
    if first.name == name:
        description, hint = first.description, _hint(first)
    else:
        words = [command.name.removeprefix(f"{name} ") for command in group]
        description, hint = wording.COMMAND_GROUP, " | ".join(words)
    return {
        "command": slash_command(name, prefix),
        **({"url": f"{url}/slack/events"} if url else {}),
        "description": description,
        **({"usage_hint": hint} if hint else {}),
        "should_escape": False,
    }


def _hint(command: Command) -> str:
    """How a command's options are typed behind it: "a vs b [level=beginner|…]"."""
    hints = [_option_hint(option) for option in command.options]
    topics = [option.takes is Takes.TOPIC for option in command.options]
    for place, both in enumerate(map(all, pairwise(topics)), start=1):
        if both:
            hints[place] = f"vs {hints[place]}"
    return " ".join(hints)


def _option_hint(option: Option) -> str:
    words = "|".join(option.choices) or option.name
    if option.takes is Takes.FLAG:
        words = f"{option.name}=false"  # what may be private is so unless it is asked not to be
    elif option.takes is Takes.CHOICE and not option.required:
        words = f"{option.name}={words}"
    return words if option.required else f"[{words}]"
