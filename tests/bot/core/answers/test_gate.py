"""Words that are fit to be a question."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers.gate import MAX_CHARACTERS, admit
from bot.core.errors import QuestionRefused


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\x00\x07", "\u200b\u200d\ufeff"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(QuestionRefused, match="is empty"):
        admit(text)


@pytest.mark.parametrize("text", ["?", "?!…", "---", "“”", "🙂", "<<>>"])
def test_punctuation_alone_is_refused(text: str) -> None:
    with pytest.raises(QuestionRefused, match="is empty"):
        admit(text)


def test_a_refusal_shows_what_a_question_looks_like() -> None:
    with pytest.raises(QuestionRefused, match=r"What is self-attention\?"):
        admit("")


def test_control_characters_part_words_but_do_not_stay() -> None:
    assert admit("What\x00is\x1b self-attention\x07?") == "What is self-attention ?"


def test_invisible_characters_are_taken_out_of_words() -> None:
    assert admit("self\u200b-atten\u00adtion\ufeff\u202e") == "self-attention"


def test_lines_become_one() -> None:
    assert admit(" What is\r\n\u2028 self-attention \t?\n") == "What is self-attention ?"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert admit("re\u0301sume\u0301") == "r\u00e9sum\u00e9"


def test_lone_surrogates_are_taken_out() -> None:
    assert admit("LoRA\ud83d?") == "LoRA?"


def test_other_scripts_stay() -> None:
    assert admit("自注意力机制是什么？") == "自注意力机制是什么？"


def test_a_question_of_the_largest_length_is_admitted() -> None:
    assert admit("a" * MAX_CHARACTERS) == "a" * MAX_CHARACTERS


def test_a_longer_question_is_refused() -> None:
    with pytest.raises(QuestionRefused):
        admit("a" * (MAX_CHARACTERS + 1))


def test_the_refusal_of_a_long_question_names_its_length_and_the_limit() -> None:
    with pytest.raises(QuestionRefused, match=rf"100,000 characters.* {MAX_CHARACTERS:,}\b"):
        admit("a" * 100_000)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_what_is_admitted_is_one_line_without_control_characters(text: str) -> None:
    try:
        admitted = admit(text)
    except QuestionRefused:
        return
    assert admitted == " ".join(admitted.split())
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in admitted)
