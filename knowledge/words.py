"""Words: which of a text count for the search, and in which form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

_WORD = re.compile(r"\b\w\w+\b")
_ASKING = frozenset(
    "tell explain describe define definition mean means meaning please give know want need "
    "say tl dr eli5 briefly short simple simply words hey hi hello thanks".split()
)
_STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)
_NOT_ASKED = _STOP_WORDS | _ASKING
_REMEMBERED_WORDS = 1 << 15

_PLURAL = re.compile(r"([A-Z][A-Z\d]+|[b-df-hj-np-tv-xz]{3,})s")
"""Abbreviations in the plural, which the stemmer leaves as they are: LLMs, GPUs, rnns."""


_stemmer = Stemmer.Stemmer("english")


@lru_cache(_REMEMBERED_WORDS)
def _stem(word: str) -> str:
    singular = match[1] if (match := _PLURAL.fullmatch(word)) else word
    return str(_stemmer.stemWord(singular.lower()))


@lru_cache(_REMEMBERED_WORDS)
def term_of(word: str) -> str:
    """A word's stem; empty for a stop word."""
    return "" if word.lower() in _STOP_WORDS else _stem(word)


def stems(words: Iterable[str]) -> list[str]:
    """Words in lower case, without their endings."""
    return [_stem(word) for word in words]


def terms(text: str) -> list[str]:
    """The words of a text that carry its subject, stemmed, in order."""
    return [term for word in _WORD.findall(text) if (term := term_of(word))]


def question_terms(question: str) -> list[str]:
    """Like :func:`terms`, without the words by which people merely ask."""
    return stems(word for word in _WORD.findall(question) if word.lower() not in _NOT_ASKED)


def subject_terms(question: Sequence[str]) -> list[str]:
    """The terms of a question without those that only say what kind of answer is wanted."""
    return specific_terms(question) or list(question)


def specific_terms(question: Sequence[str]) -> list[str]:
    """The terms of a question that don't say what kind of answer is wanted."""
    return [term for term in question if term not in _FORM]


_FORM = frozenset(
    stems(
        "pros cons advantage advantages disadvantage disadvantages strength strengths weakness "
        "weaknesses limitation limitations drawback drawbacks benefit benefits tradeoff tradeoffs "
        "difference differences differ compare compared comparison versus vs example examples "
        "work works used useful summary overview introduction intuition basics".split()
    )
)


def rules() -> str:
    """Name the rules by which texts become terms; terms made by other rules don't mix.

    Returns:
        A hash of all that decides: this module, its stop words, the stemmer's version.
    """
    decisive = (Path(__file__).read_text("utf-8"), *sorted(_STOP_WORDS), Stemmer.version())
    return hashlib.sha256("\n".join(decisive).encode()).hexdigest()
