"""Attention as heat maps and arcs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from bot.core.demonstration import ImageFormat
from bot.demonstrations.attention.heads import Attending, Habit, Head, between_words, heads_of
from bot.demonstrations.attention.words import main_look, percent
from bot.demonstrations.drawing.style import (
    AMOUNTS,
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    SMALL,
    VIOLET,
    Look,
    fitted,
    key,
    readable_on,
    titled,
    width_of,
    write,
    written,
)
from bot.demonstrations.transformer import Floats

_ROOM = 6.24
_LONGEST, _LARGEST, _NUMBERED = 0.95, 0.46, 0.4
_ARCS, _GAP, _BOW = 1.3, 0.08, 1.5
_LEAST = 0.05
_RESTING = Look("rests at [CLS] or [SEP]", PAPER, FAINT)
_LOOKS = {
    Habit.CLS: _RESTING,
    Habit.SEP: _RESTING,
    Habit.ITSELF: Look("looks at itself", PAPER, GREEN),
    Habit.BEFORE: Look("token before", PAPER, VIOLET),
    Habit.AFTER: Look("token after", PAPER, BLUE),
}
_SIDE, _LAYER, _TOP, _BELOW = 0.42, 0.62, 0.3, 0.42
_STEP = (_ROOM - _LAYER) / 12


@dataclass(frozen=True)
class _Grid:
    """Where the cells of a heat map are: its corner and the side of a cell, in inches."""

    left: float
    top: float
    cell: float

    def x(self, column: int) -> float:
        return self.left + (column + 0.5) * self.cell

    def y(self, row: int) -> float:
        return self.top + (row + 0.5) * self.cell


def draw_one(title: str, head: Head, model: str, format_: ImageFormat) -> bytes:
    """Draw one head: arcs on the left and a heat map on the right of the same labels.

    Args:
        title: the finding.
        head: what is drawn.
        model: its name.
        format_: of the file.
    """
    pieces = [fitted(token.piece, _LONGEST) for token in head.reading.tokens]
    longest = max(map(width_of, pieces))
    left = longest + 2 * _GAP + (_ARCS if len(pieces) > 3 else 0)
    cell = min(_LARGEST, (_ROOM - left) / len(pieces))
    flat = longest < cell
    grid = _Grid(left, 0.2 if flat else longest * 0.8 + 0.1, cell)
    small = (
        f"{model}, layer {head.layer}, head {head.number}. Each row is a token that looks, each "
        f"column one that is looked at; a row sums up to 100 %, the darkest cell is "
        f"{percent(head.looks.max())}."
    )
    if len(pieces) > 3:
        small += " Arcs: what each token looks at most among the others."
    page = titled(title, grid.top + cell * len(pieces) + 0.04, small=small)
    axes = page.canvas()
    _heat(axes, head.looks, grid)
    _label(axes, head, pieces, grid, flat=flat)
    marked = main_look(head)
    _arcs(axes, head, marked, [left - 2 * _GAP - width_of(piece) for piece in pieces], grid)
    if marked:
        corner = (grid.x(marked.column) - cell / 2, grid.y(marked.row) - cell / 2)
        axes.add_patch(Rectangle(corner, cell, cell, fill=False, edgecolor=ORANGE, linewidth=2))
    return written(page.figure, format_)


def draw_all(title: str, head: Head, model: str, format_: ImageFormat) -> bytes:
    """Draw all heads of a text as small heat maps, a row a layer.

    Args:
        title: the finding.
        head: the one that is marked.
        model: its name.
        format_: of the file.
    """
    heads = heads_of(head.reading)
    layers = heads[-1].layer
    small = (
        f"{model}. Each square is the heat map of one head: rows look at columns, the first column "
        "is [CLS], the last [SEP], and the darkest cell is the greatest of its head. The frames "
        "tell where more than half of the attention goes."
    )
    page = titled(title, _TOP + layers * _STEP + _BELOW, small=small)
    axes = page.canvas()
    for each in heads:
        _thumbnail(axes, each, marked=each == head)
    for layer in range(1, layers + 1):
        write(axes, 0, _TOP + (layer - 0.5) * _STEP, f"layer {layer}", size=SMALL, colour=GREY)
    for number in range(1, heads[-1].number + 1):
        x = _LAYER + (number - 0.5) * _STEP
        word = "head 1" if number == 1 else str(number)
        write(axes, x, _TOP - 0.14, word, size=SMALL, colour=GREY, across="center")
    chosen = Look(f"layer {head.layer}, head {head.number}", PAPER, ORANGE)
    looks = dict.fromkeys(_LOOKS[each.habit] for each in heads if each.habit)
    key(axes, page.height - 0.12, [chosen, *looks])
    return written(page.figure, format_)


def _heat(axes: Axes, looks: Floats, grid: _Grid) -> None:
    side = len(looks) * grid.cell
    extent = (grid.left, grid.left + side, grid.top + side, grid.top)
    greatest = looks.max()
    axes.imshow(looks, cmap=AMOUNTS, vmin=0, vmax=greatest, extent=extent, aspect="auto")
    corner = (grid.left, grid.top)
    axes.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=FAINT, clip_on=False))
    if grid.cell < _NUMBERED:
        return
    for (row, column), share in np.ndenumerate(looks):
        if share >= _LEAST:
            colour = readable_on(AMOUNTS(share / greatest))
            number = f"{100 * share:.0f}"
            x, y = grid.x(column), grid.y(row)
            write(axes, x, y, number, size=SMALL, colour=colour, across="center")


def _label(axes: Axes, head: Head, pieces: Sequence[str], grid: _Grid, *, flat: bool) -> None:
    """Name the rows and columns; names that are wider than a column stand slanting."""
    for number, (piece, token) in enumerate(zip(pieces, head.reading.tokens, strict=True)):
        colour = GREY if token.special else INK
        write(axes, grid.left - _GAP, grid.y(number), piece, colour=colour, across="right")
        x, y = grid.x(number), grid.top - 0.06
        if flat:
            write(axes, x, y, piece, colour=colour, across="center", down="bottom")
        else:
            write(axes, x - 0.02, y, piece, colour=colour, down="baseline", turned=55)


def _arcs(
    axes: Axes, head: Head, marked: Attending | None, ends: Sequence[float], grid: _Grid
) -> None:
    """From each token to the one that it looks at most among the others of the text."""
    arcs = [arc for arc in _greatest(head) if arc.share >= _LEAST]
    arcs.sort(key=lambda arc: (arc == marked, arc.share))
    if not arcs:
        return
    span = max(abs(arc.row - arc.column) for arc in arcs)
    paths = [_arc(arc, ends, grid, span) for arc in arcs]
    colours = [ORANGE if arc == marked else AMOUNTS(0.35 + 0.45 * arc.share) for arc in arcs]
    widths = [0.8 + 3 * arc.share for arc in arcs]
    axes.add_collection(
        PathCollection(paths, facecolor="none", edgecolor=colours, linewidth=widths, zorder=2)
    )
    tips = [(ends[arc.column] + 0.02, grid.y(arc.column)) for arc in arcs]
    x, y = zip(*tips, strict=True)
    axes.scatter(x, y, marker=">", s=[14 + 26 * arc.share for arc in arcs], c=colours, zorder=3)


def _greatest(head: Head) -> list[Attending]:
    """For each token of the text the other one that it looks at most."""
    mask = between_words(head.reading)
    shares = np.where(mask, head.looks, 0)
    return [
        Attending(int(row), int(shares[row].argmax()), float(shares[row].max()))
        for row in np.flatnonzero(mask.any(axis=1))
    ]


def _arc(arc: Attending, ends: Sequence[float], grid: _Grid, span: int) -> Path:
    start = (ends[arc.row], grid.y(arc.row))
    end = (ends[arc.column], grid.y(arc.column))
    bow = min(start[0], end[0]) - 0.15 - _BOW * abs(arc.row - arc.column) / span
    return Path(
        [start, (bow, start[1]), (bow, end[1]), end],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )


def _thumbnail(axes: Axes, head: Head, *, marked: bool) -> None:
    left = _LAYER + (head.number - 1) * _STEP + (_STEP - _SIDE) / 2
    top = _TOP + (head.layer - 1) * _STEP + (_STEP - _SIDE) / 2
    extent = (left, left + _SIDE, top + _SIDE, top)
    axes.imshow(head.looks, cmap=AMOUNTS, vmin=0, extent=extent, aspect="auto")
    edge = ORANGE if marked else _LOOKS[head.habit].edge if head.habit else PAPER
    width = 2.4 if marked else 1.3
    frame = Rectangle((left, top), _SIDE, _SIDE, fill=False, edgecolor=edge, linewidth=width)
    axes.add_patch(frame)
