"""Reading the best of the found passages closely: which sentence answers the question?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.model import FoundAnswer, FoundPassage, Passage
from knowledge.reading import Reader
from knowledge.sentences import sentences
from knowledge.words import terms

PASSAGES = 3
"""How many of the best passages are looked at."""

WINDOWS = 3
"""How many windows of them are read at most: each takes milliseconds."""

ENOUGH = 2.0
"""Log-odds of an answer after which no further window is read."""

WINDOW_CHARACTERS = 400

_RANK_COST = 0.1
"""What a window of the next passage must hold more of the question to be read before."""


_ASKING = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|"
    r"should|will|would|has|have|had)\b",
    re.I,
)
_SHOWING = re.compile(r"\b(?:examples?|instance|illustrate)\b", re.I)


@dataclass(frozen=True)
class _Window:
    passage: Passage
    sentences: tuple[str, ...]
    promise: float

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def sentence_at(self, offset: int) -> str:
        """The sentence at an offset of the text."""
        end = 0
        for sentence in self.sentences:
            end += len(sentence) + 1
            if offset < end:
                return sentence
        return self.sentences[-1]


def is_readable(question: str) -> bool:
    """Whether it asks for something that a sentence can say, and not for an example."""
    return bool(_ASKING.search(question)) and not _SHOWING.search(question)


def find_answer(
    reader: Reader,
    question: str,
    found: Sequence[FoundPassage],
    weights: Mapping[str, float],
) -> FoundAnswer | None:
    """Find the sentence that answers a question; blocking.

    The windows that hold most of the question are read, until one holds the answer.

    Args:
        reader: reads them.
        question: a self-contained question.
        found: the passages, best first.
        weights: the question's terms and how much each tells.

    Returns:
        The best answer, however unlikely; ``None`` if there is nothing to read.
    """
    windows = [
        window
        for rank, hit in enumerate(found[:PASSAGES])
        for window in _windows(hit.passage, rank, weights)
    ]
    windows.sort(key=lambda window: -window.promise)
    best: FoundAnswer | None = None
    for window in windows[:WINDOWS]:
        reading = reader.answering(question, window.text)
        if best is None or reading.score > best.score:
            sentence = window.sentence_at(reading.start)
            best = FoundAnswer(window.passage.id, sentence, reading.score)
        if best.score >= ENOUGH:
            break
    return best


def _windows(passage: Passage, rank: int, weights: Mapping[str, float]) -> Iterator[_Window]:
    """A passage in pieces that are read at a time, with how much of the question each holds."""
    title = set(terms(passage.title))
    for piece in _pieces(sentences(passage.text)):
        held = title.union(*map(terms, piece))
        mass = sum(weight for term, weight in weights.items() if term in held)
        total = sum(weights.values()) or 1.0
        yield _Window(passage, piece, mass / total - _RANK_COST * rank)


def _pieces(whole: Sequence[str]) -> Iterator[tuple[str, ...]]:
    piece: list[str] = []
    for sentence in whole:
        if piece and sum(map(len, piece)) + len(sentence) > WINDOW_CHARACTERS:
            yield tuple(piece)
            piece = []
        piece.append(sentence)
    if piece:
        yield tuple(piece)
