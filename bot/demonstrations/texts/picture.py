"""Sentences as numbered lines, with a word marked in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bot.demonstrations.drawing.style import (
    BODY,
    INK,
    PAPER,
    SMALL,
    fitted,
    readable_on,
    width_of,
    write,
)
from bot.demonstrations.texts.excerpts import Excerpt

LINE = 0.29
"""The height of a line, in inches."""

_INDENT = 0.3
_DOT, _PILL = "circle,pad=0.25", "round,pad=0.35,rounding_size=0.75"
_MARK = "#FFE3A8"


def draw_badge(on: Axes, x: float, y: float, label: str, colour: str = INK) -> None:
    """A number on a dot, which stands for a sentence; ``x`` and ``y`` in the units of the axes."""
    text = write(
        on, x, y, label, size=SMALL, weight="bold", colour=readable_on(colour), across="center"
    )
    shape = _DOT if len(label) == 1 else _PILL
    text.set_bbox({"boxstyle": shape, "facecolor": colour, "edgecolor": PAPER})


def draw_excerpts(
    on: Axes, y: float, excerpts: Mapping[int, Excerpt], colours: Sequence[str] = ()
) -> None:
    """Write sentences below each other.

    Args:
        on: a sheet whose units are inches.
        y: where the first line begins.
        excerpts: the sentences by their numbers, in order.
        colours: of the numbers; INK if not given.
    """
    width = on.get_xlim()[1] - _INDENT
    for place, (number, line) in enumerate(excerpts.items()):
        middle = y + (place + 0.5) * LINE
        draw_badge(on, 0.1, middle, str(number), colours[place] if colours else INK)
        if line.marked and not _from_the_right(str(line)):
            _mark(on, line, middle, width)
        write(on, _INDENT, middle, fitted(str(line), width))


def _mark(on: Axes, line: Excerpt, middle: float, width: float) -> None:
    marked = width_of(line.marked)
    start = width_of(line.before + line.marked) - marked
    if start + marked <= width:
        height = BODY * 1.5 / 72
        band = Rectangle((_INDENT + start - 0.01, middle - height / 2), marked, height, color=_MARK)
        on.add_patch(band)


def _from_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
