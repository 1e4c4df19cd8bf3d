from __future__ import annotations

import numpy as np
import pytest

from benchmarks import clustered


def test_a_part_is_always_the_same() -> None:
    first, again = (clustered.Clusters(1).draw(5, 10) for _ in range(2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, clustered.Clusters(1).draw(6, 10))


def test_vectors_have_the_length_1() -> None:
    assert np.linalg.norm(clustered.Clusters(1).draw(0, 50), axis=1) == pytest.approx(1, abs=1e-5)


def test_questions_of_the_same_seed_have_nearer_passages() -> None:
    passages = clustered.Clusters(1, count=50).draw(0, 1_000)
    near = clustered.Clusters(1, count=50).draw(1, 100)
    far = clustered.questions(1, 100)["far"]

    assert (near @ passages.T).max(axis=1).mean() > (far @ passages.T).max(axis=1).mean() + 0.1


def test_each_passage_has_an_id_and_a_text_of_its_own() -> None:
    ids = [key.id for key in clustered.keys(10, 100)]

    assert len(set(ids)) == 100
    assert len(set(clustered.texts(ids).values())) == 100
