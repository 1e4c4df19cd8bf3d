"""The coverage decision is fitted to labelled questions."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from bot.core.errors import ExplainerError
from bot.evaluation.calibrating import FEWEST, KEPT, Fit, fit
from bot.evaluation.labels import LabelledQuestion
from knowledge.base import OpenEdition
from knowledge.coverage import decide
from knowledge.model import Evidence

COUNT = 200


@dataclass(frozen=True)
class _Edition:
    """Finds for each question what it was told to: its id, as a cosine and log-odds."""

    signals: dict[str, tuple[float, float | None]]

    def corrected(self, question: str) -> str:
        return question

    def retrieve(self, question: str) -> Evidence:
        dense, answer = self.signals[question]
        return Evidence(question, (), decide(dense, 0.0, answer), 1)


def _fit(rows: list[tuple[bool, float, float | None]]) -> Fit:
    asked = [
        LabelledQuestion(id=str(n), question=f"Question {n}?", answerable=answerable)
        for n, (answerable, *_) in enumerate(rows)
    ]
    signals: dict[str, Any] = {f"Question {n}?": row[1:] for n, row in enumerate(rows)}
    return fit(asked, cast("OpenEdition", _Edition(signals)))


def _rows(subject: float, reading: float) -> list[tuple[bool, float, float | None]]:
    """Questions of which the answerable ones are higher by so much in each signal."""
    chance = random.Random(0)  # noqa: S311 - the same in every run
    return [
        (
            answerable,
            chance.gauss(0.6 + subject * answerable, 0.1),
            chance.gauss(reading * answerable, 2),
        )
        for answerable in (True, False)
        for _ in range(COUNT)
    ]


def test_enough_of_the_answerable_questions_stay_covered() -> None:
    found = _fit(_rows(subject=0.1, reading=4.0))

    assert found.kept >= KEPT
    assert found.rejected > 0.6
    assert found.questions == 2 * COUNT


def test_a_reader_that_knows_more_weighs_more() -> None:
    telling = _fit(_rows(subject=0.1, reading=5.0)).calibration.reading
    vague = _fit(_rows(subject=0.1, reading=1.0)).calibration.reading
    blind = _fit(_rows(subject=0.1, reading=-1.0)).calibration.reading

    assert telling > vague > blind == 0.0


def test_the_reader_rejects_what_similarity_lets_pass() -> None:
    rows = _rows(subject=0.0, reading=6.0)
    unread = _fit([(answerable, dense, 0.0) for answerable, dense, _ in rows])

    assert _fit(rows).rejected > unread.rejected + 0.3


def test_questions_that_nobody_read_have_a_threshold_of_their_own() -> None:
    named: list[tuple[bool, float, float | None]] = [(True, 0.1, None)] * COUNT
    alone, beside = _fit(_rows(0.1, 4.0)), _fit([*named, *_rows(0.1, 4.0)])

    assert beside.calibration.subject < alone.calibration.subject
    assert replace(beside.calibration, subject=0.0) == replace(alone.calibration, subject=0.0)
    assert (beside.kept, beside.rejected) == (alone.kept, alone.rejected)


@pytest.mark.parametrize(("answerable", "others"), [(FEWEST - 1, COUNT), (COUNT, FEWEST - 1)])
def test_too_few_questions_are_refused(answerable: int, others: int) -> None:
    rows: list[tuple[bool, float, float | None]] = [(True, 0.8, 3.0)] * answerable
    rows += [(False, 0.3, -3.0)] * others

    with pytest.raises(ExplainerError, match="Too few questions"):
        _fit(rows)
