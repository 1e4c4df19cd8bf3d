"""The lexical half of the search."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from knowledge.lexical import (
    LexicalIndex,
    question_terms,
    specific_terms,
    subject_terms,
    terms,
)

TEXTS = [
    "perceptron neuron threshold",
    "neuron neuron layer network depth",
    "tokenizer vocabulary",
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    LexicalIndex.build(TEXTS, tmp_path / "index")
    return LexicalIndex.open(tmp_path / "index")


def test_words_are_stemmed_and_stop_words_left_out() -> None:
    assert terms("The transformers are training a transformer") == terms(
        "transformer trains transform"
    )


@pytest.mark.parametrize(("many", "one"), [("LLMs", "LLM"), ("RNNs", "RNN"), ("GPUs", "GPU")])
def test_the_plural_of_an_abbreviation_is_the_same_term(many: str, one: str) -> None:
    assert terms(many) == terms(one)


@pytest.mark.parametrize(
    "question",
    ["What is attention?", "Explain attention, please", "Tell me the meaning of attention!"],
)
def test_the_words_by_which_people_ask_are_no_terms(question: str) -> None:
    assert question_terms(question) == terms("attention")


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


@pytest.mark.parametrize(
    ("question", "specific"),
    [
        ("What are the advantages of dropout?", "dropout"),
        ("How does dropout differ from weight decay?", "dropout weight decay"),
        ("Give me an example of dropout", "dropout"),
        ("What is dropout used for?", "dropout"),
        ("What is the dropout rate?", "dropout rate"),
        ("How does it work?", ""),
    ],
)
def test_the_kind_of_answer_that_is_wanted_is_not_specific(question: str, specific: str) -> None:
    assert specific_terms(question_terms(question)) == terms(specific)


@pytest.mark.parametrize(
    ("question", "subject"),
    [("What are the pros and cons of dropout?", "dropout"), ("How does it work?", "work")],
)
def test_a_question_without_a_subject_is_about_its_words(question: str, subject: str) -> None:
    assert subject_terms(question_terms(question)) == terms(subject)
