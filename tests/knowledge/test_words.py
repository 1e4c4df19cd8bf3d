"""Which words of a text count for the search."""

from __future__ import annotations

import pytest

from knowledge import words
from knowledge.words import question_terms, rules, specific_terms, subject_terms, terms


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


def test_other_stop_words_are_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules()

    monkeypatch.setattr(words, "_STOP_WORDS", frozenset({"perceptron"}))

    assert rules() != before


def test_the_same_rules_have_the_same_name() -> None:
    assert rules() == rules()
