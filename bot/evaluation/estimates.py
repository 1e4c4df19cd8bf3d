"""Statistics of samples, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 1000

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """One figure with its 95 % bootstrap interval.

    Args:
        value: the figure.
        low: lower end of the interval.
        high: upper end of the interval.
        count: how many samples it rests on.
    """

    value: float
    low: float
    high: float
    count: int


def estimate(statistic: Callable[..., float], *samples: Sequence[float]) -> Figure:
    """A statistic of one or several samples, none of them empty."""
    values = [np.asarray(sample, dtype=np.float64) for sample in samples]
    low, high = interval(statistic, *values)
    return Figure(float(statistic(*values)), low, high, sum(map(len, values)))


def interval(statistic: Callable[..., float], *samples: Values) -> tuple[float, float]:
    """95 % bootstrap interval of a statistic; each sample is drawn from by itself."""
    random = np.random.default_rng(0)
    drawn = [
        statistic(*(random.choice(sample, len(sample)) for sample in samples))
        for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def auc(positive: Values, negative: Values) -> float:
    """Area under the ROC curve: how often a positive scores above a negative."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / 2 / len(negative))


def rejected_at_90_kept(positive: Values, negative: Values) -> float:
    """Share of negatives below the highest threshold that keeps 90 % of the positives."""
    threshold = np.sort(positive)[len(positive) // 10]
    return float(np.mean(negative < threshold))


def p95(values: Values) -> float:
    """What 95 % stay below."""
    return float(np.percentile(values, 95))
