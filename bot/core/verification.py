"""Draft -> claims: every sentence is checked against the passages before it is released."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from bot.core.answer import Claim, DraftSentence, Verdict
from knowledge.embedding import Vectors
from knowledge.lexical import terms
from knowledge.model import Passage
from knowledge.sentences import sentences

MIN_SIMILARITY = 0.55
"""Cosine of a sentence with the one of the passage that it restates."""

CLOSE = 0.12
"""Sentences of the passage that are this much less similar may be restated with it."""

MIN_SHARE = 0.6
"""Share of a sentence's words that must stand together in the sentences that it restates."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z\d][\w-]*|[A-Z]{2,}|\w*\d\w*[A-Za-z]\w*)\b")
_CAPITALIZED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+\b")
_SMALL_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand "
    "million billion trillion half third quarter double triple twice once none few several less "
    "fewer more most least always never one first second last all every each both some any only "
    "before after above below under over up down higher lower larger smaller".split()
)
"""Words that retrieval passes over, but that turn a statement into another one."""

_LIGHT = frozenset(
    terms(
        "able allow allows also another apply applied approach based become called can case "
        "commonly different enable enables ensure especially example far first form general "
        "generally give gives help helps important include includes involve involves it kind known "
        "like main make makes mean means method model much new often one order part particular "
        "process provide provides refer refers result second simply since so still such take "
        "takes technique thing thus type typically use used uses using usually various way well "
        "within without work works"
    )
)
"""Words that carry no fact of their own."""

_NEGATIONS = frozenset(
    "not no never none neither nor cannot without lack lacks fail fails hardly".split()
)
_SCOPE = 4
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")

Embed = Callable[[tuple[str, ...]], Vectors]


class Verifier:
    """Decides for each sentence whether a passage supports it.

    A quoted sentence proves itself. Any other must mean the same as one of the passage's and
    bring no fact of its own: no number, name or negation, and no telling word that the passage
    lacks. Similarity alone notices none of these. What it can't notice is two parts of a
    sentence that changed places.

    Args:
        embed: turns sentences into vectors of length 1; shape (sentences, dimensions).
    """

    def __init__(self, embed: Embed) -> None:
        self._embed = lru_cache(maxsize=512)(embed)

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
        if _flat(sentence) in map(_flat, sentences(passage.text)):
            return Verdict.QUOTED, ""
        reason = _foreign(sentence, passage) or self._different(sentence, passage)
        return (Verdict.UNSUPPORTED, reason) if reason else (Verdict.SUPPORTED, "")

    def _different(self, sentence: str, passage: Passage) -> str:
        """Why a sentence doesn't mean the same as any of the passage; empty if one does."""
        held = sentences(passage.text)
        if not held:
            return "the passage holds no sentence"
        similarity = self._embed(held) @ self._embed((sentence,))[0]
        best = float(np.max(similarity))
        if best < MIN_SIMILARITY:
            return "no sentence of the passage means the same"
        close = " ".join(held[i] for i in np.flatnonzero(similarity > best - CLOSE))
        if _contradicts(sentence, close):
            return "one of sentence and passage is negated"
        if small := _small_words(sentence) - _small_words(close):
            return f"the word {min(small)} is not in the passage"
        if _share(terms(sentence), terms(f"{passage.title} {close}")) < MIN_SHARE:
            return "its words don't stand together in the passage"
        return ""


def _foreign(sentence: str, passage: Passage) -> str:
    """Why a sentence says more than its passage: a number, a name or a word of its own."""
    source = passage.lexical_text
    numbers = set(_NUMBER.findall(source))
    for number in _NUMBER.findall(sentence):
        if number not in numbers:
            return f"the number {number} is not in the passage"
    words = {word.lower() for word in _WORD.findall(source)}
    for name in _NAME.findall(sentence) + _CAPITALIZED.findall(sentence):
        if not {name.lower(), name.lower().removesuffix("s")} & words:
            return f"the name {name} is not in the passage"
    new = set(terms(sentence)) - set(terms(source)) - _LIGHT - _NEGATIONS
    return f"the word {min(new)} is not in the passage" if new else ""


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
        if word in _NEGATIONS or word.endswith(("n't", "n’t")):
            reach = _SCOPE
        elif found := terms(word):
            (denied if reach else said).update(found)
            reach = max(0, reach - 1)
    return said, denied


def _small_words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if word in _SMALL_WORDS}


def _share(words: Sequence[str], held: Sequence[str]) -> float:
    unique = set(words) - _LIGHT
    return len(unique & set(held)) / len(unique) if unique else 1.0


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
