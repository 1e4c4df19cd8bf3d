"""The manifest asks for what the code uses, and for nothing else."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

import bot.slack
from bot.core.commands import CATALOGUE, Command
from bot.core.conversation import Level
from bot.settings import Settings
from bot.slack.listeners import register
from bot.slack.manifest import (
    EVENTS,
    LIFECYCLE,
    METHODS,
    OLDER_EVENTS,
    manifest,
    manifest_yaml,
    scopes,
)
from bot.slack.names import COMMAND
from tests.scripted_responder import ScriptedResponder

REPOSITORY = Path(__file__).parents[3]
BUILT_IN = """archive away call collapse dm dnd expand feed feedback invite join kick leave me
msg mute open prefs pro remind remove rename search shortcuts shrug star status topic unarchive
who""".split()
ADDRESS = "https://bot.example.org"

Manifest = dict[str, Any]


class Recorder:
    """In an app's place: notes what is listened to."""

    def __init__(self) -> None:
        self.listened: list[tuple[str, object]] = []

    def __getattr__(self, kind: str) -> Callable[[object], Callable[..., None]]:
        def listen(to: object) -> Callable[..., None]:
            self.listened.append((kind, to))
            return lambda listener: None

        return listen

    def of(self, kind: str) -> set[object]:
        """What is listened to of a kind."""
        return {to for listened, to in self.listened if listened == kind}


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    recorder = Recorder()
    register(recorder, ScriptedResponder(), object())  # type: ignore[arg-type]
    return recorder


@pytest.fixture(scope="module")
def made() -> Manifest:
    return manifest()


def test_the_manifest_in_the_repository_is_the_one_that_is_made() -> None:
    written = (REPOSITORY / "slack-manifest.yaml").read_text(encoding="utf-8")
    assert written == manifest_yaml(), "write it anew: explainer manifest > slack-manifest.yaml"


@pytest.mark.parametrize(
    "options", [{}, {"prefix": "ai-"}, {"url": ADDRESS, "several": True}], ids=str
)
def test_what_is_written_is_what_was_meant(options: dict[str, Any]) -> None:
    assert yaml.safe_load(manifest_yaml(**options)) == manifest(**options)


# What the code uses


def test_every_event_that_is_listened_to_is_subscribed(recorder: Recorder, made: Manifest) -> None:
    subscribed = {
        event.partition(".")[0] for event in made["settings"]["event_subscriptions"]["bot_events"]
    }
    assert subscribed == recorder.of("event") - set(OLDER_EVENTS)


def test_every_method_that_is_called_has_its_scope() -> None:
    assert _called() == set(METHODS)


def test_no_scope_is_missing_and_none_is_too_many(made: Manifest) -> None:
    used = {"commands"} | {scope for scope in (*EVENTS.values(), *METHODS.values()) if scope}
    assert made["oauth_config"]["scopes"] == {"bot": sorted(used)}


def test_every_command_is_offered_once(made: Manifest) -> None:
    offered = [command["command"] for command in made["features"]["slash_commands"]]
    assert len(offered) == len(set(offered))
    assert set(offered) == {f"/{command.name.split()[0]}" for command in CATALOGUE}


@pytest.mark.parametrize("prefix", ["", "ai-", "my_bot-", "x"])
def test_every_command_is_listened_to_whatever_its_prefix(recorder: Recorder, prefix: str) -> None:
    assert recorder.of("command") == {COMMAND}
    for command in manifest(prefix=prefix)["features"]["slash_commands"]:
        assert command["command"].startswith(f"/{prefix}")
        assert COMMAND.match(command["command"])


def test_every_shortcut_is_listened_to(recorder: Recorder, made: Manifest) -> None:
    shortcuts = made["features"]["shortcuts"]
    for kind in ("global", "message"):
        offered = {each["callback_id"] for each in shortcuts if each["type"] == kind}
        assert offered == recorder.of(f"{kind}_shortcut")


def test_every_entry_of_a_messages_menu_is_a_shortcut(made: Manifest) -> None:
    offered = {e["name"] for e in made["features"]["shortcuts"] if e["type"] == "message"}
    assert offered == {command.on_message for command in CATALOGUE if command.on_message}


def test_buttons_and_forms_are_sent_to_the_bot(recorder: Recorder, made: Manifest) -> None:
    assert recorder.of("action")
    assert recorder.of("view")
    assert made["settings"]["interactivity"]["is_enabled"]


def test_people_may_write_to_the_bot_and_open_its_home(made: Manifest) -> None:
    assert made["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_a_hint_shows_how_a_command_is_typed(made: Manifest) -> None:
    hints = {c["command"]: c.get("usage_hint", "") for c in made["features"]["slash_commands"]}
    level = f"[level={'|'.join(Level)}]"
    assert hints["/compare"] == f"a vs b {level} [private=false]"
    assert hints["/show"].startswith("tokens|")
    assert hints["/explainer"].startswith("status | ")
    assert not hints["/help"]


# What people are told of it


@pytest.fixture(scope="module")
def guide() -> str:
    return (REPOSITORY / "docs" / "slack.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", CATALOGUE, ids=lambda command: command.name)
def test_the_guide_tells_of_every_command(guide: str, command: Command) -> None:
    assert f"`/{command.name}" in guide
    assert command.on_message in guide


def test_the_guide_says_what_every_scope_is_for(guide: str) -> None:
    assert [scope for scope in scopes() if f"`{scope}`" not in guide] == []


def test_the_guide_tells_of_every_setting(guide: str) -> None:
    names = [f"EXPLAINER_{name.upper()}" for name in Settings.model_fields if "slack" in name]
    assert [name for name in names if f"`{name}`" not in guide] == []


# The two modes


def test_in_socket_mode_no_address_is_needed(made: Manifest) -> None:
    assert made["settings"]["socket_mode_enabled"]
    assert "request_url" not in manifest_yaml()


def test_in_http_mode_everything_is_sent_to_one_address() -> None:
    made = manifest(url=f"{ADDRESS}/")
    events = f"{ADDRESS}/slack/events"
    assert not made["settings"]["socket_mode_enabled"]
    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    assert {command["url"] for command in made["features"]["slash_commands"]} == {events}


def test_several_workspaces_come_back_to_the_bot_and_tell_when_they_leave() -> None:
    one, several = manifest(url=ADDRESS), manifest(url=ADDRESS, several=True)
    assert "redirect_urls" not in one["oauth_config"]
    assert several["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]
    events = [made["settings"]["event_subscriptions"]["bot_events"] for made in (one, several)]
    assert set(events[1]) - set(events[0]) == set(LIFECYCLE)


# Slack's limits


@pytest.mark.parametrize("prefix", ["", "twelve-chars"])
def test_the_commands_keep_to_slacks_limits(prefix: str) -> None:
    commands = manifest(prefix=prefix)["features"]["slash_commands"]
    assert len(commands) <= 25
    for command in commands:
        assert len(command["command"]) <= 32
        assert 0 < len(command["description"]) <= 140
        assert len(command.get("usage_hint", "")) <= 140


def test_no_command_has_the_name_of_one_of_slacks_own(made: Manifest) -> None:
    names = {command["command"].removeprefix("/") for command in made["features"]["slash_commands"]}
    assert not names & set(BUILT_IN)


def test_the_shortcuts_keep_to_slacks_limits(made: Manifest) -> None:
    shortcuts = made["features"]["shortcuts"]
    assert len(shortcuts) <= 10
    for shortcut in shortcuts:
        assert 0 < len(shortcut["name"]) <= 24
        assert 0 < len(shortcut["description"]) <= 150


def test_the_descriptions_have_the_length_that_slack_asks_for(made: Manifest) -> None:
    about = made["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4_000


def test_the_agents_first_words_keep_to_slacks_limits(made: Manifest) -> None:
    agent = made["features"]["agent_view"]
    assert 0 < len(agent["agent_description"]) <= 300
    assert 0 < len(agent["suggested_prompts"]) <= 4
    assert all(prompt.keys() == {"title", "message"} for prompt in agent["suggested_prompts"])


def _called() -> set[str]:
    """The methods of Slack's Web API that the code names."""
    methods = {name for name, _ in inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction)}
    sources = Path(bot.slack.__file__).parent.glob("*.py")
    nodes = (node for file in sources for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {name for name in names & methods if not name.startswith("_")}
