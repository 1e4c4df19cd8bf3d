"""Do the articles hold what a question asks about?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.lexical import terms
from knowledge.model import Coverage, Passage

THRESHOLD = 0.70
TERMS_WEIGHT = 0.5


def decide(
    dense: float,
    question: Sequence[str],
    passages: Sequence[Passage],
    idf: Callable[[str], float],
) -> Coverage:
    """Decide whether a question is covered.

    Neither signal suffices alone: a cosine similarity doesn't notice that the one word that
    matters is missing, and words match without being on the subject.

    Args:
        dense: the best exact cosine similarity of question and passage.
        question: the question's terms.
        passages: the best passages; the one that holds most of the question counts.
        idf: weight of a term.
    """
    weights = {term: idf(term) for term in question}
    total = sum(weights.values())
    share = max((_mass(weights, passage) / total for passage in passages if total), default=0.0)
    score = dense + TERMS_WEIGHT * share
    return Coverage(score >= THRESHOLD, score, dense, share)


def _mass(weights: dict[str, float], passage: Passage) -> float:
    present = set(terms(passage.lexical_text))
    return sum(weight for term, weight in weights.items() if term in present)
