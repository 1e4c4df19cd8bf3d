"""The lexical half of the search."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import lexical
from knowledge.lexical import LexicalIndex
from knowledge.words import terms

TEXTS = {
    "a": "perceptron neuron threshold",
    "b": "neuron neuron layer network depth",
    "c": "tokenizer vocabulary",
}
WORDS = "neuron neurons layer LLMs tokenizer gradient softmax the of attention".split()


class Texts:
    """The texts of passages, and which were asked for.

    Args:
        texts: by the passages' ids.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.asked: list[str] = []

    def __call__(self, ids: Sequence[str]) -> dict[str, str]:
        self.asked += ids
        return {id_: self._texts[id_] for id_ in ids}


def build(texts: Mapping[str, str], folder: Path, base: Path | None = None) -> list[str]:
    """Index texts in their order; returns which of them were read."""
    read = Texts(texts)
    LexicalIndex.build(list(texts), read, folder, base)
    return read.asked


def contents(index: LexicalIndex) -> tuple[object, ...]:
    """All that an index answers about the words of the tests."""
    known = sorted({term for word in WORDS for term in terms(word)})
    questions = [[term] for term in known] + [known, known[:2] * 2]
    return (
        index.size,
        [index.scores(question).tolist() for question in questions],
        [index.knows(word) for word in WORDS],
        [index.idf(term) for term in known],
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(TEXTS, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> LexicalIndex:
    return LexicalIndex.open(folder)


def test_scores_are_bm25(index: LexicalIndex) -> None:
    """Robertson and Zaragoza 2009 in Lucene's variant, k1 = 1.5 and b = 0.75."""
    lengths = [3, 5, 2]
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))

    def bm25(frequency: int, length: int) -> float:
        norm = 1.5 * (1 - 0.75 + 0.75 * length / (sum(lengths) / 3))
        return idf * frequency / (frequency + norm)

    scores = index.scores(terms("neuron"))

    assert scores.tolist() == pytest.approx([bm25(1, 3), bm25(2, 5), 0.0], rel=1e-5)


def test_unknown_terms_score_nothing(index: LexicalIndex) -> None:
    assert index.scores(terms("sourdough")).tolist() == [0.0, 0.0, 0.0]
    assert index.scores([]).tolist() == [0.0, 0.0, 0.0]


def test_an_unknown_term_beside_a_known_one_changes_no_score(index: LexicalIndex) -> None:
    known = index.scores(terms("neuron"))

    assert index.scores(terms("sourdough neuron")).tolist() == known.tolist()


def test_the_rarer_a_term_the_more_it_weighs(index: LexicalIndex) -> None:
    common, rare, unseen = (
        index.idf(*terms(word)) for word in ("neuron", "vocabulary", "sourdough")
    )

    assert 0 < common < rare < unseen


def test_an_opened_index_knows_its_size(index: LexicalIndex) -> None:
    assert index.size == len(TEXTS)


@pytest.mark.parametrize("word", ["neuron", "Neurons", "TOKENIZER", "tokenizers", "layered"])
def test_a_word_of_the_texts_is_known_in_any_of_its_forms(index: LexicalIndex, word: str) -> None:
    assert index.knows(word)


@pytest.mark.parametrize("word", ["sourdough", "neurom", "tokeniser"])
def test_a_word_of_no_text_is_unknown(index: LexicalIndex, word: str) -> None:
    assert not index.knows(word)


@pytest.mark.parametrize("word", ["the", "Which", "about"])
def test_a_word_that_says_nothing_is_known(index: LexicalIndex, word: str) -> None:
    assert index.knows(word)


@pytest.mark.parametrize("texts", [{}, {"a": "the of"}, {"a": "", "b": "which"}])
def test_texts_without_a_term_score_nothing(texts: dict[str, str], tmp_path: Path) -> None:
    build(texts, tmp_path)

    scores = LexicalIndex.open(tmp_path).scores(terms("neuron"))

    assert scores.tolist() == [0.0] * len(texts)


def test_only_texts_that_the_base_lacks_are_read(folder: Path, tmp_path: Path) -> None:
    after = {"d": "gradient descent", "c": TEXTS["c"], "a": TEXTS["a"], "e": "softmax"}

    assert build(after, tmp_path / "next", folder) == ["d", "e"]


def test_a_term_that_went_with_its_passage_is_unknown(folder: Path, tmp_path: Path) -> None:
    build({"c": TEXTS["c"]}, tmp_path / "next", folder)

    index = LexicalIndex.open(tmp_path / "next")

    assert not index.knows("perceptron")
    assert index.idf(*terms("perceptron")) == index.idf("sourdough")


def test_texts_are_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "_BATCH", 2)
    build(TEXTS, tmp_path / "batches")
    monkeypatch.undo()
    build(TEXTS, tmp_path / "whole")

    batches, whole = (LexicalIndex.open(tmp_path / name) for name in ("batches", "whole"))

    assert contents(batches) == contents(whole)


def test_an_open_index_stays_when_the_next_is_built_upon_it(folder: Path, tmp_path: Path) -> None:
    index = LexicalIndex.open(folder)
    before = contents(index)

    build({"d": "gradient", "b": TEXTS["b"]}, tmp_path / "next", folder)

    assert contents(index) == before == contents(LexicalIndex.open(folder))


def test_nothing_is_built_upon_an_index_of_another_kind(tmp_path: Path) -> None:
    foreign = bm25s.BM25()
    foreign.index([["neuron"], ["layer"]], show_progress=False)
    foreign.save(tmp_path / "foreign")

    assert build(TEXTS, tmp_path / "next", tmp_path / "foreign") == list(TEXTS)


def test_nothing_is_built_upon_terms_made_by_other_rules(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "rules", lambda: "other rules")

    assert build(TEXTS, tmp_path / "next", folder) == list(TEXTS)


texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
editions = st.lists(texts, unique=True, max_size=8)


@given(st.lists(editions, min_size=2, max_size=5))
def test_any_history_ends_in_the_index_that_is_built_from_nothing(
    history: list[list[str]],
) -> None:
    with TemporaryDirectory() as scratch:
        folders = [Path(scratch, str(number)) for number in range(len(history))]
        build({text: text for text in history[0]}, folders[0])
        for (before, after), passages in zip(pairwise(folders), history[1:], strict=True):
            build({text: text for text in passages}, after, before)
        build({text: text for text in history[-1]}, Path(scratch, "nothing"))

        grown, new = (LexicalIndex.open(Path(scratch, name)) for name in (after.name, "nothing"))

        assert contents(grown) == contents(new)


@given(editions.filter(lambda passages: any(terms(text) for text in passages)))
def test_scores_are_those_of_the_library_bm25s(passages: list[str]) -> None:
    reference = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    reference.index([terms(text) for text in passages], show_progress=False)
    question = sorted({term for text in passages for term in terms(text)})
    with TemporaryDirectory() as scratch:
        build({text: text for text in passages}, Path(scratch))

        scores = LexicalIndex.open(Path(scratch)).scores(question)

    np.testing.assert_allclose(scores, reference.get_scores(question), rtol=1e-5)
