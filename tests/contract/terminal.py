"""The same conversation in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.core.answers.explainer import Explainer
from bot.core.messages import wording
from bot.core.messages.message import Message
from bot.terminal import rendering
from bot.terminal.chat import converse
from tests.contract.reading import Lines, read_terminal

WIDE = 10_000


async def said_in_the_terminal(explainer: Explainer, *said: str) -> Lines:
    """Type one thing after another and read everything that comes back."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO("\n".join([*said, ""])))
        patch.setattr(rendering, "WIDTH", WIDE)
        await converse(explainer, Console(file=printed, width=WIDE), None)
    *lines, farewell = read_terminal(printed.getvalue())
    assert farewell == wording.FAREWELL
    return tuple(lines)


def shown_in_the_terminal(message: Message) -> Lines:
    """Read a message that is printed."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "WIDTH", WIDE)
        rendering.show(Console(file=printed, width=WIDE), message)
    return read_terminal(printed.getvalue())
