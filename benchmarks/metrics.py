"""How good a ranking is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

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
