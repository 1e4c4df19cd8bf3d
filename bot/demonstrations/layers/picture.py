"""The picture of a word on its way through the layers: how alike, and along which ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    PAPER,
    SMALL,
    titled,
    write,
    written,
)
from bot.demonstrations.texts.excerpts import Excerpt
from bot.demonstrations.texts.picture import LINE, draw_badge, draw_excerpts
from bot.demonstrations.transformer import Floats

_CAPTION, _PANEL, _HEIGHT, _AXIS, _GAP = 0.32, 2.95, 2.5, 0.4, 0.25
_COLOURS = (BLUE, ORANGE)
_LOWEST = 0.5
"""The cosine at the bottom, unless one is lower: so small changes look small."""


@dataclass(frozen=True)
class Ways:
    """Two ways through the layers on a plane.

    Args:
        points: across and up; shape (2 ways, layers + 1, 2).
        kept: the share of the squared distances from the middle that the plane keeps, 0 to 1.
    """

    points: Floats
    kept: float


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Args:
        title: the finding.
        excerpts: the two places where the word stands, by their numbers.
        cosines: how alike its vectors are before the first layer and after each.
        ways: where its vectors are.
        note: the small print.
    """

    title: str
    excerpts: Mapping[int, Excerpt]
    cosines: Floats
    ways: Ways
    note: str


def draw_layers(scene: Scene, format_: ImageFormat) -> bytes:
    """Draw a scene; returns the bytes of the file."""
    lines = len(scene.excerpts) * LINE
    top = _CAPTION + _HEIGHT + _AXIS + _GAP
    card = titled(scene.title, top + lines, small=scene.note)
    sheet = card.canvas()
    right = card.width - _PANEL
    write(sheet, 0, 0.1, "Cosine of the two vectors", weight="bold")
    write(sheet, right, 0.1, f"Their ways ({scene.ways.kept:.0%} of the spread)", weight="bold")
    _draw_cosines(card.axes(0, _CAPTION, _PANEL, _HEIGHT), scene.cosines)
    _draw_ways(card.axes(right, _CAPTION, _PANEL, _HEIGHT + _AXIS), scene.ways, scene.excerpts)
    write(
        sheet,
        _PANEL / 2,
        top - _GAP - 0.08,
        "after layer (0: before the first)",
        size=SMALL,
        colour=GREY,
        across="center",
    )
    draw_excerpts(sheet, top, scene.excerpts, _COLOURS)
    return written(card.figure, format_)


def _draw_cosines(on: Axes, cosines: Floats) -> None:
    layers = np.arange(len(cosines))
    low = min(_LOWEST, float(cosines.min()) - 0.1)
    on.set(xlim=(-0.45, layers[-1] + 0.45), ylim=(low, 1 + 0.14 * (1 - low)))
    on.axis("off")
    on.plot(layers, cosines, "-o", color=INK, linewidth=2.2, markersize=6, markeredgecolor=PAPER)
    gap = (1 - low) * 0.06
    for layer, cosine in enumerate(cosines):
        peak = cosine >= cosines[max(layer - 1, 0) : layer + 2].mean()
        place = cosine + gap if peak else cosine - gap
        down: Literal["bottom", "top"] = "bottom" if peak else "top"
        write(on, layer, place, f"{cosine:z.2f}", across="center", down=down)
        write(on, layer, low, str(layer), size=SMALL, colour=GREY, across="center", down="top")


def _draw_ways(on: Axes, ways: Ways, numbers: Iterable[int]) -> None:
    """Each way as a line; what joins them are the same layers."""
    points = ways.points
    middle = (points.max(axis=(0, 1)) + points.min(axis=(0, 1))) / 2
    half = max(float(np.ptp(points, axis=(0, 1)).max()) * 0.6, 0.05)
    tall = half * (_HEIGHT + _AXIS) / _PANEL
    on.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - tall, middle[1] + tall))
    on.set(xticks=(), yticks=())
    on.patch.set_visible(False)
    on.spines[:].set_color(FAINT)
    on.spines[:].set_linewidth(0.8)
    for one, other in zip(*points, strict=True):
        on.plot(*zip(one, other, strict=True), color=FAINT, linewidth=0.8, zorder=1)
    for number, way, colour in zip(numbers, points, _COLOURS, strict=True):
        on.plot(*way.T, "-o", color=colour, linewidth=2.2, markersize=5, markeredgecolor=PAPER)
        across, up = way[-1]
        draw_badge(on, across, up, str(number), colour)
    _write_layers(on, points, tall * 0.08)


def _write_layers(on: Axes, points: Floats, away: float) -> None:
    """The number of each layer above the upper way."""
    for layer, place in enumerate(points.max(axis=0)[:-1]):
        across = points[:, layer, 0].mean()
        write(on, across, place[1] + away, str(layer), size=SMALL, colour=GREY, across="center")
