"""Gradient descent with the member's learning rate, beside rates that are too small, right and
too large.

A line is fitted to twelve points by least squares. That loss is quadratic, so its curvature tells
beforehand what each rate will do: descent converges below 2 / the largest curvature, and fastest
at 2 / (the largest + the smallest). Source: Nocedal and Wright, "Numerical Optimization" (2006),
chapter 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.core.demonstration import Demonstration, ImageFormat, Showing, Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.training.picture import Column, Landscape, draw_training

Floats = NDArray[np.float64]

INPUTS = np.array([-0.3, -0.2, -0.1, 0.1, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9, 1.0, 1.3])
TARGETS = np.array([0.11, 0.28, 0.2, 0.77, 0.85, 1.2, 1.14, 1.72, 1.58, 1.97, 1.9, 2.51])
"""The points that the line is fitted to."""

MAX_STEPS = 1_000
CONVERGED = 0.01
"""With a smaller share of the loss left, above the least possible, descent has converged."""

_LARGEST = 1e300
_FAR = 1e6
_FEATURES = np.column_stack([INPUTS, np.ones(len(INPUTS))])
_CURVATURES = np.linalg.eigvalsh(2 * _FEATURES.T @ _FEATURES / len(INPUTS))
_BEST = np.linalg.lstsq(_FEATURES, TARGETS, rcond=None)[0]
_START = np.array([0.0, 1.8])

LIMIT = float(2 / _CURVATURES[-1])
"""Above this rate descent diverges."""

SMALL, RIGHT, LARGE = (
    round(rate, 2) for rate in (LIMIT / 40, 2 / float(_CURVATURES.sum()), 1.1 * LIMIT)
)
"""The rates beside the member's own."""

_DEFAULT = "0.3"
_ALIKE = 1.15
_DRAWN = 30
_TOLD = (1, 2, 3, 5, 10, 20, 30, 100, 300, MAX_STEPS)
_SMALL_PRINT = (
    f"Gradient descent fits a line to {len(INPUTS)} points. ○ start, + least loss, grey lines: "
    "equal loss. Dashed: 1 % of the loss at the start, above the least, is left; it has converged."
)
_QUESTION = "What does the learning rate do in gradient descent?"


@dataclass(frozen=True)
class Descent:
    """What a learning rate did.

    Args:
        rate: the learning rate.
        path: slope and intercept at the start and after each step; shape (steps + 1, 2).
        left: which share of the loss is left then, above the least possible; shape (steps + 1,).
    """

    rate: float
    path: Floats = field(repr=False)
    left: Floats = field(repr=False)

    @property
    def steps(self) -> int | None:
        """After how many steps it has converged, if it has."""
        there = np.flatnonzero(self.left < CONVERGED)
        return int(there[0]) if self.rate < LIMIT and len(there) else None

    @property
    def on_the_edge(self) -> bool:
        """Whether the rate is the limit itself."""
        return math.isclose(self.rate, LIMIT)

    @property
    def diverges(self) -> bool:
        """Whether it leads away from the minimum in the end."""
        return self.rate > LIMIT and not self.on_the_edge

    @property
    def verdict(self) -> str:
        """What became of it, in two or three words."""
        if self.diverges:
            return "diverges"
        if self.on_the_edge:
            return "never settles"
        return "too slow" if self.steps is None else f"{_steps(self.steps)}"


def show_training(showing: Showing, format_: ImageFormat = ImageFormat.PNG) -> Demonstration:
    """Show what a learning rate does, next to others.

    Args:
        showing: the rate is its option ``rate``, or else its text; 0.3 without either.
        format_: what to write the picture as.

    Raises:
        DemonstrationRefused: that is no rate.
    """
    mine = descend(_rate(showing))
    others = [descend(rate) for rate in (SMALL, RIGHT, LARGE) if not _alike(rate, mine.rate)]
    runs = sorted([mine, *others], key=lambda run: run.rate)
    title, findings = _title(mine), _findings(mine)
    landscape = Landscape(loss, _BEST, CONVERGED)
    columns = [_column(run, mine=run is mine) for run in runs]
    return Demonstration(
        title=title,
        picture=draw_training(title, columns, landscape, _SMALL_PRINT, format_),
        alt=f"{len(runs)} learning rates side by side: the path of each on the contour lines of "
        f"the loss, and the loss per step. {findings[0]}",
        findings=findings,
        words=_words(runs, mine),
        question=_QUESTION,
        note=f"Computed just now: plain gradient descent fits a line to {len(INPUTS)} points by "
        f"least squares. It has converged when less than {_share(CONVERGED)} of the loss at the "
        "start is left, above the least possible.",
        steps=_ways_on(mine.rate),
    )


def loss(slope: Floats, intercept: Floats) -> Floats:
    """The mean squared error of each line; slopes and intercepts have the same shape."""
    errors = np.multiply.outer(slope, INPUTS) + intercept[..., None] - TARGETS
    mean: Floats = np.square(errors).mean(axis=-1)
    return mean


def descend(rate: float) -> Descent:
    """Go down from a flat line, step by step, until all steps are made or it is lost."""
    line, path = _START, [_START]
    with np.errstate(over="ignore", invalid="ignore"):
        while len(path) <= MAX_STEPS and np.abs(line).max() < _FAR:
            gradient = 2 * _FEATURES.T @ (_FEATURES @ line - TARGETS) / len(INPUTS)
            line = line - rate * gradient
            path.append(line)
        walked = np.array(path)
        least = loss(*_BEST)
        left = (loss(*walked.T) - least) / (loss(*_START) - least)
    return Descent(rate, walked, np.nan_to_num(left, nan=np.inf, posinf=np.inf).clip(min=0))


def _rate(showing: Showing) -> float:
    text = showing.options.get("rate") or next(iter(showing.texts), _DEFAULT)
    try:
        rate = float(text.replace(",", "."))
    except ValueError:
        rate = math.nan
    if not 0 < rate <= _LARGEST:
        shown = text if len(text) <= 30 else f"{text[:30]}…"
        raise DemonstrationRefused(
            f"“{shown}” is no learning rate: write one number above 0, such as 0.3."
        )
    return rate


def _alike(rate: float, other: float) -> bool:
    return max(rate, other) < _ALIKE * min(rate, other)


def _title(run: Descent) -> str:
    rate = _number(run.rate)
    if run.diverges:
        return f"{rate} diverges: above {_number(LIMIT)} every step overshoots more"
    if run.on_the_edge:
        return f"{rate} never settles: every step overshoots by what it was off"
    if run.steps is None:
        left = _share(float(run.left[-1])) if run.left[-1] < 0.9995 else "nearly all"
        return f"{rate} is too small: {left} of the loss is left after {_steps(MAX_STEPS)}"
    return f"{rate} converges in {_steps(run.steps)}"


def _findings(run: Descent) -> tuple[str, ...]:
    along, across = (_number(1 - run.rate * curvature, digits=3) for curvature in _CURVATURES)
    right = descend(RIGHT)
    return (
        f"{_title(run)}.",
        f"Each step multiplies the error across the valley by {across} and along it by {along}.",
        f"{_number(RIGHT)} takes {right.verdict}, and everything above {_number(LIMIT)} diverges.",
    )


def _column(run: Descent, *, mine: bool) -> Column:
    roles = {SMALL: "too small", RIGHT: "just right", LARGE: "too large"}
    return Column(
        heading=_number(run.rate),
        role="yours" if mine else roles[run.rate],
        verdict=run.verdict,
        path=_drawable(run.path[: _DRAWN + 1]),
        left=run.left[: _DRAWN + 1].clip(max=_FAR),
        settles=run.rate < LIMIT and not run.on_the_edge,
        highlighted=mine,
    )


def _drawable(path: Floats) -> Floats:
    """The path with what is very far away pulled nearer, in the same direction."""
    finite = np.nan_to_num(path)
    distances = np.abs(finite).max(axis=1, keepdims=True)
    nearer: Floats = finite * np.minimum(1, _FAR / np.maximum(distances, 1))
    return nearer


def _words(runs: Sequence[Descent], mine: Descent) -> tuple[str, ...]:
    """Which share of the loss is left after so many steps, a column for each rate."""
    rows = [["rate", *(_number(run.rate) + (" (yours)" if run is mine else "") for run in runs)]]
    rows += ([f"after {_steps(step)}", *(_left_after(step, run) for run in runs)] for step in _TOLD)
    rows += [["verdict", *(run.verdict for run in runs)]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return (
        "How much of the loss is left, above the least possible:",
        *(_aligned(row, widths) for row in rows),
    )


def _left_after(step: int, run: Descent) -> str:
    known = step < len(run.left) and math.isfinite(run.left[step])
    return _share(float(run.left[step])) if known else "lost"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def _ways_on(rate: float) -> tuple[Step, ...]:
    wanted = {"Ten times smaller": rate / 10, "Twice as large": rate * 2, "Just right": RIGHT}
    return tuple(
        Step(f"{label}: {_number(other)}", {"rate": f"{other:.9g}"})
        for label, other in wanted.items()
        if 0 < other <= _LARGEST and not math.isclose(other, rate)
    )


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"


def _share(share: float) -> str:
    """How much of the loss is left: 12.5 %, 40 times, < 0.001 %."""
    if share >= 10:
        return f"{_number(share, digits=3)} times"
    return "< 0.001 %" if share < 1e-5 else f"{_number(100 * share, digits=3)} %"


def _number(value: float, *, digits: int = 9) -> str:
    """A number as people write it: 0.3, 1,250 or 2.5 × 10^12."""
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        text = f"{float(f'{value:.{digits}g}'):,.9g}"
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{float(mantissa):g} × 10^{int(exponent)}"
    return text.replace("-", "−")
