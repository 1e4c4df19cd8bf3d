"""How good a ranking is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Vectors

DEPTH = 10


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


def recall(found: Collection[int], nearest: Collection[int]) -> float:
    """The share of the nearest passages that were found."""
    return len(set(found) & set(nearest)) / len(nearest)


def exact_nearest(vectors: Vectors, questions: Vectors, count: int = DEPTH) -> NDArray[np.intp]:
    """The positions of the vectors nearest to each question, by comparing all of them.

    Args:
        vectors: shape (passages, dimensions), all of length 1.
        questions: shape (questions, dimensions).
        count: how many; shape of the result (questions, count), in any order.
    """
    best = [np.argpartition(-(vectors @ question), count - 1)[:count] for question in questions]
    return np.stack(best)
