"""Words: which of a text count for the search, and in which form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import Stemmer

_WORD = re.compile(r"\b\w\w+\b")
_ASKING = frozenset(
    "tell explain describe define definition mean means meaning please give know want need "
    "say tl dr eli5 briefly short simple simply words hey hi hello thanks".split()
)
_STOP_WORDS = frozenset(
    " ".join(
        (
            # determiners and pronouns
            "an the this that these those any all both each few more most other own same some such",
            "he him his himself she her hers herself it its itself me my myself you your yours",
            "yourself yourselves we our ours ourselves they them their theirs themselves",
            "how what when where which who whom why",
            # auxiliary verbs, and what is left of them before an apostrophe
            "am are be been being is was were do does did doing done has had have having can will",
            "should ain aren couldn didn doesn don hadn hasn haven isn mightn mustn needn shan",
            "shouldn wasn weren won wouldn ll re ve ma",
            # prepositions and conjunctions
            "about above after against at before below between by down during for from in into of",
            "off on out over through to under until up with",
            "and as because but if nor or than while",
            # adverbs
            "again further here just no not now once only so then there too very",
        )
    ).split()
)
"""English words without a subject of their own: the closed classes of grammar."""

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
