"""What somebody wants to see."""

from __future__ import annotations

import pytest

from bot.core.demonstration import Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.talk.showing import (
    EXAMPLES,
    MAX_CHARACTERS,
    MAX_TEXTS,
    demonstration_of,
    remark_on,
    step_code,
    step_options,
    understood,
)


@pytest.mark.parametrize(
    ("words", "texts", "options"),
    [
        ("Hello world", ("Hello world",), {}),
        ("one | two", ("one", "two"), {}),
        ("one\ntwo\n\n", ("one", "two"), {}),
        ("layer=3 head=7 The cat", ("The cat",), {"layer": "3", "head": "7"}),
        ("The cat view=all", ("The cat",), {"view": "all"}),
        ("layer=3 The cat head=2", ("The cat",), {"layer": "3", "head": "2"}),
        ("a layer=3 b", ("a layer=3 b",), {}),
        ("x=1 y", ("x=1 y",), {}),
        ("🙂", ("🙂",), {}),
        ("a\ud800b\x00\tc", ("ab c",), {}),
    ],
)
def test_words_are_texts_and_options(
    words: str, texts: tuple[str, ...], options: dict[str, str]
) -> None:
    assert understood("tokens", words) == Showing(Kind.TOKENS, texts, options)


@pytest.mark.parametrize("words", ["", "  ", "|", "layer=3", "\u200b", "\n|\n"])
def test_where_there_is_nothing_to_show_an_example_says_how(words: str) -> None:
    with pytest.raises(DemonstrationRefused, match="/show tokens"):
        understood("tokens", words)


@pytest.mark.parametrize("kind", ["training", "quantization"])
def test_some_need_no_words(kind: str) -> None:
    assert understood(kind, "").texts == ()


def test_an_unknown_demonstration_names_those_that_there_are() -> None:
    with pytest.raises(DemonstrationRefused, match=r"“dance”.*tokens, attention"):
        understood("dance", "Hello")


def test_a_long_text_is_cut_and_says_so() -> None:
    shown = understood("tokens", "word " * 2_000)
    assert shown.cut
    assert sum(map(len, shown.texts)) <= MAX_CHARACTERS


def test_no_more_texts_are_shown_than_there_is_room_for() -> None:
    shown = understood("similarity", " | ".join("abcdefghijklm"))
    assert shown.cut
    assert len(shown.texts) == MAX_TEXTS


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_an_example_that_is_understood(kind: Kind) -> None:
    assert understood(kind, " | ".join(EXAMPLES[kind])) == Showing(kind, EXAMPLES[kind])


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("tokenization", Kind.TOKENS),
        ("self-attention", Kind.ATTENTION),
        ("cosine-similarity", Kind.SIMILARITY),
        ("contextual-embeddings", Kind.LAYERS),
        ("gradient-descent", Kind.TRAINING),
        ("quantization", Kind.QUANTIZATION),
        ("temperature", Kind.SAMPLING),
    ],
)
def test_topics_have_the_demonstration_that_shows_them(topic: str, kind: Kind) -> None:
    assert demonstration_of(topic) == Showing(kind, EXAMPLES[kind])


def test_retrieval_is_shown_on_the_question_itself() -> None:
    question = "What is BM25?"
    assert demonstration_of("bm25", question) == Showing(Kind.RETRIEVAL, (question,))


def test_most_topics_have_none() -> None:
    assert demonstration_of("data-lake") is None


@pytest.mark.parametrize(
    ("kind", "model", "told"),
    [
        (Kind.TOKENS, "packaged", False),
        (Kind.TOKENS, "intfloat/e5-small", True),
        (Kind.QUANTIZATION, "/models/mine", True),
        (Kind.RETRIEVAL, "intfloat/e5-small", False),
        (Kind.TRAINING, "intfloat/e5-small", False),
    ],
)
def test_it_is_told_where_another_model_searches_the_articles(
    kind: Kind, model: str, told: bool
) -> None:
    assert bool(remark_on(kind, model)) is told


def test_the_options_of_a_step_fit_into_a_button() -> None:
    options = {"layer": "3", "head": "12", "view": "head"}
    assert step_options(step_code(options)) == options
    assert len(step_code(options)) < 60


@pytest.mark.parametrize(("code", "options"), [("", {}), ("=", {}), ("A=1", {}), ("a=", {"a": ""})])
def test_whatever_a_button_holds_is_read(code: str, options: dict[str, str]) -> None:
    assert step_options(code) == options
