"""Do the articles that answer a question come first?"""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from bot.evaluation.measuring import DEPTH, Asked

MEASURES = {
    nDCG @ DEPTH: "retrieval.ndcg@10",
    R @ 5: "retrieval.recall@5",
    RR @ DEPTH: "retrieval.mrr@10",
}


def ranking_samples(asked: Sequence[Asked]) -> dict[str, list[float]]:
    """Ranking measures of each answerable question with relevant articles."""
    labelled = [one for one in asked if one.label.answerable and one.label.relevant]
    relevant = {str(n): dict.fromkeys(one.label.relevant, 1) for n, one in enumerate(labelled)}
    # The measures order by score, and the scores of two articles can be equal.
    rankings = {
        str(n): {id_: -float(rank) for rank, id_ in enumerate(one.ranking)}
        for n, one in enumerate(labelled)
    }
    samples: dict[str, list[float]] = {name: [] for name in MEASURES.values()}
    for metric in ir_measures.iter_calc(list(MEASURES), relevant, rankings):
        samples[MEASURES[metric.measure]].append(float(metric.value))
    return samples
