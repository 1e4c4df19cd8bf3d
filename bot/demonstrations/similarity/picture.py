"""The picture of how alike sentences are: a triangle of cosines beside a map or another one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.style import (
    AMOUNTS,
    BODY,
    FAINT,
    GREEN,
    ORANGE,
    PAPER,
    SMALL,
    readable_on,
    titled,
    write,
    written,
)
from bot.demonstrations.texts.excerpts import Excerpt
from bot.demonstrations.texts.picture import LINE, draw_badge, draw_excerpts
from bot.demonstrations.transformer import Floats

_CAPTION, _CELL, _PANEL, _GAP = 0.3, 0.82, 2.95, 0.3
_SHADES = Normalize(-0.1, 1.1)
_NEAR = 0.22
"""Inches between two numbers on a map below which they would cover each other."""


@dataclass(frozen=True)
class Matrix:
    """How alike each is to each.

    Args:
        title: of what.
        numbers: which sentences they are, counted from 1.
        cosines: shape (sentences, sentences).
    """

    title: str
    numbers: tuple[int, ...]
    cosines: Floats

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """All pairs of rows, the most alike first."""
        pairs = combinations(range(len(self.numbers)), 2)
        return sorted(pairs, key=lambda pair: -float(self.cosines[pair]))

    @property
    def extremes(self) -> tuple[tuple[str, float], tuple[str, float]]:
        """The most and the least alike pair as people say it, "1 and 3", with their cosines."""
        most, least = (
            (f"{self.numbers[one]} and {self.numbers[other]}", float(self.cosines[one, other]))
            for one, other in (self.pairs[0], self.pairs[-1])
        )
        return most, least


@dataclass(frozen=True)
class Map:
    """Where sentences stand so that those are near which are alike.

    Args:
        points: shape (sentences, 2).
        kept: the share of the squared distances that the map keeps, 0 to 1.
    """

    points: Floats
    kept: float

    @property
    def title(self) -> str:
        """What it is, in one line."""
        return f"Map ({self.kept:.0%} of squared distances)"


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Args:
        title: the finding.
        sentences: all of them, in order.
        matrix: on the left.
        beside: on the right.
        note: the small print.
    """

    title: str
    sentences: tuple[Excerpt, ...]
    matrix: Matrix
    beside: Matrix | Map
    note: str


def draw_similarity(scene: Scene, format_: ImageFormat) -> bytes:
    """Draw a scene; returns the bytes of the file."""
    lines = len(scene.sentences) * LINE
    side = min(_PANEL, len(scene.matrix.numbers) * _CELL)
    card = titled(scene.title, _CAPTION + side + _GAP + lines, small=scene.note)
    sheet = card.canvas()
    right = card.width - _PANEL
    write(sheet, 0, 0.1, scene.matrix.title, weight="bold")
    write(sheet, right, 0.1, scene.beside.title, weight="bold")
    _draw_triangle(card.axes(0, _CAPTION, side, side), scene.matrix)
    beside = card.axes(right, _CAPTION, side, side)
    if isinstance(scene.beside, Map):
        _draw_map(beside, scene.beside, scene.matrix)
    else:
        _draw_triangle(beside, scene.beside)
    draw_excerpts(sheet, _CAPTION + side + _GAP, dict(enumerate(scene.sentences, 1)))
    return written(card.figure, format_)


def _draw_triangle(on: Axes, matrix: Matrix) -> None:
    """The cosines below the diagonal, on which the numbers of the sentences stand."""
    count = len(matrix.numbers)
    on.set(xlim=(0, count), ylim=(count, 0))
    on.axis("off")
    above = np.triu(np.ones((count, count), dtype=bool))
    shown = np.ma.masked_array(matrix.cosines, above)
    on.pcolormesh(shown, cmap=AMOUNTS, norm=_SHADES, edgecolors=PAPER, linewidth=2)
    for row, column in combinations(range(count), 2):
        _write_cosine(on, row, column, float(matrix.cosines[row, column]))
    for place, number in enumerate(matrix.numbers):
        draw_badge(on, place + 0.5, place + 0.5, str(number))
    for (row, column), colour in _marked_pairs(matrix):
        on.add_patch(
            Rectangle((row + 0.025, column + 0.025), 0.95, 0.95, fill=False, ec=colour, lw=2.6)
        )


def _write_cosine(on: Axes, column: int, row: int, cosine: float) -> None:
    ground = AMOUNTS(_SHADES(cosine))
    write(
        on,
        column + 0.5,
        row + 0.5,
        f"{cosine:z.2f}",
        size=SMALL if on.get_xlim()[1] > 5 else BODY + 1.5,
        colour=readable_on(ground),
        across="center",
    )


def _draw_map(on: Axes, where: Map, matrix: Matrix) -> None:
    """The sentences as numbers; those that would cover each other share a place."""
    middle = (where.points.max(axis=0) + where.points.min(axis=0)) / 2
    half = max(float(np.ptp(where.points, axis=0).max()) * 0.62, 0.05)
    on.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))
    on.set(xticks=(), yticks=(), facecolor=PAPER)
    on.spines[:].set_color(FAINT)
    on.spines[:].set_linewidth(0.8)
    for pair, colour in _marked_pairs(matrix):
        on.plot(*where.points[list(pair)].T, color=colour, linewidth=2, zorder=1)
    inch = 2 * half / (on.bbox.width / on.figure.dpi)
    for label, (across, up) in _grouped(where.points, _NEAR * inch):
        draw_badge(on, across, up, label)


def _grouped(points: Floats, near: float) -> list[tuple[str, Floats]]:
    """Labels and places; points nearer to each other than so much are one."""
    groups: list[list[int]] = []
    for number, point in enumerate(points):
        for group in groups:
            if np.linalg.norm(points[group[0]] - point) < near:
                group.append(number)
                break
        else:
            groups.append([number])
    return [("·".join(str(n + 1) for n in group), points[group[0]]) for group in groups]


def _marked_pairs(matrix: Matrix) -> list[tuple[tuple[int, int], str]]:
    """The most and the least alike pair, if there is more than one, and their colours."""
    pairs = matrix.pairs
    return [(pairs[0], GREEN), (pairs[-1], ORANGE)] if len(pairs) > 1 else []
