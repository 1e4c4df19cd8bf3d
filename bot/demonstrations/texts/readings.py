"""A person's texts as the model reads them, and what is to be said about that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.demonstrations.transformer import MAX_TOKENS, Reading, Transformer

MOST = 8
"""How many texts are read."""

UNKNOWN = "[UNK]"
"""The token that stands for all that the vocabulary lacks."""


@dataclass(frozen=True)
class Readings:
    """Texts that were read.

    Args:
        all: one after the other.
        remarks: what was left out, and what the model doesn't know.
    """

    all: tuple[Reading, ...]
    remarks: tuple[str, ...]


def separate(texts: Sequence[str]) -> tuple[str, ...]:
    """One text into its lines, or the parts between “|”; several are taken as they are."""
    if len(texts) != 1:
        return tuple(texts)
    parts = (" ".join(part.split()) for part in re.split(r"[|\n]", texts[0]))
    return tuple(filter(None, parts))


def read_all(texts: Sequence[str], transformer: Transformer, *, cut: bool) -> Readings:
    """Read the first texts.

    Args:
        texts: all of them.
        transformer: reads them.
        cut: whether something was left out before.
    """
    readings = tuple(transformer.read(text) for text in texts[:MOST])
    return Readings(readings, tuple(_remarks(readings, len(texts), cut=cut)))


def _remarks(readings: Sequence[Reading], count: int, *, cut: bool) -> Iterator[str]:
    pieces = [token.piece for reading in readings for token in reading.tokens]
    if unknown := pieces.count(UNKNOWN):
        yield f"{unknown} of {len(pieces)} tokens are unknown to it ({UNKNOWN})."
    if count > len(readings):
        yield f"Only the first {len(readings)} of {count} sentences are read."
    if any(len(reading.tokens) == MAX_TOKENS for reading in readings):
        yield f"Of a sentence, {MAX_TOKENS} tokens are read."
    if cut:
        yield "The end of the text was left out."
