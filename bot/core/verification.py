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
MIN_TERMS = 0.5

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z\d][\w-]*|[A-Z]{2,}|\w*\d\w*[A-Za-z]\w*)\b")
_CAPITALIZED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+\b")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|n't|\w+n't|fails? to|lacks?)\b", re.I
)

Embed = Callable[[tuple[str, ...]], Vectors]


class Verifier:
    """Decides for each sentence whether a passage supports it.

    A quoted sentence proves itself. Any other must mean the same as a sentence of the passage
    and bring no number, name or negation of its own: similarity alone doesn't notice these.

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
        reason = _foreign(sentence, passage)
        return (Verdict.UNSUPPORTED, reason) if reason else self._compare(sentence, passage)

    def _compare(self, sentence: str, passage: Passage) -> tuple[Verdict, str]:
        held = sentences(passage.text)
        if not held:
            return Verdict.UNSUPPORTED, "the passage holds no sentence"
        similarity = self._embed(held) @ self._embed((sentence,))[0]
        nearest = int(np.argmax(similarity))
        if similarity[nearest] < MIN_SIMILARITY:
            return Verdict.UNSUPPORTED, "no sentence of the passage means the same"
        close = " ".join(held[i] for i in np.flatnonzero(similarity > similarity[nearest] - 0.1))
        if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(held[nearest])):
            return Verdict.UNSUPPORTED, "one of sentence and passage is negated"
        if _share(terms(sentence), terms(f"{passage.title} {close}")) < MIN_TERMS:
            return Verdict.UNSUPPORTED, "most of its words are not in the passage"
        return Verdict.SUPPORTED, ""


def _foreign(sentence: str, passage: Passage) -> str:
    """Why a sentence says more than its passage: a number or a name of its own."""
    source = f"{passage.lexical_text}".lower()
    numbers = set(_NUMBER.findall(source))
    for number in _NUMBER.findall(sentence):
        if number not in numbers:
            return f"the number {number} is not in the passage"
    for name in _NAME.findall(sentence) + _CAPITALIZED.findall(sentence):
        if name.lower().rstrip("s") not in source:
            return f"the name {name} is not in the passage"
    return ""


def _share(words: Sequence[str], held: Sequence[str]) -> float:
    unique = set(words)
    return len(unique & set(held)) / len(unique) if unique else 0.0


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
