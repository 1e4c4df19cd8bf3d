"""BM25: the lexical half of the search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS
from numpy.typing import NDArray

_ARRAYS = ("data", "indices", "indptr")
_NOTHING = "\0"
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
def _term(word: str) -> str:
    """A word's stem; empty for a stop word."""
    return "" if word.lower() in _STOP_WORDS else _stem(word)


def stems(words: Iterable[str]) -> list[str]:
    """Words in lower case, without their endings."""
    return [_stem(word) for word in words]


def terms(text: str) -> list[str]:
    """The words of a text that carry its subject, stemmed, in order."""
    return [term for word in _WORD.findall(text) if (term := _term(word))]


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


class LexicalIndex:
    """A BM25 index over numbered texts.

    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
    Beyond" (2009), in the variant of Lucene.
    """

    def __init__(self, index: bm25s.BM25) -> None:
        self._index = index
        self.size: int = int(index.scores["num_docs"])
        seen = np.append(np.diff(index.scores["indptr"]), 0)  # the last: any term of no text
        self._idf = np.log1p((self.size - seen + 0.5) / (seen + 0.5))

    @classmethod
    def build(cls, texts: Iterable[str], folder: Path) -> None:
        """Index texts in order and write the index into a folder."""
        index = bm25s.BM25()
        corpus = [terms(text) for text in texts]
        if not any(corpus):  # nothing but stop words, of which BM25 can't make an index
            corpus = [[_NOTHING] for _ in corpus]
        index.index(corpus, show_progress=False)
        index.save(folder)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open an index; the scores are mapped into memory."""
        index = bm25s.BM25.load(folder, mmap=True)
        # As plain arrays over the mapped files, which numpy slices far faster.
        index.scores |= {name: np.asarray(index.scores[name]) for name in _ARRAYS}
        return cls(index)

    def scores(self, question: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every text for the terms of a question; shape (texts,)."""
        known = [term for term in question if term in self._index.vocab_dict]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        scores: NDArray[np.float32] = self._index.get_scores(known)
        return scores

    def knows(self, word: str) -> bool:
        """Whether a word, in any of its forms, stands in one of the texts or says nothing."""
        term = _term(word)
        return not term or term in self._index.vocab_dict

    def idf(self, term: str) -> float:
        """Inverse document frequency; an unseen term weighs most of all."""
        return float(self._idf[self._index.vocab_dict.get(term, -1)])
