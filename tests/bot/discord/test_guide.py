"""The page that leads a newcomer says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import pytest

from bot.core.commands import CATALOGUE, Command
from bot.discord.checking import PERMISSIONS
from bot.settings import Settings

GUIDE = (Path(__file__).parents[3] / "docs" / "discord.md").read_text("utf-8")
NAMES = {
    "View Channels": "view_channel",
    "Send Messages": "send_messages",
    "Send Messages in Threads": "send_messages_in_threads",
    "Attach Files": "attach_files",
    "Read Message History": "read_message_history",
}
"""What Discord calls its permissions, and discord.py."""


@pytest.mark.parametrize("command", CATALOGUE, ids=lambda command: command.name)
def test_every_command_is_named(command: Command) -> None:
    assert f"`/{command.name}`" in GUIDE
    assert command.on_message in " ".join(GUIDE.split())


def test_no_other_command_is_named() -> None:
    named = set(re.findall(r"`/([a-z-]+(?: [a-z]+)?)`", GUIDE))
    assert named == {command.name for command in CATALOGUE}


def test_the_invitation_asks_for_the_permissions_that_the_doctor_names() -> None:
    assert f"permissions={PERMISSIONS.value}" in GUIDE


def test_each_permission_is_told_and_no_other() -> None:
    table = GUIDE.split("| permission |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([A-Z][\w ]+) \| ", table, re.MULTILINE) == list(NAMES)
    assert discord.Permissions(**dict.fromkeys(NAMES.values(), True)) == PERMISSIONS


@pytest.mark.parametrize(
    "variable", [name for name in Settings.model_fields if name.startswith("discord_")]
)
def test_every_setting_of_the_surface_is_told(variable: str) -> None:
    assert f"| `EXPLAINER_{variable.upper()}` |" in GUIDE
