"""Do the articles answer a question?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from knowledge.calibration import DEFAULT, Calibration
from knowledge.model import Coverage, Passage
from knowledge.words import terms

TERMS_WEIGHT = 0.5
MOST_CERTAIN = 5.0
"""Log-odds beyond which a reader is no surer."""


def decide(
    dense: float, share: float, answer: float | None = None, calibration: Calibration = DEFAULT
) -> Coverage:
    """Decide whether a question is covered.

    No signal suffices alone: a cosine similarity doesn't notice that the one word that matters
    is missing, and words match without being on the subject. Both fail where the articles are on
    the subject but don't say what is asked; there only reading tells, which in turn is easily
    deceived by a text on another subject.

    Args:
        dense: the best exact cosine similarity of question and passage.
        share: see :func:`share_of_terms`.
        answer: log-odds that a passage answers the question, if they were read.
        calibration: what must be reached.
    """
    score, threshold = dense + TERMS_WEIGHT * share, calibration.subject
    if answer is not None:
        certain = min(max(answer, -MOST_CERTAIN), MOST_CERTAIN)
        score, threshold = score + calibration.reading * certain, calibration.answer
    return Coverage(score >= threshold, score, dense, share, answer, threshold)


def share_of_terms(
    question: Sequence[str], passages: Sequence[Passage], idf: Callable[[str], float]
) -> float:
    """The share of a question's idf mass that the passage which holds most of it holds, 0 to 1.

    Args:
        question: the question's terms; a word that no article holds counts fully.
        passages: the best passages.
        idf: weight of a term.
    """
    weights = {term: idf(term) for term in question}
    total = sum(weights.values())
    return max((_mass(weights, passage) / total for passage in passages if total), default=0.0)


def _mass(weights: dict[str, float], passage: Passage) -> float:
    present = set(terms(passage.lexical_text))
    return sum(weight for term, weight in weights.items() if term in present)
