"""A word in several sentences: where it stands, and the vectors that the model gives it there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from bot.core.demonstration import Step
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.texts.excerpts import LONGEST, quoted
from bot.demonstrations.texts.readings import UNKNOWN
from bot.demonstrations.transformer import Floats, Reading, Token, Transformer
from knowledge.words import term_of

Key = tuple[str, ...]
"""How a word or several are spelled, without case, accents and the s of a plural."""


@dataclass(frozen=True)
class Occurrence:
    """A word where it stands.

    Args:
        number: which text it is, counted from 0.
        reading: that text as the model reads it.
        first: the first of its tokens.
        last: the last of them.
    """

    number: int
    reading: Reading
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.reading.tokens[self.first].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.reading.tokens[self.last].end

    @property
    def spelled(self) -> str:
        """As it stands in the text."""
        return self.reading.text[self.start : self.end]

    @property
    def pieces(self) -> tuple[str, ...]:
        """The tokens that it is cut into."""
        tokens = self.reading.tokens[self.first : self.last + 1]
        return tuple(token.piece for token in tokens)

    @property
    def path(self) -> Floats:
        """Its vectors after the embedding and each layer: the mean of its tokens, of length 1.

        Shape (layers + 1, dimensions).
        """
        mean: Floats = self.reading.hidden[:, self.first : self.last + 1].mean(axis=1)
        unit: Floats = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit


@dataclass(frozen=True)
class SharedWord:
    """A word that stands in several places.

    Args:
        spelled: as people write it.
        places: where it stands, in order.
    """

    spelled: str
    places: tuple[Occurrence, ...]

    @property
    def quoted(self) -> str:
        """As it is written in a title."""
        return quoted(self.spelled)

    @property
    def step(self) -> Step:
        """The way to this word: all that follow a word know the option ``word``."""
        return Step(f"The word {self.quoted}", {"word": self.spelled})

    @property
    def at_first(self) -> str:
        """What its vectors differ by before the first layer, as people say it."""
        forms = {place.pieces for place in self.places}
        positions = {place.first for place in self.places}
        match len(forms) > 1, len(positions) > 1:
            case True, True:
                return "only its form and its position differ"
            case True, False:
                return "only its form differs"
            case False, True:
                return "only its position differs"
        return "nothing differs yet"

    @property
    def cosines(self) -> Floats:
        """How alike its vectors in these places are after the embedding and each layer.

        Shape (layers + 1, places, places).
        """
        paths = np.stack([place.path for place in self.places], axis=1)
        return paths @ paths.transpose(0, 2, 1)


def shared_words(readings: Sequence[Reading], *, apart: bool = False) -> tuple[SharedWord, ...]:
    """The words with a meaning of their own that stand in more than one place.

    Those in most places come first, and of these the one whose vectors differ most.

    Args:
        readings: the texts.
        apart: whether two places must be in two texts.
    """
    places: dict[str, list[Occurrence]] = defaultdict(list)
    for number, reading in enumerate(readings):
        for key, first, last in _words(reading.text, reading.tokens):
            place = Occurrence(number, reading, first, last)
            if _tells(place):
                places[key].append(place)
    shared = (_shared(each) for each in places.values() if _several(each, apart=apart))
    return tuple(
        sorted(shared, key=lambda word: (-len(word.places), float(word.cosines[-1].min())))
    )


def find_word(
    word: str, readings: Sequence[Reading], transformer: Transformer, *, apart: bool = False
) -> SharedWord:
    """Find a word, or several in a row, in texts.

    Args:
        word: without regard to case, accents and the s of a plural.
        readings: the texts.
        transformer: cuts the word into tokens.
        apart: whether two places must be in two texts.

    Raises:
        DemonstrationRefused: it doesn't stand in two places.
    """
    wanted = tuple(key for key, _, _ in _words(word, transformer.tokens(word)))
    places = [
        Occurrence(number, reading, first, last)
        for number, reading in enumerate(readings)
        for first, last in _find(wanted, reading)
    ]
    if _several(places, apart=apart):
        return _shared(places)
    where = "no second sentence" if places else "none of the sentences"
    others = ", ".join(other.quoted for other in shared_words(readings, apart=apart)[:3])
    advice = f"Choose another word: {others}" if others else "Write two sentences that have it"
    raise DemonstrationRefused(f"{quoted(word)} stands in {where}. {advice}.")


def _find(wanted: Key, reading: Reading) -> Iterator[tuple[int, int]]:
    words = list(_words(reading.text, reading.tokens))
    for at in range(len(words) - len(wanted) + 1 if wanted else 0):
        found = words[at : at + len(wanted)]
        if tuple(key for key, _, _ in found) == wanted:
            yield found[0][1], found[-1][2]


def _words(text: str, tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Each word's spelling, and its first and last token."""
    for word, group in groupby(range(len(tokens)), lambda number: tokens[number].word):
        if word is not None:
            numbers = list(group)
            yield _key(text, [tokens[number] for number in numbers]), numbers[0], numbers[-1]


def _key(text: str, tokens: Sequence[Token]) -> str:
    pieces = [token.piece.removeprefix("##") for token in tokens]
    word = "".join(pieces)
    if UNKNOWN in pieces:
        word = text[tokens[0].start : tokens[-1].end].casefold()
    singular = word.removesuffix("s")
    return singular if term_of(singular) == term_of(word) else word


def _tells(place: Occurrence) -> bool:
    """Whether the model knows the word and it isn't a mere word of grammar."""
    word = place.spelled
    fits = 1 < len(word) <= LONGEST and any(map(str.isalpha, word))
    return fits and UNKNOWN not in place.pieces and bool(term_of(word))


def _several(places: Sequence[Occurrence], *, apart: bool) -> bool:
    return len({place.number for place in places} if apart else places) > 1


def _shared(places: Sequence[Occurrence]) -> SharedWord:
    """In each text its first place, if it stands in several texts."""
    first = {place.number: place for place in reversed(places)}
    chosen = sorted(first.values(), key=lambda place: place.number)
    spellings = (place.spelled for place in places)
    spelled = min(spellings, key=lambda word: (len(word), not word.islower()))
    return SharedWord(spelled, tuple(chosen) if len(chosen) > 1 else tuple(places))
