"""The manifest asks for what the code uses, and for nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.slack.listeners import COMMANDS, EVENTS

MANIFEST = Path(__file__).parents[3] / "slack-manifest.yaml"
SCOPES = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "slash commands": "commands",
    "chat.postMessage, chat.postEphemeral, chat.update": "chat:write",
    "conversations.open": "im:write",
    "files.getUploadURLExternal, files.completeUploadExternal": "files:write",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return loaded


def test_the_commands_are_those_that_are_registered(manifest: dict[str, Any]) -> None:
    commands = manifest["features"]["slash_commands"]
    assert tuple(command["command"] for command in commands) == COMMANDS
    assert all(0 < len(command["description"]) <= 140 for command in commands)


def test_the_events_are_those_that_are_registered(manifest: dict[str, Any]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in events} == set(EVENTS)
    assert set(events) <= set(SCOPES)


def test_the_scopes_are_those_that_are_needed(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(SCOPES.values())}


def test_the_bot_is_reached_by_socket_and_by_direct_message(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert manifest["settings"]["socket_mode_enabled"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)


def test_the_descriptions_have_the_length_that_slack_asks_for(manifest: dict[str, Any]) -> None:
    about = manifest["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4_000
