from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpus import Corpus
from benchmarks.generated import Quarry, WordsEmbedder, article, generate, name_of

QUARRY = Quarry(
    ("Gravity", "Tides"),
    tuple(f"Heading {number}" for number in range(9)),
    tuple(f"Sentence {number} says what number {number} is about." for number in range(200)),
)


def test_the_same_seed_writes_the_same_articles() -> None:
    assert article(QUARRY, 3, seed=1) == article(QUARRY, 3, seed=1)
    assert article(QUARRY, 3, seed=1) != article(QUARRY, 3, seed=2)


def test_no_two_articles_share_a_title_or_a_text(tmp_path: Path) -> None:
    generate(QUARRY, tmp_path, 200)

    articles = list(Corpus(tmp_path).articles())
    assert len({each.title for each in articles}) == 200
    assert len({each.text_id for each in articles}) == 200


def test_a_hundred_thousand_articles_have_names_of_their_own() -> None:
    assert len({name_of(number) for number in range(100_000)}) == 100_000


def test_articles_are_as_long_as_written_ones(tmp_path: Path) -> None:
    generate(QUARRY, tmp_path, 50)

    for _, text in Corpus(tmp_path).texts():
        assert 350 <= len(text.split()) <= 1_000
        assert 4 <= text.count("\n## ") <= 7


def test_a_quarry_is_what_articles_say_taken_apart(tmp_path: Path) -> None:
    (tmp_path / "tides.md").write_text(
        "---\ntitle: Tides\n---\n\n## Causes\n\nThe moon pulls. The sea rises. It falls.\n"
    )

    quarry = Quarry.of(Corpus(tmp_path))
    assert quarry == Quarry(("Tides",), ("Causes",), ("The moon pulls.", "The sea rises."))


def test_texts_with_common_words_are_near() -> None:
    tides, moon, bread = WordsEmbedder().embed_passages(
        ["the tides of the sea", "the sea and its tides", "bread is baked of flour"]
    )

    assert tides @ moon > 0.9
    assert tides @ bread < 0.5
    assert np.linalg.norm(tides) == pytest.approx(1, abs=1e-5)
