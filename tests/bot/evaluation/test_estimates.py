"""Statistics and their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from bot.evaluation.estimates import auc, estimate, p95, rejected_at_90_kept


def values(*numbers: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(numbers, dtype=np.float64)


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ((3, 4), (1, 2), 1.0),
        ((1, 2), (3, 4), 0.0),
        ((1, 3), (2, 2), 0.5),
        ((2,), (2,), 0.5),
        ((2, 4), (1, 3, 3), 4 / 6),
    ],
)
def test_auc_is_how_often_a_positive_scores_above_a_negative(
    positive: tuple[float, ...], negative: tuple[float, ...], area: float
) -> None:
    assert auc(values(*positive), values(*negative)) == pytest.approx(area)


def test_the_threshold_keeps_nine_of_ten_and_rejects_what_is_below() -> None:
    positive = values(1, 5, 6, 7, 8, 9, 10, 11, 12, 13)
    assert rejected_at_90_kept(positive, values(0, 4, 5, 6)) == 0.5


def test_few_positives_are_all_kept() -> None:
    assert rejected_at_90_kept(values(5, 6, 7), values(4, 5)) == 0.5


def test_ninety_five_percent_stay_below_the_95th_percentile() -> None:
    assert p95(values(*range(101))) == 95


def test_an_estimate_counts_its_samples_and_lies_in_its_interval() -> None:
    figure = estimate(np.mean, [0.0, 1.0, 1.0, 0.0, 1.0])
    assert figure.value == pytest.approx(0.6)
    assert figure.count == 5
    assert 0 <= figure.low < figure.value < figure.high <= 1


def test_more_samples_make_an_interval_narrower() -> None:
    few, many = estimate(np.mean, [0.0, 1.0] * 5), estimate(np.mean, [0.0, 1.0] * 200)
    assert many.high - many.low < (few.high - few.low) / 2


def test_an_interval_is_the_same_in_every_run() -> None:
    samples = [0.0, 0.25, 1.0]
    assert estimate(np.mean, samples) == estimate(np.mean, samples)
