"""A collection that holds the passages of several editions, searched for those of one."""

from __future__ import annotations

from collections.abc import Sequence

import chromadb

from knowledge.editions import chroma, verifying
from knowledge.editions.connecting import ChromaServer
from knowledge.embedding import Vectors
from knowledge.errors import IndexDamaged
from knowledge.library import PassageKey


class SharedCollection:
    """One edition's passages in a collection that holds those of others too.

    A search looks at as many passages as it asks for, so it asks for many: for as many of its
    own among them as an index of its own would look at.

    Args:
        server: where it is.
        collection: holds the edition's passages and others.
        keys: the edition's passages.
    """

    def __init__(
        self, server: ChromaServer, collection: chromadb.Collection, keys: Sequence[PassageKey]
    ) -> None:
        self._server = server
        self._collection = collection
        self._ids = frozenset(key.id for key in keys)
        shares = max(1.0, collection.count() / max(len(keys), 1))
        self._among = round(chroma.enough_of(len(keys)) * shares)

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the passages nearest to a vector, with their cosine similarities.

        Raises:
            IndexDamaged: the server has lost passages.
            StorageError: the server does not answer.
        """
        asked = max(count, self._among)
        with self._server.asked():
            while True:
                found = chroma.nearest_in(self._collection, vector, asked)
                ours = [hit for hit in found if hit[0] in self._ids]
                if len(ours) >= count:
                    return ours[:count]
                if len(found) < asked:
                    break
                asked *= 2
            if not ours or self._collection.count() < len(self._ids):
                raise IndexDamaged(f"the Chroma server at {self._server.where} lost passages")
        return ours

    def close(self) -> None:
        """The connections belong to the client."""


def lacks(collection: chromadb.Collection, keys: Sequence[PassageKey], seed: int) -> bool:
    """Whether a collection lacks passages, as far as their number and a sample tell.

    Args:
        collection: may hold others too.
        keys: the passages.
        seed: which of them are in the sample.
    """
    if not keys:
        return False
    sample = [key.id for key in verifying.sample(keys, seed)]
    if collection.count() < len(keys):
        return True
    return len(collection.get(ids=sample, include=[])["ids"]) < len(sample)
