"""The picture of what was found: a table of bars, and below it the sum that decides."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from bot.core.demonstration import ImageFormat
from bot.demonstrations.drawing.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    ORANGE,
    SMALL,
    VIOLET,
    Weight,
    fitted,
    titled,
    write,
    written,
)

_ROW, _HEADER, _ASKED, _GAP = 0.27, 0.3, 0.3, 0.3
_LABEL, _COLUMN, _BETWEEN, _VALUE = 2.85, 1.02, 0.11, 0.36
_BAR = 0.15
_COLOURS = {"meaning": BLUE, "words": ORANGE, "together": GREEN, "reading": VIOLET}


@dataclass(frozen=True)
class Row:
    """A passage and its scores.

    Args:
        label: which passage.
        meaning: the cosine of its vector and the question's.
        words: BM25.
        together: both, 0 to 1.
    """

    label: str
    meaning: float
    words: float
    together: float


@dataclass(frozen=True)
class Part:
    """What adds to the sum that decides; ``label`` is the line beside its bar."""

    name: str
    label: str
    amount: float


@dataclass(frozen=True)
class Decision:
    """Whether a question is covered: the parts, their sum, and what it had to reach."""

    parts: tuple[Part, ...]
    score: float
    threshold: float
    covered: bool

    @property
    def verdict(self) -> str:
        """The decision in a word or two."""
        return "Covered" if self.covered else "Not covered"


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Args:
        title: the finding.
        question: what was asked.
        rows: the passages in order.
        by: the column whose order it is.
        decision: whether the question is covered.
        note: the small print.
    """

    title: str
    question: str
    rows: tuple[Row, ...]
    by: str
    decision: Decision
    note: str


@dataclass(frozen=True)
class _Column:
    """Scores of one kind; ``full`` is the score of the longest possible bar."""

    name: str
    heading: str
    values: list[float]
    full: float
    digits: int


@dataclass(frozen=True)
class _Bar:
    """A bar of the decision, from an amount to another."""

    label: str
    start: float
    end: float
    value: str
    colour: str


def draw_retrieval(scene: Scene, format_: ImageFormat) -> bytes:
    """Draw a scene; returns the bytes of the file."""
    table = _ASKED + _HEADER + len(scene.rows) * _ROW
    height = table + _GAP + _HEADER + (len(scene.decision.parts) + 1) * _ROW + _HEADER
    card = titled(scene.title, height, small=scene.note)
    sheet = card.canvas()
    write(sheet, 0, 0.05, fitted(f"“{scene.question}”", card.width), colour=GREY)
    _draw_table(sheet, scene, _ASKED)
    _draw_decision(sheet, scene.decision, table + _GAP)
    return written(card.figure, format_)


def _draw_table(on: Axes, scene: Scene, top: float) -> None:
    write(on, 0, top + _HEADER / 2, "Passages found", weight="bold")
    for number, row in enumerate(scene.rows):
        write(on, 0, top + _HEADER + (number + 0.5) * _ROW, fitted(row.label, _LABEL))
    words = [row.words for row in scene.rows]
    columns = (
        _Column("meaning", "meaning (cosine)", [row.meaning for row in scene.rows], 1.0, 2),
        _Column("words", "words (BM25)", words, max(*words, 1.0), 1),
        _Column("together", "together", [row.together for row in scene.rows], 1.0, 2),
    )
    for number, column in enumerate(columns):
        left = _LABEL + _BETWEEN + number * (_COLUMN + _BETWEEN)
        _draw_column(on, left, top, column, ordered=column.name == scene.by)


def _draw_column(on: Axes, left: float, top: float, column: _Column, *, ordered: bool) -> None:
    """Bars with their values; the column that the rows are in order of has a bold heading."""
    colour = _COLOURS[column.name]
    weight: Weight = "bold" if ordered else "normal"
    write(on, left, top + _HEADER / 2, column.heading, size=SMALL, weight=weight, colour=colour)
    bars = []
    for number, value in enumerate(column.values):
        middle = top + _HEADER + (number + 0.5) * _ROW
        length = max(value, 0) / column.full * (_COLUMN - _VALUE)
        bars.append(Rectangle((left, middle - _BAR / 2), length, _BAR))
        text = f"{value:z.{column.digits}f}"
        write(on, left + length + 0.05, middle, text, size=SMALL)
    on.add_collection(PatchCollection(bars, facecolor=colour, edgecolor="none"))


def _draw_decision(on: Axes, decision: Decision, top: float) -> None:
    """Each part begins where the one before ends; the last bar is the sum."""
    write(on, 0, top + _HEADER / 2, "Is it covered?", weight="bold")
    bars = _bars(decision)
    ends = [amount for bar in bars for amount in (bar.start, bar.end)]
    low, high = min(ends), max(*ends, decision.threshold)
    left, right = _LABEL + _BETWEEN, on.get_xlim()[1] - _VALUE - _BETWEEN
    inch = (right - left) / ((high - low) or 1.0)

    def across(amount: float) -> float:
        return left + (amount - low) * inch

    for number, bar in enumerate(bars):
        middle = top + _HEADER + (number + 0.5) * _ROW
        first, last = sorted((across(bar.start), across(bar.end)))
        write(on, 0, middle, fitted(bar.label, _LABEL))
        on.add_patch(Rectangle((first, middle - _BAR / 2), last - first, _BAR, color=bar.colour))
        write(on, on.get_xlim()[1], middle, bar.value, across="right")
    needed, bottom = across(decision.threshold), top + _HEADER + len(bars) * _ROW
    for x, colour in ((across(0), FAINT), (needed, INK)):
        on.plot((x, x), (top + _HEADER * 0.8, bottom), color=colour, linewidth=1.2)
    write(on, needed, bottom + 0.1, f"needed {decision.threshold:z.2f}", across="center")


def _bars(decision: Decision) -> list[_Bar]:
    end = 0.0
    bars = []
    for part in decision.parts:
        start, end = end, end + part.amount
        bars.append(_Bar(part.label, start, end, f"{part.amount:+z.2f}", _COLOURS[part.name]))
    bars.append(_Bar("sum", 0.0, decision.score, f"{decision.score:z.2f}", INK))
    return bars
