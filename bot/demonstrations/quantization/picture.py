"""A matrix in fewer and fewer bits: what becomes of its weights, and what is left of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.lettering import SMALL, fitted
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    titled,
    write,
    written,
)

EXACT = 32
"""Bits of a weight of which nothing is rounded."""

KEPT = 0.6
"""A text with a smaller cosine to its exact vector has lost its meaning."""

_HEADING, _ROW, _HISTOGRAM, _FOOT = 0.5, 0.84, 0.64, 0.1
_LABELS, _SHAPES, _GAP, _TRACK = 0.95, 2.4, 0.18, 0.06
_LINE = 0.17
_REACH = 1.06
_FEW = 0.05
_ALIKE = "to each other"
_SILHOUETTE, _EMPTY = "#D9DCDF", "#E4E2DC"
_WIDTHS = {8: 0.8, 4: 5.0, 2: 9.0}


@dataclass(frozen=True)
class Histogram:
    """Where weights are.

    Args:
        places: from −1, minus the largest weight of a row, to 1.
        shares: of all weights, at each place.
    """

    places: NDArray[np.float64]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class Variant:
    """The model in so many bits.

    Args:
        bits: for each weight.
        megabytes: all its matrices take.
        histogram: of the weights of one matrix.
        cosines: of each text's vector to the exact one.
        alike: the cosine similarity of two texts, if there are two.
    """

    bits: int
    megabytes: float
    histogram: Histogram = field(repr=False)
    cosines: tuple[float, ...]
    alike: float | None

    @property
    def exact(self) -> bool:
        """Whether nothing is rounded."""
        return self.bits == EXACT

    @property
    def values(self) -> tuple[float, ...]:
        """All cosines: of each text to its exact vector, and of two to each other."""
        return self.cosines if self.alike is None else (*self.cosines, self.alike)

    @property
    def levels(self) -> int | None:
        """How many values a weight of a row can have, unless it is exact."""
        return None if self.exact else len(self.histogram.places)

    @property
    def zeros(self) -> float:
        """Which share of the weights is 0; of exact ones none."""
        return 0.0 if self.exact else float(self.histogram.shares[len(self.histogram.places) // 2])


def cosine(value: float) -> str:
    """A cosine with three decimals, or four where three would make it 1."""
    digits = 4 if 0.9995 <= value < 1 else 3
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def draw_quantization(
    title: str,
    variants: Sequence[Variant],
    texts: Sequence[str],
    small: str,
    format_: ImageFormat,
) -> bytes:
    """Draw a row for each number of bits.

    Args:
        title: the finding.
        variants: the exact one first.
        texts: one or two, which the cosines are of.
        small: the small print.
        format_: what to write it as.

    Returns:
        The bytes of the file.
    """
    head = _LINE * len(texts) + _HEADING
    card = titled(title, head + _ROW * len(variants) + _FOOT, small=small)
    canvas = card.canvas()
    columns = _columns(card.width, len(texts))
    _write_texts(canvas, texts, card.width)
    _headings(canvas, columns, head)
    for number, variant in enumerate(variants):
        top = head + _ROW * number
        _label(canvas, variant, top)
        _histogram(card.axes(_LABELS, top, _SHAPES, _HISTOGRAM), variant, variants[0].histogram)
        for column, value in zip(columns, variant.values, strict=True):
            _value(canvas, column, value, top)
    _scale(canvas, head + _ROW * len(variants))
    return written(card.figure, format_)


@dataclass(frozen=True)
class _Column:
    """Where numbers stand: their left edge, and how wide their bars are."""

    heading: str
    x: float
    width: float

    @property
    def alike(self) -> bool:
        return self.heading == _ALIKE


def _columns(width: float, texts: int) -> list[_Column]:
    headings = ["text 1", "text 2", _ALIKE] if texts > 1 else [""]
    start = _LABELS + _SHAPES + 2 * _GAP
    each = (width - start + _GAP) / len(headings)
    return [
        _Column(heading, start + number * each, each - _GAP)
        for number, heading in enumerate(headings)
    ]


def _write_texts(canvas: Axes, texts: Sequence[str], width: float) -> None:
    for number, text in enumerate(texts):
        mark = f"{number + 1}  " if len(texts) > 1 else ""
        words = fitted(f"{mark}“{text}”", width, SMALL)
        write(canvas, 0, 0.05 + _LINE * number, words, size=SMALL)


def _headings(canvas: Axes, columns: Sequence[_Column], y: float) -> None:
    middle = _LABELS + _SHAPES / 2
    words = "weights of the matrix"
    write(canvas, middle, y - 0.25, words, size=SMALL, colour=GREY, across="center")
    words = "cosine to the exact vector"
    write(canvas, columns[0].x, y - 0.25, words, size=SMALL, colour=GREY)
    for column in columns:
        write(canvas, column.x, y - 0.07, column.heading, size=SMALL, colour=GREY)


def _label(canvas: Axes, variant: Variant, top: float) -> None:
    levels = "exact" if variant.exact else f"{variant.levels} levels"
    write(canvas, 0, top + 0.16, f"{variant.bits} bits", size=11, weight="bold")
    write(canvas, 0, top + 0.37, levels, size=SMALL)
    write(canvas, 0, top + 0.55, f"{variant.megabytes:.1f} MB", size=SMALL)


def _histogram(axes: Axes, variant: Variant, exact: Histogram) -> None:
    """The levels that are left, before the shape of the exact weights."""
    heights = exact.shares / exact.shares.max()
    colour = FAINT if variant.exact else _SILHOUETTE
    axes.fill_between(exact.places, heights, color=colour, linewidth=0, zorder=1)
    if not variant.exact:
        levels = variant.histogram
        heights = levels.shares / levels.shares.max()
        axes.vlines(levels.places, 0, heights, BLUE, linewidth=_WIDTHS[variant.bits], zorder=2)
        if variant.zeros > _FEW:
            words = f"{100 * variant.zeros:.0f} % are 0"
            write(axes, 1, 0.86, words, size=SMALL, across="right")
    axes.set(xlim=(-_REACH, _REACH), ylim=(0, 1.02), xticks=[], yticks=[])
    axes.patch.set_visible(False)
    for side, spine in axes.spines.items():
        spine.set(color=FAINT, linewidth=0.8, visible=side == "bottom")


def _value(canvas: Axes, column: _Column, value: float, top: float) -> None:
    """A number above a bar of its length."""
    lost = not column.alike and value < KEPT
    colour = ORANGE if lost else GREEN if column.alike else BLUE
    number = cosine(value)
    ink = ORANGE if lost else INK
    write(canvas, column.x, top + 0.28, number, size=12, weight="bold", colour=ink)
    for length, fill in ((1.0, _EMPTY), (min(max(value, 0.0), 1.0), colour)):
        bar = Rectangle((column.x, top + 0.46), column.width * length, _TRACK, facecolor=fill)
        canvas.add_patch(bar)


def _scale(canvas: Axes, y: float) -> None:
    half = _SHAPES / 2
    for place, words in ((-1, "−1"), (0, "0"), (1, "1")):
        x = _LABELS + half + place * half / _REACH
        write(canvas, x, y - 0.08, words, size=SMALL, colour=GREY, across="center")
