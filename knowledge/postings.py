"""Postings: in which passages a term stands, and how often."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int32]
Counts = NDArray[np.uint16]
Numbers = NDArray[np.int64]

_MOST = np.iinfo(np.uint16).max


@dataclass(frozen=True)
class Postings:
    """What BM25 needs to know of the passages, all that belongs to a term in one piece.

    Args:
        terms: their numbers, which are 0, 1, 2 … in the order of the dictionary.
        starts: where the postings of each term start, and the end of all; shape (terms + 1,).
        positions: the passage of each posting; each stands at most once within a term, in any
            order; shape (postings,).
        counts: how often the term stands in that passage; shape (postings,).
        lengths: how many terms each passage has; shape (passages,).
    """

    terms: dict[str, int]
    starts: Numbers
    positions: Positions
    counts: Counts
    lengths: Positions

    @classmethod
    def none(cls) -> Postings:
        """The postings of no passages."""
        return cls(
            terms={},
            starts=np.zeros(1, np.int64),
            positions=np.zeros(0, np.int32),
            counts=np.zeros(0, np.uint16),
            lengths=np.zeros(0, np.int32),
        )

    @property
    def frequencies(self) -> Numbers:
        """In how many passages each term stands; shape (terms,)."""
        return np.diff(self.starts)

    def moved(self, places: Positions, size: int) -> Postings:
        """Give the passages new positions.

        Args:
            places: the new position of each passage, -1 for one that goes.
            size: how many passages there will be; those that none moves to are empty.
        """
        positions = places[self.positions]
        dead = np.flatnonzero(positions < 0)
        stays = places >= 0
        lengths = np.zeros(size, np.int32)
        lengths[places[stays]] = self.lengths[stays]
        return Postings(
            terms=self.terms,
            starts=self.starts - np.searchsorted(dead, self.starts),
            positions=np.delete(positions, dead),
            counts=np.delete(self.counts, dead),
            lengths=lengths,
        )

    def filled(self, positions: Sequence[int], contents: Iterable[Sequence[str]]) -> Postings:
        """Put terms into empty passages.

        Args:
            positions: of the passages.
            contents: the terms of each.
        """
        terms = dict(self.terms)
        tokens, sizes = array("i"), array("i")
        for content in contents:
            tokens.extend(terms.setdefault(term, len(terms)) for term in content)
            sizes.append(len(content))
        where = np.repeat(np.asarray(positions, np.int64), sizes)
        of_term, of_passage, counts = _counted(np.asarray(tokens), where, len(self.lengths))
        lengths = self.lengths.copy()
        lengths[positions] = sizes
        ends = np.append(self.starts[1:], np.repeat(self.starts[-1], len(terms) - len(self.terms)))
        added = np.searchsorted(of_term, np.arange(len(terms)), side="right")
        return Postings(
            terms=terms,
            starts=np.append(0, ends + added),
            positions=np.insert(self.positions, ends[of_term], of_passage),
            counts=np.insert(self.counts, ends[of_term], counts),
            lengths=lengths,
        )

    def tidied(self) -> Postings:
        """The same without the terms that stand in no passage any more."""
        used = self.frequencies > 0
        kept = [term for term, is_used in zip(self.terms, used, strict=True) if is_used]
        return Postings(
            terms={term: number for number, term in enumerate(kept)},
            starts=np.append(0, self.starts[1:][used]),
            positions=self.positions,
            counts=self.counts,
            lengths=self.lengths,
        )


def _counted(tokens: NDArray[Any], where: Numbers, size: int) -> tuple[Numbers, Numbers, Counts]:
    """Tokens and their passages, counted: each pair once, in the order of the terms."""
    pairs, counts = np.unique(tokens * np.int64(size) + where, return_counts=True)
    of_term, of_passage = np.divmod(pairs, size)
    return of_term, of_passage, np.minimum(counts, _MOST).astype(np.uint16)
