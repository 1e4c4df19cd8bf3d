"""A person's texts as the model reads them."""

from __future__ import annotations

import pytest

from bot.demonstrations.texts.readings import MOST, read_all, separate
from bot.demonstrations.transformer import Transformer


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (("one | two |three",), ("one", "two", "three")),
        (("one\n\n two  words\r\n",), ("one", "two words")),
        (("one | two", "three"), ("one | two", "three")),
        ((" | \n",), ()),
        ((), ()),
    ],
)
def test_one_text_is_separated_at_bars_and_lines(
    texts: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    assert separate(texts) == parts


def test_the_first_texts_are_read_and_the_rest_is_told(transformer: Transformer) -> None:
    readings = read_all(["A cat."] * 10, transformer, cut=False)

    assert len(readings.all) == MOST
    assert readings.remarks == (f"Only the first {MOST} of 10 sentences are read.",)


@pytest.mark.parametrize(
    ("text", "cut", "said"),
    [
        ("A cat.", False, ()),
        ("A cat.", True, ("The end of the text was left out.",)),
        ("😀 yes", False, ("1 of 4 tokens are unknown to it ([UNK]).",)),
        ("word " * 400, False, ("Of a sentence, 256 tokens are read.",)),
    ],
)
def test_it_is_told_what_is_not_read(
    transformer: Transformer, text: str, cut: bool, said: tuple[str, ...]
) -> None:
    assert read_all([text], transformer, cut=cut).remarks == said
