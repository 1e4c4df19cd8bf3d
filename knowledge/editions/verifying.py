"""Is every passage found by its own vector? A count would not notice a broken index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import chromadb
import numpy as np

from knowledge.editions import chroma
from knowledge.editions.files import vectors_of
from knowledge.embedding import Vectors
from knowledge.errors import ReindexRefused
from knowledge.library import Library, PassageKey

_SAMPLE = 256
SAME = 1e-5
_REPAIRS = 3


def sample(keys: Sequence[PassageKey], seed: int) -> list[PassageKey]:
    """Some passages, others for each seed, in order."""
    chosen = np.random.default_rng(seed).permutation(len(keys))[:_SAMPLE]
    return [keys[position] for position in sorted(chosen)]


def verify(
    collection: chromadb.Collection, library: Library, keys: Sequence[PassageKey], embedding: str
) -> Iterator[int]:
    """Find passages by their own vectors, and put those in once more that aren't found.

    An approximate graph may leave a passage without a way to it.

    Yields:
        How many were verified since the last time.

    Raises:
        ReindexRefused: a passage is not found all the same.
    """
    unfound: list[PassageKey] = []
    for start in range(0, len(keys), chroma.BATCH):
        batch = keys[start : start + chroma.BATCH]
        unfound += find(collection, library, batch, embedding)
        yield len(batch)
    for _ in range(_REPAIRS):
        if unfound:
            chroma.remove(collection, [key.id for key in unfound])
            add(collection, library, unfound, embedding)
            unfound = find(collection, library, unfound, embedding)
    if unfound:
        raise ReindexRefused(f"passage {unfound[0].id} is not found by its own vector")


def add(
    collection: chromadb.Collection, library: Library, keys: Sequence[PassageKey], embedding: str
) -> None:
    """Put one batch of passages into a collection."""
    collection.upsert(
        ids=[key.id for key in keys],
        embeddings=np.stack(vectors_of(library, keys, embedding)),
    )


def find(
    collection: chromadb.Collection, library: Library, keys: Sequence[PassageKey], embedding: str
) -> list[PassageKey]:
    """The passages that are not found by their own vectors."""
    if not keys:
        return []
    vectors = vectors_of(library, keys, embedding)
    found = collection.query(query_embeddings=np.stack(vectors), n_results=1, include=[])
    return [
        key
        for key, vector, hits in zip(keys, vectors, found["ids"], strict=True)
        if key.id not in hits and not _same(vector, hits, library, embedding)
    ]


def _same(vector: Vectors, hits: Sequence[str], library: Library, embedding: str) -> bool:
    """Whether what was found has the same vector: a model may not tell two texts apart."""
    twins = library.passages(hits)
    made = library.vectors([passage.vector_id for passage in twins.values()], embedding)
    return any(float(twin @ vector) > 1 - SAME for twin in made.values())
