"""Buttons and thumbs in Discord's form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from discord import ui

from bot.core.messages.message import Block, Button, Buttons, Rating
from bot.discord.presses import ActionButton

LONGEST_ROW = 5

Row = ui.ActionRow[ui.LayoutView]


def with_thumbs(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Put the thumbs behind the last row of other buttons, where there is room for them.

    So what can be done with an answer stands in one line.
    """
    placed = list(blocks)
    for rating in [block for block in placed if isinstance(block, Rating)]:
        thumbs = (Button("👍", rating.good), Button("👎", rating.bad))
        rows_of_others = (block for block in reversed(placed) if isinstance(block, Buttons))
        row = next(filter(_has_room, rows_of_others), None)
        if row is None:
            placed[placed.index(rating)] = Buttons(thumbs)
        else:
            placed[placed.index(row)] = replace(row, buttons=row.buttons + thumbs)
            placed.remove(rating)
    return tuple(placed)


def rows(block: Buttons) -> Iterator[ui.TextDisplay[ui.LayoutView] | Row]:
    """One row of buttons; under a caption, which stands above, each has a row of its own."""
    if not block.caption:
        yield _row(*block.buttons)
        return
    yield ui.TextDisplay(block.caption)
    for button in block.buttons:
        yield _row(button)


def _row(*buttons: Button) -> Row:
    items: tuple[ui.Item[Any], ...] = tuple(map(ActionButton.of, buttons))
    return Row(*items)


def _has_room(block: Buttons) -> bool:
    return not block.caption and len(block.buttons) + 2 <= LONGEST_ROW
