"""How good a ranking or a decision is, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

DEPTH = 10

_RESAMPLES = 1000

Figures = NDArray[np.float64]


def ndcg(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Normalised discounted cumulative gain of the first ten, relevance being yes or no.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002).
    """
    discounts = 1 / np.log2(np.arange(2, DEPTH + 2))
    gain = sum(
        discount
        for discount, id_ in zip(discounts, ranking[:DEPTH], strict=False)
        if id_ in relevant
    )
    return float(gain / discounts[: len(relevant)].sum())


def auc(positive: Figures, negative: Figures) -> float:
    """Area under the ROC curve: how often a positive scores above a negative."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / 2 / len(negative))


def interval(statistic: Callable[..., float], *samples: Figures) -> tuple[float, float]:
    """95 % bootstrap interval of a statistic; each sample is drawn from by itself."""
    random = np.random.default_rng(0)
    drawn = [
        statistic(*(random.choice(sample, len(sample)) for sample in samples))
        for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)
