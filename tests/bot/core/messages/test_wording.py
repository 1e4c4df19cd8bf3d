"""The bot's own words."""

from __future__ import annotations

import pytest

from bot.core.messages.wording import listed


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["LoRA"], "LoRA"),
        (["LoRA", "BERT"], "LoRA or BERT"),
        (["LoRA", "BERT", "GPT"], "LoRA, BERT or GPT"),
    ],
)
def test_names_are_joined_as_people_do(names: list[str], text: str) -> None:
    assert listed(names) == text
