"""Learning rates side by side: the way down the loss, and the loss per step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.lettering import BODY, SMALL
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    PAPER,
    box_at,
    titled,
    write,
    written,
)

Floats = NDArray[np.float64]

_HEADING, _MAP, _BETWEEN, _CURVE, _FOOT = 0.72, 1.75, 0.36, 1.0, 0.42
_AXIS, _GAP = 0.52, 0.16
_HALF_HEIGHT = 2.2
_OUTSIDE = 3
_FLOOR, _CEILING = 1e-3, 1e2
_GROUND, _CONTOURS = "#ECE9E1", "#B9BDC2"


@dataclass(frozen=True)
class Column:
    """A learning rate as it is drawn.

    Args:
        heading: the rate.
        role: what it is here for: "too small", "yours".
        verdict: what became of it.
        path: slope and intercept at the start and after each step; shape (steps + 1, 2).
        left: which share of the loss is left then; shape (steps + 1,).
        settles: whether it leads to the minimum.
        highlighted: whether it is the member's own.
    """

    heading: str
    role: str
    verdict: str
    path: Floats
    left: Floats
    settles: bool
    highlighted: bool

    @property
    def colour(self) -> str:
        """Of the path and the loss."""
        return BLUE if self.settles else ORANGE


@dataclass(frozen=True)
class Landscape:
    """What is descended.

    Args:
        loss: slopes and intercepts -> the loss at each.
        minimum: the slope and the intercept with the least loss.
        converged: with a smaller share of the loss left, descent is there.
    """

    loss: Callable[[Floats, Floats], Floats]
    minimum: Floats
    converged: float


def draw_training(
    title: str,
    columns: Sequence[Column],
    landscape: Landscape,
    small: str,
    format_: ImageFormat,
) -> bytes:
    """Draw learning rates from the smallest to the largest.

    Args:
        title: the finding.
        columns: the rates, at most four.
        landscape: what they descend.
        small: the small print.
        format_: what to write it as.

    Returns:
        The bytes of the file.
    """
    card = titled(title, _HEADING + _MAP + _BETWEEN + _CURVE + _FOOT, small=small)
    canvas = card.canvas()
    width = (card.width - _AXIS + _GAP) / len(columns) - _GAP
    for number, column in enumerate(columns):
        x = _AXIS + number * (width + _GAP)
        _head(canvas, column, x, width)
        _map(card.axes(x, _HEADING, width, _MAP), column, landscape)
        y = _HEADING + _MAP + _BETWEEN
        _curve(card.axes(x, y, width, _CURVE), column, landscape.converged, first=not number)
        write(canvas, x + width / 2, _HEADING + _MAP + 0.12, "slope", size=SMALL, across="center")
        write(canvas, x + width / 2, y + _CURVE + 0.3, "steps", size=SMALL, across="center")
    middle = _HEADING + _MAP / 2
    write(canvas, _AXIS - 0.12, middle, "intercept", size=SMALL, across="center", turned=90)
    write(canvas, _AXIS - 0.06, _HEADING + _MAP + 0.12, "loss left", size=SMALL, across="right")
    return written(card.figure, format_)


def _head(canvas: Axes, column: Column, x: float, width: float) -> None:
    """The words above a rate, on a pale ground if it is the member's own."""
    middle = x + width / 2
    if column.highlighted:
        ground = box_at(x - _GAP / 2, 0, width + _GAP, _HEADING + _MAP + _BETWEEN + _CURVE + _FOOT)
        ground.set(facecolor=_GROUND, edgecolor="none", zorder=-1, clip_on=False)
        canvas.add_patch(ground)
    write(canvas, middle, 0.13, column.role, size=SMALL, colour=GREY, across="center")
    write(canvas, middle, 0.35, column.heading, size=12, weight="bold", across="center")
    write(canvas, middle, 0.58, column.verdict, size=BODY, colour=column.colour, across="center")


def _map(axes: Axes, column: Column, landscape: Landscape) -> None:
    """The path on the contour lines of the loss."""
    box = axes.get_window_extent()
    reach = np.array([_HALF_HEIGHT * box.width / box.height, _HALF_HEIGHT])
    corners = np.array([landscape.minimum - reach, landscape.minimum + reach])
    _contours(axes, corners, landscape)
    path = _seen(column.path, corners)
    axes.plot(*path.T, ".-", color=column.colour, linewidth=1.1, markersize=4, zorder=3)
    axes.plot(*path[0], "o", color=PAPER, markeredgecolor=INK, markersize=5.5, zorder=4)
    axes.plot(*landscape.minimum, "+", color=INK, markersize=8, markeredgewidth=1.3, zorder=4)
    axes.set(xlim=corners[:, 0], ylim=corners[:, 1], xticks=[], yticks=[])
    _quiet(axes)


def _contours(axes: Axes, corners: Floats, landscape: Landscape) -> None:
    (left, bottom), (right, top) = corners
    slopes, intercepts = np.meshgrid(np.linspace(left, right, 60), np.linspace(bottom, top, 60))
    levels = float(landscape.loss(*landscape.minimum)) + np.geomspace(0.03, 30, 8)
    depths = landscape.loss(slopes, intercepts)
    axes.contour(slopes, intercepts, depths, levels, colors=_CONTOURS, linewidths=0.7, zorder=1)


def _seen(path: Floats, corners: Floats) -> Floats:
    """The path until it has been outside the picture a few times; the rest would be a blot."""
    outside = ((path < corners[0]) | (path > corners[1])).any(axis=1)
    return path[: int(np.searchsorted(np.cumsum(outside), _OUTSIDE)) + 1]


def _curve(axes: Axes, column: Column, converged: float, *, first: bool) -> None:
    """The loss per step, on a scale of powers of ten."""
    axes.axhline(converged, color=FAINT, linewidth=0.8, linestyle=(0, (3, 3)))
    axes.plot(column.left.clip(min=_FLOOR / 10), color=column.colour, linewidth=1.8)
    there = np.flatnonzero(column.left < converged)[:1]
    axes.plot(there, column.left[there], "o", color=column.colour, markersize=5)
    axes.set_yscale("log")
    axes.set(xlim=(0, 30), ylim=(_FLOOR, _CEILING), xticks=[0, 10, 20])
    axes.set_yticks([converged, 1, 100], ["1 %", "100 %", "× 100"] if first else [""] * 3)
    axes.minorticks_off()
    axes.tick_params(labelsize=SMALL, colors=INK, length=2, pad=2)
    _quiet(axes)


def _quiet(axes: Axes) -> None:
    axes.set_facecolor(PAPER)
    for spine in axes.spines.values():
        spine.set(color=FAINT, linewidth=0.6)
