from __future__ import annotations

import numpy as np

from benchmarks.metrics import exact_nearest, recall


def test_recall_is_the_share_of_the_nearest_that_were_found() -> None:
    assert recall([1, 2, 9], [1, 2, 3, 4]) == 0.5


def test_the_exactly_nearest_have_the_greatest_cosines() -> None:
    vectors = np.eye(5, dtype=np.float32)
    question = np.array([[0.1, 0.9, 0.0, 0.4, 0.0]], dtype=np.float32)

    assert set(exact_nearest(vectors, question, 2)[0]) == {1, 3}
