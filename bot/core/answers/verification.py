"""Draft -> claims: every sentence is checked against the passages before it is released."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from bot.core.answers.answer import Claim, DraftSentence, Verdict
from bot.core.answers.plain_words import LIGHT, NEGATIONS, TURNING
from knowledge.embedding import Vectors
from knowledge.model import Passage
from knowledge.reading import Entailment
from knowledge.sentences import sentences
from knowledge.words import terms

MIN_SIMILARITY = 0.55
"""Cosine of a sentence with the one of the passage that it restates."""

CLOSE = 0.12
"""Sentences of the passage that are this much less similar may be restated with it."""

MIN_SHARE = 0.6
"""Share of a sentence's words that must stand together in the sentences that it restates."""

NEW_WORDS = 3
"""With so many words of its own a sentence is told anew, and may be in another order."""

MIN_SUPPORT = 0.8
"""Probability that a judge of entailment must give."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z\d][\w-]*|[A-Z]{2,}|\w*\d\w*[A-Za-z]\w*)\b")
_CAPITALIZED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+\b")
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being) (?:\w+ )?\w+(?:ed|en|wn|nt|lt|pt) .*\bby\b"
)
_REPORTED = re.compile(
    r"\b(?:say|says|tell|tells|reply|respond|answer|claim|claims|pretend|insist|believe|believes|"
    r"believed|misconception|myth|mistake)\b.*(?:\bthat\b|:|[“\"])",
    re.I,
)
_HEDGED = re.compile(r"\b(?:may|might|could|perhaps|possibly|sometimes|supposedly)\b", re.I)
_DIRECTIONS = frozenset("by than from into".split())
_SCOPE = 4
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")

Embed = Callable[[tuple[str, ...]], Vectors]


class Verifier:
    """Decides for each sentence whether a passage supports it.

    A quoted sentence proves itself. Any other must mean the same as one or two of the passage's
    and bring no fact of its own: no number, name or negation, no telling word that the passage
    lacks, and no two parts of a near copy in each other's place. Similarity alone notices
    none of these. That is strict: many a true sentence in other words is refused too, unless a
    judge of entailment is set.

    Args:
        embed: turns sentences into vectors of length 1; shape (sentences, dimensions).
        entailment: judges sentences that say the same in other words, if there is one.
    """

    def __init__(self, embed: Embed, entailment: Entailment | None = None) -> None:
        self._embed = lru_cache(maxsize=512)(embed)
        self._entailment = entailment

    def check(self, sentence: DraftSentence, passages: Sequence[Passage]) -> Claim:
        """Check one sentence; blocking, as it may embed.

        A sentence that another passage supports than the one it cites is cited anew.

        Args:
            sentence: the draft.
            passages: what its citations number, from 1.

        Returns:
            The claim with the numbers of the passages that support it.
        """
        cited = [number for number in sentence.citations if 0 < number <= len(passages)]
        reason = "it cites no passage" if not sentence.citations else "it cites an unknown passage"
        others = [number for number in range(1, len(passages) + 1) if number not in cited]
        for number in (*cited, *others):
            verdict, found = self._judge(sentence.text, passages[number - 1])
            if verdict is not Verdict.UNSUPPORTED:
                return Claim(sentence.text, (number,), verdict, paragraph=sentence.paragraph)
            if number in cited[:1]:
                reason = found
        return Claim(sentence.text, tuple(cited), Verdict.UNSUPPORTED, reason, sentence.paragraph)

    def _judge(self, sentence: str, passage: Passage) -> tuple[Verdict, str]:
        held = sentences(passage.text)
        if _flat(sentence) in map(_flat, held):
            return Verdict.QUOTED, ""
        close = self._restated(sentence, held)
        source = " ".join((passage.title, *passage.headings, *passage.aliases, *close))
        reason = "" if close else "no sentence of the passage means the same"
        reason = reason or _foreign_fact(sentence, source) or _reported(sentence, close)
        if not reason and self._entailment:
            odds = self._entailment.support(sentence, passage.text)
            reason = "" if odds >= MIN_SUPPORT else "the passage does not entail it"
        elif not reason:
            reason = _other_words(sentence, " ".join(close), source, passage)
        return (Verdict.UNSUPPORTED, reason) if reason else (Verdict.SUPPORTED, "")

    def _restated(self, sentence: str, held: tuple[str, ...]) -> list[str]:
        """The sentences of a passage that another one may restate; empty if none is like it."""
        if not held:
            return []
        similarity = self._embed(held) @ self._embed((sentence,))[0]
        best = float(np.max(similarity))
        if best < MIN_SIMILARITY:
            return []
        return [held[i] for i in np.flatnonzero(similarity > best - CLOSE)]


def _foreign_fact(sentence: str, source: str) -> str:
    """The number or name that a sentence has of its own, as a reason; else empty."""
    numbers = set(_NUMBER.findall(source))
    for number in _NUMBER.findall(sentence):
        if number not in numbers:
            return f"the number {number} is not in the passage"
    words = {word.lower() for word in _WORD.findall(source)}
    for name in _NAME.findall(sentence) + _CAPITALIZED.findall(sentence):
        if not {name.lower(), name.lower().removesuffix("s")} & words:
            return f"the name {name} is not in the passage"
    return ""


def _reported(sentence: str, close: Sequence[str]) -> str:
    """Whether a passage only tells or orders to say what a sentence states, as a reason.

    "Tell everybody that X" lets no model, and no judge of entailment, state X.
    """
    if _REPORTED.search(" ".join(close)) and not _REPORTED.search(sentence):
        return "the passage only says that somebody says so"
    return ""


def _other_words(sentence: str, close: str, source: str, passage: Passage) -> str:
    """Why a sentence's words say something else than those that it restates; else empty."""
    new = set(terms(sentence)) - set(terms(passage.lexical_text)) - LIGHT - NEGATIONS
    if new:
        return f"the word {min(new)} is not in the passage"
    if reservation := _reservation(sentence, close):
        return reservation
    if turning := _turning(sentence) - _turning(close):
        return f"the word {min(turning)} is not in the passage"
    if _share(terms(sentence), terms(source)) < MIN_SHARE:
        return "its words don't stand together in the passage"
    near_copy = len(set(terms(sentence)) - set(terms(source))) < NEW_WORDS
    return "two of its parts changed places" if near_copy and _exchanged(sentence, close) else ""


def _reservation(sentence: str, close: str) -> str:
    """How a passage keeps its distance from what a sentence states; else empty."""
    if _contradicts(sentence, close):
        return "one of sentence and passage is negated"
    if _HEDGED.search(close) and not _HEDGED.search(sentence):
        return "the passage says so with a reservation"
    return ""


def _contradicts(sentence: str, source: str) -> bool:
    """Whether one of two texts negates what the other says plainly."""
    said, denied = _polarity(sentence)
    source_said, source_denied = _polarity(source)
    plain, source_plain = said - denied, source_said - source_denied
    return bool(denied & source_plain or plain & (source_denied - source_said))


def _polarity(text: str) -> tuple[set[str], set[str]]:
    """The terms that a text says plainly, and those within reach of a negation."""
    said: set[str] = set()
    denied: set[str] = set()
    reach = 0
    for word in _WORD.findall(text.lower()):
        if word in NEGATIONS or word.endswith(("n't", "n’t")):
            reach = _SCOPE
        elif found := terms(word):
            (denied if reach else said).update(found)
            reach = max(0, reach - 1)
    return said, denied


def _turning(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if word in TURNING}


def _exchanged(sentence: str, close: str) -> bool:
    """Whether two parts of a near copy stand in each other's place.

    A clause that moved to the front steps back once in the order of the passage's words; two
    parts that changed places around a third step back twice, as a passive does, in which they
    should.
    """
    order = _order(terms(sentence), terms(close))
    steps_back = sum(place > following for place, following in pairwise(order))
    if bool(_PASSIVE.search(sentence)) != bool(_PASSIVE.search(close)):
        return not 1 <= steps_back <= 2
    return steps_back > 1 or bool(_directed(sentence) - _directed(close))


def _directed(text: str) -> set[tuple[str, str]]:
    """The words that point from one part to another, each with the term that they lead to."""
    words = _WORD.findall(text.lower())
    return {
        (word, following[0])
        for place, word in enumerate(words)
        if word in _DIRECTIONS and (following := terms(" ".join(words[place + 1 : place + 5])))
    }


def _order(said: Sequence[str], source: Sequence[str]) -> list[int]:
    """Where the terms of one text stand in another, the nearest place ahead if in several."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(source):
        places.setdefault(term, []).append(place)
    order: list[int] = []
    for term in said:
        if term in places:
            last = order[-1] if order else -1
            ahead = [place for place in places[term] if place > last]
            order.append(min(ahead or places[term], key=lambda place: abs(place - last)))
    return order


def _share(words: Sequence[str], held: Sequence[str]) -> float:
    unique = set(words) - LIGHT
    return len(unique & set(held)) / len(unique) if unique else 1.0


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
