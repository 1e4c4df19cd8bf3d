"""Chroma: opening it, and what is set and asked of its collections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import Any

import chromadb
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_fixed

from knowledge.database import is_full, reason
from knowledge.embedding import Vectors
from knowledge.errors import DiskFull, IndexDamaged, StorageError

BATCH = 1000
"""How many passages are put in, taken out or looked for at once."""

HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 16}
_LITTLE_ROOM = 16 << 20
VERIFIED_AMONG = 400
_SEARCHED_AMONG = 1000
_SEARCHED_SHARE = 1 / 20
_SEARCHED_AT_MOST = 5000
"""Beyond it a search costs as much as comparing with every passage, and finds hardly more."""


def open_folder(path: Path) -> Any:
    """Open a Chroma of this process's own.

    Raises:
        StorageError: there is none that can be opened.
    """
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    try:
        return chromadb.PersistentClient(str(path), settings=settings)
    except AttributeError:  # chromadb 1.5 stumbles over its own clean-up of what it can't open
        raise StorageError(f"{path} cannot be opened") from None
    except ChromaError:
        # It remembers also a client that could not be made, and gives it to whoever asks next.
        SharedSystemClient._identifier_to_system.pop(str(path), None)
        raise


def collection_in(client: Any, name: str) -> chromadb.Collection:
    """A collection of vectors that are made elsewhere, made if it is missing."""
    collection: chromadb.Collection = client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": HNSW}
    )
    return collection


def ids_in(collection: chromadb.Collection) -> set[str]:
    """The ids of all that a collection holds."""
    return set(collection.get(include=[])["ids"])


def remove(collection: chromadb.Collection, ids: Sequence[str]) -> None:
    """Take passages out of a collection."""
    for start in range(0, len(ids), BATCH):
        collection.delete(ids=list(ids[start : start + BATCH]))


def _locked(error: BaseException) -> bool:
    return isinstance(error, ChromaError) and "locked" in str(error)


# Chroma may still write into a directory on its own just after it opened it.
@retry(
    retry=retry_if_exception(_locked),
    stop=stop_after_attempt(50),
    wait=wait_fixed(0.1),
    reraise=True,
)
def search_among(collection: chromadb.Collection, count: int) -> None:
    """Set how many passages a search looks at."""
    collection.modify(configuration={"hnsw": {"ef_search": count}})


def enough_of(passages: int) -> int:
    """At how many of so many passages a search must look.

    A passage is soon found by its own vector. A question that is far from all of them finds
    its nearest ones only if the search looks at a share of the whole.
    """
    share = round(_SEARCHED_SHARE * passages)
    return min(_SEARCHED_AT_MOST, max(_SEARCHED_AMONG, share))


def search_widely(collection: chromadb.Collection, passages: int) -> None:
    """Let searches look at enough passages."""
    search_among(collection, enough_of(passages))


def nearest_in(
    collection: chromadb.Collection, vector: Vectors, count: int
) -> list[tuple[str, float]]:
    """Ids of the passages nearest to a vector, with their cosine similarities.

    Raises:
        IndexDamaged: the index cannot be searched.
    """
    try:
        found = collection.query(query_embeddings=vector, n_results=count, include=["distances"])
    except ChromaError as error:
        raise IndexDamaged(in_words(error)) from None
    distances = found["distances"] or [[]]
    return [(id_, 1.0 - d) for id_, d in zip(found["ids"][0], distances[0], strict=True)]


def in_words(error: Exception) -> str:
    """What an error of Chroma says, as one short line."""
    return " ".join(str(error).split())[:200]


@contextmanager
def told(where: object) -> Iterator[None]:
    """Translate Chroma's errors into one line.

    Raises:
        DiskFull: there is no room left.
        StorageError: in place of whatever else it raises.
    """
    try:
        yield
    except ChromaError as error:
        words = "the disk is full" if _has_little_room(where) else in_words(error)
        kind = DiskFull if is_full(words) else StorageError
        raise kind(f"{where}: {reason(words)}") from None


def _has_little_room(where: object) -> bool:
    """Whether a disk is likely the cause, of which Chroma doesn't always speak."""
    return isinstance(where, Path) and where.exists() and disk_usage(where).free < _LITTLE_ROOM
