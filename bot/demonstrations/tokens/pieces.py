"""The words of a text and the tokens that each is cut into."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, takewhile

from bot.demonstrations.transformer import MAX_TOKENS, Token, Transformer

UNKNOWN = "[UNK]"
_LONGEST = 20


@dataclass(frozen=True)
class Word:
    """A word, number or sign.

    Args:
        spelled: as it stands in the text.
        tokens: its pieces.
    """

    spelled: str
    tokens: tuple[Token, ...]

    @property
    def spoken(self) -> bool:
        """Whether it is more than a mere sign."""
        return any(map(str.isalnum, self.spelled))

    @property
    def unknown(self) -> bool:
        """Whether the vocabulary has no pieces for it."""
        return self.tokens[0].piece == UNKNOWN

    @property
    def quoted(self) -> str:
        """As it is written in a sentence, cut if it is endless."""
        cut = len(self.spelled) > _LONGEST
        return f"“{self.spelled[: _LONGEST - 1] + '…' if cut else self.spelled}”"


@dataclass(frozen=True)
class Pieces:
    """A text in tokens.

    Args:
        text: the text.
        words: its words in order.
        whole: whether the model reads the text to its end.
    """

    text: str
    words: tuple[Word, ...]
    whole: bool

    @property
    def tokens(self) -> int:
        """How many, without those that the model adds."""
        return sum(len(word.tokens) for word in self.words)

    @property
    def spoken(self) -> int:
        """How many words there are that are more than signs."""
        return sum(word.spoken for word in self.words)

    @property
    def rate(self) -> float:
        """Tokens a word; signs count as words where there is nothing else."""
        return self.tokens / (self.spoken or len(self.words))

    @property
    def longest(self) -> Word:
        """The word with the most pieces, the first one of several."""
        return max(self.words, key=lambda word: len(word.tokens))

    @property
    def unknown(self) -> tuple[Word, ...]:
        """The words that the vocabulary has no pieces for."""
        return tuple(word for word in self.words if word.unknown)

    def first(self, most: int) -> Pieces:
        """As many of the first words as have no more than so many tokens; at least one."""
        cuts = (Pieces(self.text, self.words[:n], False) for n in range(1, len(self.words) + 1))
        fitting = list(takewhile(lambda cut: cut.tokens <= most, cuts))
        if not fitting:
            return Pieces(self.text, self.words[:1], False)
        return self if len(fitting) == len(self.words) else fitting[-1]


def cut_up(text: str, transformer: Transformer) -> Pieces:
    """Cut a text as the model does; what it can't see, such as control characters, has no word."""
    tokens = transformer.tokens(text)
    inner = (token for token in tokens if not token.special)
    words = []
    for _, group in groupby(inner, key=lambda token: token.word):
        pieces = tuple(group)
        words.append(Word(text[pieces[0].start : pieces[-1].end], pieces))
    return Pieces(text, tuple(words), len(tokens) < MAX_TOKENS)
