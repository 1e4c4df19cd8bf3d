"""From Slack's events and commands to what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.core.conversation import Level, Place, Utterance
from bot.slack.access import Bot
from bot.slack.markup import decode

Payload = dict[str, Any]

_PLAIN_SUBTYPES = (None, "file_share", "thread_broadcast")
_SLACKBOT = "USLACKBOT"
_EVERYBODY = ("channel", "here", "everyone")
_TOKEN = re.compile(r"<([^<>]*)>")
_LEVELS = "|".join(Level)
_LEVEL_OPTION = re.compile(rf"(?:^|\s)level=({_LEVELS})\s*$|^\s*level=({_LEVELS})\s", re.IGNORECASE)


@dataclass(frozen=True)
class Heard:
    """A message of a conversation, with what an answer to it needs.

    Args:
        said: the message for the core.
        user: who wrote it.
        ts: its own id.
        thread: the thread in which it was written, if any.
    """

    said: Utterance
    user: str
    ts: str
    thread: str | None


@dataclass(frozen=True)
class Command:
    """A slash command, with who used it and where its answer goes."""

    name: str
    said: Utterance
    user: str
    level: Level | None
    response_url: str


def parse_message(body: Payload, bot: Bot) -> Heard | None:
    """Understand an ``app_mention`` or ``message`` event.

    Args:
        body: the event with its envelope.
        bot: whose mention is taken out of the text.

    Returns:
        What was heard; ``None`` unless a person wrote something new.
    """
    event = body["event"]
    if not _by_a_person(event, bot):
        return None
    raw = event.get("text") or ""
    direct = event.get("channel_type") == "im"
    team, channel, ts = _team(body), event["channel"], event["ts"]
    thread = event.get("thread_ts")
    place = Place("slack", team, channel, thread if direct else thread or ts, direct)
    said = Utterance(
        key=f"slack:{team}:{channel}:{ts}",
        text=plain_text(raw, bot),
        asker=f"slack:{team}:{event['user']}",
        place=place,
        addressed=direct or event["type"] == "app_mention" or bool(_mention(bot).search(raw)),
        reply_to=thread if event.get("parent_user_id") == bot.user else None,
    )
    return Heard(said, event["user"], ts, thread)


def parse_command(body: Payload, bot: Bot) -> Command:
    """Understand a slash command, with its ``level=…`` at either end of the text."""
    team = body["team_id"]
    text, level = split_level(plain_text(body.get("text") or "", bot))
    said = Utterance(
        key=f"slack:{team}:{body['trigger_id']}",
        text=text,
        asker=f"slack:{team}:{body['user_id']}",
        # A command may come from a conversation of two people, so no place is direct here.
        place=Place("slack", team, body["channel_id"]),
    )
    return Command(body["command"], said, body["user_id"], level, body["response_url"])


def plain_text(text: str, bot: Bot) -> str:
    """Take the bot's mention out and turn Slack's notation into words."""
    words = _TOKEN.sub(_token_words, _mention(bot).sub(" ", text))
    return decode(words).strip()


def split_level(text: str) -> tuple[str, Level | None]:
    """Separate a leading or trailing ``level=…`` from a command's text."""
    option = _LEVEL_OPTION.search(text)
    if option is None:
        return text, None
    rest = text[: option.start()] + text[option.end() :]
    return rest.strip(), Level((option[1] or option[2]).lower())


def _mention(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![ \t])[ \t]+)?<@{re.escape(bot.user)}(?:\|[^<>]*)?>[,:]?[ \t]*")


def _by_a_person(event: Payload, bot: Bot) -> bool:
    return (
        event.get("subtype") in _PLAIN_SUBTYPES
        and not event.get("bot_id")
        and event.get("user") not in (None, bot.user, _SLACKBOT)
    )


def _team(body: Payload) -> str:
    # In a channel shared between workspaces, only this names the one that the app is in.
    for authorization in body.get("authorizations") or ():
        if team := authorization.get("team_id"):
            return str(team)
    return str(body.get("team_id") or "")


def _token_words(token: re.Match[str]) -> str:
    target, _, label = token[1].partition("|")
    if target[:1] in ("@", "#"):
        return target[0] + (label or target[1:])
    if target.startswith("!"):
        name, *details = target[1:].split("^")
        return f"@{name}" if name in _EVERYBODY else label or "@" + "".join(details[:1])
    return label or target.removeprefix("mailto:")
