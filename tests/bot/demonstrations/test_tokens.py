"""How a text is cut into tokens."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.tokens import show_tokens
from bot.demonstrations.tokens.pieces import cut_up
from bot.demonstrations.transformer import Transformer

RARE = "Tokenization is unbelievably simple."


def shown(transformer: Transformer, *texts: str) -> Demonstration:
    return show_tokens(Showing(Kind.TOKENS, texts), transformer)


def test_the_finding_is_the_word_that_splits_most(transformer: Transformer) -> None:
    demonstration = shown(transformer, RARE)
    assert demonstration.title == "“unbelievably” becomes 5 tokens: it isn't in the vocabulary"
    assert "un + ##bel + ##ie + ##va + ##bly" in demonstration.findings[1]
    assert "30,522" in demonstration.findings[1]


def test_tokens_words_and_characters_are_counted(transformer: Transformer) -> None:
    tokens = transformer.tokens(RARE)
    first = shown(transformer, RARE).findings[0]
    assert f"{len(tokens) - 2} tokens for 4 words and 1 sign ({len(RARE)} characters)" in first


def test_the_table_has_each_word_with_its_pieces_and_ids(transformer: Transformer) -> None:
    lines = shown(transformer, RARE).words
    assert re.fullmatch(r"Tokenization +token ##ization +19204 3989", lines[1])
    assert lines[-1].startswith("10 tokens for 4 words")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("hello", "“hello” is one token: the vocabulary has it whole"),
        ("the cat sat", "No word is split: the vocabulary has all 3 words and signs"),
        ("🤖", "The model doesn't know “🤖”: it sees [UNK]"),
        ("人工智能", "The model knows 2 of these 4 words and signs"),
        ("🤖 🚀", "The model knows none of these 2 words and signs"),
        ("x" * 2000, "The model doesn't know “xxxxxxxxxxxxxxxxxxx…”: it sees [UNK]"),
        ("한국어", "“한국어” becomes 8 tokens: it isn't in the vocabulary"),
    ],
)
def test_the_finding_is_true_of_any_text(transformer: Transformer, text: str, title: str) -> None:
    assert shown(transformer, text).title == title


def test_what_is_unknown_is_explained(transformer: Transformer) -> None:
    findings = shown(transformer, "人工智能 is unbelievably good").findings
    assert findings[-1].startswith("[UNK] stands for “工”, “能”")


def test_two_texts_are_compared_by_their_tokens_a_word(transformer: Transformer) -> None:
    demonstration = shown(transformer, "The cat sat.", "Die Katze schlief.")
    one, other = (
        f"{(len(transformer.tokens(text)) - 2) / 3:.1f}"
        for text in ("The cat sat.", "Die Katze schlief.")
    )
    assert demonstration.title == (f"The first text needs {one} tokens a word, the second {other}")
    assert sum(line.startswith("word ") for line in demonstration.words) == 2


def test_two_texts_that_need_as_much_are_not_told_apart(transformer: Transformer) -> None:
    assert shown(transformer, "a cat", "a dog").title == "Both texts need 1.0 tokens a word"


def test_a_long_text_is_cut_in_the_picture_and_that_is_said(transformer: Transformer) -> None:
    demonstration = shown(transformer, "antidisestablishmentarianism rules " * 40)
    assert "The picture shows the first 54 tokens." in demonstration.note
    assert "The model reads no more than 256 tokens." in demonstration.note
    assert "at least 254 tokens" in demonstration.findings[0]


def test_what_is_shown_ends_with_a_whole_word(transformer: Transformer) -> None:
    pieces = cut_up("unbelievably " * 5, transformer)
    assert pieces.first(12).tokens == 10
    assert pieces.first(3).tokens == 5
    assert pieces.first(99) == pieces


@pytest.mark.parametrize("texts", [(), ("\u200b",), ("hello", "\u200b")])
def test_a_text_of_which_nothing_is_read_is_refused(
    transformer: Transformer, texts: tuple[str, ...]
) -> None:
    with pytest.raises(DemonstrationRefused, match="Write some words"):
        shown(transformer, *texts)


def test_the_picture_is_small_and_of_the_wished_format(transformer: Transformer) -> None:
    long = "Unbelievably, antidisestablishmentarianism is tokenized hyperparametrically. " * 9
    png = shown(transformer, long, "الذكاء الاصطناعي يتعلم من البيانات. " * 9).picture
    svg = show_tokens(Showing(Kind.TOKENS, ("hello",)), transformer, ImageFormat.SVG).picture
    assert png.startswith(b"\x89PNG")
    assert len(png) < 300_000
    assert b"<svg" in svg


@settings(max_examples=8, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_any_text_is_shown_or_refused(transformer: Transformer, text: str) -> None:
    try:
        demonstration = shown(transformer, text)
    except DemonstrationRefused:
        return
    assert demonstration.picture.startswith(b"\x89PNG")
    assert len(demonstration.title) <= 80
    assert len(demonstration.words) <= 40
    assert all(len(line) <= 100 for line in demonstration.words)
