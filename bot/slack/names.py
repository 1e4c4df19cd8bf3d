"""The names under which Slack tells what was used: they stand in the manifest and in payloads."""

from __future__ import annotations

import re

from bot.core.commands import CATALOGUE, Command

ASK = "ask_explainer"
"""The global shortcut that asks a question, and the modal that it opens."""

FORM = "explainer_form"
"""The modal in which a button asks before it acts."""

BUTTON = re.compile(r"^explainer_\d+$")
"""Every button's ``action_id``; what it does is told by its value."""

SLASH_COMMANDS = tuple(dict.fromkeys(command.name.split()[0] for command in CATALOGUE))
"""What stands behind the slash; of a group of commands its first word."""

COMMAND = re.compile(rf"^/[\w-]*?({'|'.join(SLASH_COMMANDS)})$")
"""A slash command, whatever prefix the app's configuration gives it."""

MESSAGE_SHORTCUTS = {command.name: command for command in CATALOGUE if command.on_message}
"""The commands in a message's menu, by their ``callback_id``."""


def slash_command(name: str, prefix: str = "") -> str:
    """How a command is typed: "/ai-ask"."""
    return f"/{prefix}{name}"


def button_id(number: int) -> str:
    """The ``action_id`` of a message's button."""
    return f"explainer_{number}"


def first_option(command: Command) -> str:
    """The name of the option that takes the words of the message whose menu was used."""
    return command.options[0].name
