"""What the attention heads of a model do with a text: where each looks, and which one tells most.

Heads that look at the token before, at the token itself or at a separator, where they rest, are
described by Clark et al., "What Does BERT Look At?" (2019), https://arxiv.org/abs/1906.04341.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.demonstrations.transformer import Floats, Reading, Token
from knowledge.words import term_of

Mask = NDArray[np.bool_]


class Habit(StrEnum):
    """What a head looks at, whatever the words are."""

    CLS = "[CLS]"
    SEP = "[SEP]"
    ITSELF = "the token itself"
    BEFORE = "the token before"
    AFTER = "the token after"


@dataclass(frozen=True)
class Attending:
    """One token's attention to another.

    Args:
        row: the number of the token that looks.
        column: the number of the token that is looked at.
        share: of the attention of the first, from 0 to 1.
    """

    row: int
    column: int
    share: float


@dataclass(frozen=True)
class Head:
    """One head's attention.

    Args:
        layer: counted from 1.
        number: within its layer, counted from 1.
        reading: the text and its tokens.
    """

    layer: int
    number: int
    reading: Reading

    @property
    def looks(self) -> Floats:
        """How much each token (row) looks at each (column)."""
        looks: Floats = self.reading.attention[self.layer - 1, self.number - 1]
        return looks

    @cached_property
    def habits(self) -> dict[Habit, float]:
        """The share of the text's own tokens' attention that goes to each place, in the mean."""
        rows = self.looks[1:-1]
        count = len(rows)
        inner = rows[:, 1:-1]
        return {
            Habit.CLS: float(rows[:, 0].mean()),
            Habit.SEP: float(rows[:, -1].mean()),
            Habit.ITSELF: float(np.trace(inner)) / count,
            Habit.BEFORE: float(np.trace(inner, offset=-1)) / count,
            Habit.AFTER: float(np.trace(inner, offset=1)) / count,
        }

    @property
    def habit(self) -> Habit | None:
        """Where more than half of the attention goes, if there is such a place."""
        habit = max(self.habits, key=self.habits.__getitem__)
        return habit if self.habits[habit] > 0.5 else None

    def looks_at_most(self, mask: Mask) -> list[Attending]:
        """What tokens look at more than at anything else, if the mask allows it; greatest first."""
        best = self.looks.argmax(axis=1)
        looks = (
            Attending(row, int(column), float(self.looks[row, column]))
            for row, column in enumerate(best)
            if mask[row, column]
        )
        return sorted(looks, key=lambda look: -look.share)


def heads_of(reading: Reading) -> list[Head]:
    """All heads of all layers."""
    layers, heads = reading.attention.shape[:2]
    return [Head(layer + 1, n + 1, reading) for layer in range(layers) for n in range(heads)]


def telling(reading: Reading) -> Mask:
    """Which looks tell something: rows and columns.

    Those of a word at a word with a meaning of its own that is neither the same nor beside it. A
    text that has none: at any other token of the text; of a single token: at itself.
    """
    return next(mask for mask in _masks(reading) if mask.any())


def contrast(head: Head, mask: Mask) -> float:
    """How much a head tells: the greatest look of each row that the mask allows, in the mean.

    A look counts as its share plus what the token in question gets more than from the others, as
    a head of which all tokens look at the same one says little about any of them.
    """
    rows = mask.any(axis=1)
    usual = head.looks[1:-1].mean(axis=0)
    return float(np.where(mask, 2 * head.looks - usual, 0)[rows].max(axis=1).mean())


def between_words(reading: Reading) -> Mask:
    """Looks of the text's own tokens at others of them."""
    own = np.array([not token.special for token in reading.tokens])
    mask: Mask = own[:, None] & own[None, :] & ~np.eye(len(own), dtype=bool)
    return mask


def _masks(reading: Reading) -> Iterator[Mask]:
    words = np.array([-1 if token.word is None else token.word for token in reading.tokens])
    own = words >= 0
    spoken = np.array([_spoken(token) for token in reading.tokens])
    content = np.array([_content(reading, token) for token in reading.tokens])
    apart = np.abs(words[:, None] - words[None, :]) > 1
    yield spoken[:, None] & content[None, :] & apart
    yield between_words(reading)
    yield np.diag(own)


def _spoken(token: Token) -> bool:
    return not token.special and any(map(str.isalnum, token.piece))


def _content(reading: Reading, token: Token) -> bool:
    """Whether a token begins a word that isn't one of mere grammar."""
    begins = _spoken(token) and not token.piece.startswith("##")
    return begins and bool(term_of(reading.text[token.start : token.end]))
