"""Words that are fit to be a question."""

from __future__ import annotations

import re
import unicodedata

from bot.core.errors import QuestionRefused
from bot.core.messages import wording

MAX_CHARACTERS = 2_000


def admit(text: str) -> str:
    """Clean a question and refuse what cannot be one.

    Returns:
        The text on one line, without control and formatting characters.

    Raises:
        QuestionRefused: it is empty or too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise QuestionRefused(wording.TOO_LONG.format(length=len(text), limit=MAX_CHARACTERS))
    cleaned = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in unicodedata.normalize("NFC", text)
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co")
    )
    cleaned = re.sub(r"\s+", " ", cleaned).strip()
    if not any(letter.isalnum() for letter in cleaned):
        raise QuestionRefused(wording.EMPTY_QUESTION)
    return cleaned
