"""Passages that nobody wrote: vectors that lie as those of real ones do, and short texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Vectors
from knowledge.library import PassageKey

DIMENSIONS = 384
CLUSTERS = 2_000
AT_ONCE = 1_000

_FALL = 0.45
"""The spread falls with this power of the dimension; so does that of the packaged model's vectors
of 5,183 abstracts, up to the hundredth dimension."""

_FAR = 200
_PASSAGES_AN_ARTICLE = 5
_VOCABULARY, _WORDS, _ZIPF = 50_000, 40, 1.0


class Clusters:
    """A mixture of Gaussians around unit directions, whose draws are scaled to length 1.

    Two draws of a cluster have a cosine of about .5. Most of the spread lies in few dimensions, as
    in real embeddings: with the same spread in all, no passage would have near neighbours.

    Args:
        seed: decides the directions and all draws.
        count: how many clusters; those of another seed are far from them.
    """

    def __init__(self, seed: int, count: int = CLUSTERS) -> None:
        self._seed = seed
        self._directions = _spread(np.random.default_rng(seed), count)

    def draw(self, part: int, count: int) -> Vectors:
        """The vectors of a part, always the same; shape (count, dimensions)."""
        random = np.random.default_rng((self._seed, part))
        chosen = random.integers(len(self._directions), size=count)
        return _unit(self._directions[chosen] + _spread(random, count))


def questions(seed: int, count: int) -> dict[str, Vectors]:
    """Vectors to search for: near passages of the same seed, far from all of them, or anywhere.

    Those that lie anywhere are the hardest: no embedding of a text is like them.
    """
    anywhere = np.random.default_rng(seed).standard_normal((count, DIMENSIONS), dtype=np.float32)
    return {
        "near": Clusters(seed).draw(-1 % (1 << 32), count),
        "far": Clusters(seed + 1, _FAR).draw(0, count),
        "anywhere": _unit(anywhere),
    }


def keys(start: int, count: int) -> list[PassageKey]:
    """Passages by number, five an article."""
    return [
        PassageKey(id_, f"article-{number // _PASSAGES_AN_ARTICLE}", id_)
        for number in range(start, start + count)
        for id_ in [hashlib.sha256(str(number).encode()).hexdigest()[:32]]
    ]


def texts(ids: Sequence[str]) -> dict[str, str]:
    """Forty words for each passage, as frequent as Zipf's law has them."""
    odds = np.cumsum(1 / np.arange(1, _VOCABULARY + 1) ** _ZIPF)
    random = np.random.default_rng(int(ids[0][:8], 16))
    drawn = np.searchsorted(odds, random.uniform(high=odds[-1], size=(len(ids), _WORDS)))
    return {id_: " ".join(map(word, row)) for id_, row in zip(ids, drawn.tolist(), strict=True)}


def word(number: int) -> str:
    """A word by its place among the most frequent ones."""
    return f"w{number}"


def _spread(random: np.random.Generator, count: int) -> Vectors:
    scale = np.arange(1, DIMENSIONS + 1, dtype=np.float32) ** -_FALL
    return _unit(random.standard_normal((count, DIMENSIONS), dtype=np.float32) * scale)


def _unit(vectors: Vectors) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return scaled
