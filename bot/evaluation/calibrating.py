"""Fits the coverage decision to labelled questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.core.errors import ExplainerError
from bot.evaluation.labels import LabelledQuestion
from knowledge.base import OpenEdition
from knowledge.calibration import Calibration
from knowledge.coverage import MOST_CERTAIN, TERMS_WEIGHT
from knowledge.model import Coverage

KEPT = 0.9
"""Share of the answerable questions that must stay covered."""

FEWEST = 20
"""Labelled questions of each kind without which nothing can be fitted."""


@dataclass(frozen=True)
class Fit:
    """A calibration, and what it does on the questions that it was fitted on.

    Args:
        calibration: the figures.
        questions: how many questions they were fitted on.
        kept: share of the answerable ones that are covered.
        rejected: share of the others that are not.
    """

    calibration: Calibration
    questions: int
    kept: float
    rejected: float


def fit(questions: Sequence[LabelledQuestion], edition: OpenEdition) -> Fit:
    """Fit to those questions whose passages are read; blocking.

    A logistic regression weighs the reader against the other signals. The threshold keeps
    :data:`KEPT` of the answerable questions, or more where that rejects as many.

    Args:
        questions: labelled ones.
        edition: what they are asked against.

    Raises:
        ExplainerError: there are too few of them.
    """
    decisions = [
        edition.retrieve(edition.corrected(asked.question)).coverage for asked in questions
    ]
    labels = np.array([asked.answerable for asked in questions], dtype=bool)
    read = np.array([decision.answer is not None for decision in decisions], dtype=bool)
    answerable = labels[read]
    if min(answerable.sum(), (~answerable).sum()) < FEWEST:
        raise ExplainerError(
            f"Too few questions to calibrate with: {FEWEST} answerable and {FEWEST} unanswerable "
            "ones are needed that ask for more than a topic."
        )
    signals = np.array([_signals(decision) for decision in decisions])
    weights = LogisticRegression(class_weight="balanced").fit(signals[read], answerable).coef_[0]
    reading = max(0.0, float(weights[1] / weights[0]))
    scores = signals[read, 0] + reading * signals[read, 1]
    threshold = _threshold(scores, answerable)
    return Fit(
        Calibration(_threshold(signals[:, 0], labels), reading, threshold),
        len(answerable),
        float((scores[answerable] >= threshold).mean()),
        float((scores[~answerable] < threshold).mean()),
    )


def _signals(decision: Coverage) -> tuple[float, float]:
    answer = min(max(decision.answer or 0.0, -MOST_CERTAIN), MOST_CERTAIN)
    return decision.dense + TERMS_WEIGHT * decision.terms, answer


def _threshold(scores: np.ndarray, answerable: np.ndarray) -> float:
    """The threshold that tells the two best apart among those that keep enough."""
    highest = float(np.quantile(scores[answerable], 1 - KEPT))
    candidates = np.unique(scores[scores <= highest])
    gains = [
        (scores[answerable] >= cut).mean() + (scores[~answerable] < cut).mean()
        for cut in candidates
    ]
    return float(candidates[int(np.argmax(gains))])
