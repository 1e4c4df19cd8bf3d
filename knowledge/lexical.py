"""BM25: the lexical half of the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from knowledge.postings import Postings
from knowledge.words import rules, term_of, terms

TextsOf = Callable[[Sequence[str]], Mapping[str, str]]

_ARRAYS = ("starts", "positions", "counts", "lengths")
_TERMS, _PASSAGES = "terms.json", "passages.json"
_BATCH = 20_000  # texts that are in memory at once
_K1 = 1.5
_B = 0.75


class LexicalIndex:
    """A BM25 index over numbered passages.

    Only counts are kept, and scores are computed when a question is asked: a score depends on
    all passages, a count on one, so that the next index takes over what it shares with this one.

    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
    Beyond" (2009), in the variant of Lucene.

    Args:
        postings: the counts.
    """

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self.size: int = len(postings.lengths)
        seen = np.append(postings.frequencies, 0)  # the last: any term of no passage
        self._idf = np.log1p((self.size - seen + 0.5) / (seen + 0.5))
        mean = float(postings.lengths.sum()) / max(self.size, 1) or 1.0
        self._norms = (_K1 * (1 - _B + _B * postings.lengths / mean)).astype(np.float32)

    @classmethod
    def build(
        cls, keys: Sequence[str], texts_of: TextsOf, folder: Path, base: Path | None = None
    ) -> None:
        """Index passages and write the index into a folder.

        Args:
            keys: the passages' ids, each once, in order; an id always names the same text.
            texts_of: gives the texts of passages; asked only for those that the base lacks.
            folder: where to write; made if it isn't there.
            base: folder of an index to take over what stays. One whose terms were made by
                other rules is left alone.
        """
        postings, known = _base(base)
        position_of = {key: position for position, key in enumerate(keys)}
        places = np.fromiter((position_of.get(key, -1) for key in known), np.int32, len(known))
        postings = postings.moved(places, len(keys))
        present = set(known)
        new = [key for key in keys if key not in present]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            texts = texts_of(batch)
            contents = (terms(texts[key]) for key in batch)
            postings = postings.filled([position_of[key] for key in batch], contents)
        _write(folder, postings.tidied(), keys)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open an index; the counts are mapped into memory.

        Raises:
            OSError: a file is missing or cannot be read.
            ValueError: a file is not what it should be.
        """
        return cls(_read(folder))

    def scores(self, question: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every passage for the terms of a question; shape (passages,)."""
        scores = np.zeros(self.size, dtype=np.float32)
        for term in question:
            if (number := self._postings.terms.get(term)) is None:
                continue
            piece = slice(*self._postings.starts[number : number + 2])
            at = self._postings.positions[piece]
            counts = self._postings.counts[piece].astype(np.float32)
            saturated = counts / (counts + self._norms.take(at))
            np.add.at(scores, at, float(self._idf[number]) * saturated)
        return scores

    def knows(self, word: str) -> bool:
        """Whether a word, in any of its forms, stands in one of the texts or says nothing."""
        term = term_of(word)
        return not term or term in self._postings.terms

    def idf(self, term: str) -> float:
        """Inverse document frequency; an unseen term weighs most of all."""
        return float(self._idf[self._postings.terms.get(term, -1)])


def _base(folder: Path | None) -> tuple[Postings, list[str]]:
    """The postings of an index and its passages' ids; nothing if it cannot be built upon."""
    if folder is not None:
        try:
            postings = _read(folder)
            origin = orjson.loads((folder / _PASSAGES).read_bytes())
        except (OSError, ValueError):
            return Postings.none(), []
        if origin["rules"] == rules():
            return postings, origin["ids"]
    return Postings.none(), []


def _write(folder: Path, postings: Postings, keys: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _ARRAYS:
        np.save(_array(folder, name), getattr(postings, name))
    (folder / _TERMS).write_bytes(orjson.dumps(list(postings.terms)))
    origin = {"rules": rules(), "ids": list(keys)}
    (folder / _PASSAGES).write_bytes(orjson.dumps(origin))


def _read(folder: Path) -> Postings:
    arrays: dict[str, Any] = {
        # As plain arrays over the mapped files, which numpy slices far faster.
        name: np.asarray(np.load(_array(folder, name), mmap_mode="r"))
        for name in _ARRAYS
    }
    names = orjson.loads((folder / _TERMS).read_bytes())
    return Postings(terms={term: number for number, term in enumerate(names)}, **arrays)


def _array(folder: Path, name: str) -> Path:
    return folder / f"{name}.npy"
