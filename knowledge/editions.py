"""Search indexes of editions: made in a child process, verified, opened, removed.

The only importer of chromadb. A process that dies while it writes into a Chroma directory
can destroy it, so a published directory is never written to: the next one is made from a
copy, in a child process, and takes its place only when it is verified.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import orjson
from chromadb.config import Settings
from chromadb.errors import ChromaError

from knowledge.database import make_folder, reason, told_to_people
from knowledge.embedding import Vectors
from knowledge.errors import IndexMissing, ReindexRefused, StorageError
from knowledge.lexical import LexicalIndex
from knowledge.library import EditionRecord, Library, PassageKey

KEPT_EDITIONS = 3
KEPT_FOR = timedelta(hours=1)

_COLLECTION = "passages"
_BATCH = 1000
_DEAD_SHARE = 0.2
_SAME = 1e-5
_REPAIRS = 3
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 16}
_VERIFIED_AMONG = 400
_SEARCHED_AMONG = 1000
_SEARCHED_SHARE = 1 / 20
_CHROMA, _LEXICAL, _VECTORS, _STATE = "chroma", "lexical", "vectors.bin", "state.json"

Advance = Callable[[int], None]


class Edition:
    """An opened edition. Its rows never change; any number of threads may search it.

    Args:
        record: what the library knows of it.
        keys: its passages, in the order that the index counts them.
        folder: where the index is.

    Attributes:
        vectors: of all passages, mapped into memory; shape (passages, dimensions).
    """

    def __init__(self, record: EditionRecord, keys: Sequence[PassageKey], folder: Path) -> None:
        self.record = record
        self.keys = keys
        self.lexical = LexicalIndex.open(folder / _LEXICAL)
        mapped = np.memmap(folder / _VECTORS, dtype=np.float32, mode="r")
        self.vectors: Vectors = np.asarray(mapped).reshape(len(keys), -1)
        self._positions = {key.id: position for position, key in enumerate(keys)}
        self._client = _open_client(folder / _CHROMA)
        self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def nearest(self, vector: Vectors, count: int) -> dict[int, float]:
        """The passages nearest to a vector.

        Returns:
            Cosine similarities by the passages' positions in ``keys``.
        """
        try:
            found = self._collection.query(
                query_embeddings=vector,
                n_results=min(count, len(self.keys)),
                include=["distances"],
            )
        except ChromaError as error:
            raise _unusable(self.record, error) from None
        distances = found["distances"] or [[]]
        return {
            self._positions[id_]: 1.0 - distance
            for id_, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def close(self) -> None:
        """Close the index's files."""
        self._client.close()


def _unusable(record: EditionRecord, error: Exception) -> IndexMissing:
    cause = " ".join(str(error).split())[:200]
    return IndexMissing(
        f"The index of edition {record.id} cannot be used ({cause}). Run "
        "`explainer reindex --force` to make it again from the library."
    )


class Editions:
    """The search indexes in a data directory.

    Args:
        data_dir: the data directory.
        library: what the indexes are made from.
    """

    def __init__(self, data_dir: Path, library: Library) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / "editions"
        self._library = library

    @staticmethod
    def new_folder() -> str:
        """A name for an edition's folder that no process, dead or alive, has used."""
        return uuid.uuid4().hex

    def stage(self, record: EditionRecord, base: EditionRecord | None, advance: Advance) -> None:
        """Make and verify the index of an edition in a child process.

        Args:
            record: the edition.
            base: the edition whose index is copied and changed, if there is one.
            advance: called with the number of passages verified since the last call.

        Raises:
            ReindexRefused: the child failed, or did not find what it had put in.
        """
        make_folder(self._folder)
        arguments = [str(self._data_dir.resolve()), str(record.id), record.folder]
        arguments += [base.folder] if base else []
        with subprocess.Popen(  # noqa: S603 - our own module with our own arguments
            [sys.executable, "-m", "knowledge.staging", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            text=True,
        ) as child:
            for line in child.stdout or ():
                advance(int(line))
            cause = child.stderr.read().strip().rsplit("\n", 1)[-1] if child.stderr else ""
        if child.returncode:
            shutil.rmtree(self._folder / record.folder, ignore_errors=True)
            raise ReindexRefused(
                f"The new index was not published: {cause.rstrip('.') or 'its process died'}. "
                "The old one serves; run `explainer reindex` again."
            )

    def open(self, record: EditionRecord) -> Edition:
        """Open an edition for searching.

        Raises:
            IndexMissing: its folder is gone or incomplete.
        """
        folder = self._folder / record.folder
        try:
            return Edition(record, self._library.passage_keys(record.id), folder)
        except (OSError, ValueError, ChromaError, StorageError) as error:
            raise _unusable(record, error) from None

    def forget(self) -> None:
        """Remove editions that are neither served, nor among the last, nor young."""
        kept = set(self._library.forget_editions(KEPT_EDITIONS, KEPT_FOR))
        with told_to_people(self._folder):
            for folder in self._folder.iterdir():
                if folder.name not in kept:
                    shutil.rmtree(folder, ignore_errors=True)


def build(data_dir: Path, edition_id: int, folder: str, base: str | None) -> Iterator[int]:
    """Make the index of an edition and verify it; runs in the child process.

    Args:
        data_dir: the data directory.
        edition_id: the staged edition.
        folder: name of its folder.
        base: name of the folder whose index is copied and changed.

    Yields:
        How many passages were verified since the last time.

    Raises:
        StorageError: the disk is full or cannot be written.
        ReindexRefused: a passage is not found by its own vector.
    """
    library = Library.open(data_dir)
    keys = library.passage_keys(edition_id)
    target = data_dir / "editions" / folder
    with told_to_people(target):
        dead = _copy(target, data_dir / "editions" / base if base else None, keys)
        passages = library.passages([key.id for key in keys])
        LexicalIndex.build((passages[key.id].lexical_text for key in keys), target / _LEXICAL)
        _write_vectors(target / _VECTORS, library, keys, edition_id)
        with _chroma_told(target), closing(_open_client(target / _CHROMA)) as client:
            collection = client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            _search_among(collection, _VERIFIED_AMONG)
            dead += _change(collection, library, keys, edition_id)
            (target / _STATE).write_bytes(orjson.dumps({"dead": dead}))
            yield from _verify(collection, library, keys, edition_id)
            _search_among(collection, max(_SEARCHED_AMONG, round(_SEARCHED_SHARE * len(keys))))


@contextmanager
def _chroma_told(where: Path) -> Iterator[None]:
    try:
        yield
    except ChromaError as error:
        raise StorageError(f"{where}: {reason(' '.join(str(error).split()))}") from None


def _copy(target: Path, base: Path | None, keys: Sequence[PassageKey]) -> int:
    """Start from a copy of the last index unless too much of it is dead; returns how much."""
    target.mkdir(parents=True)
    if base is None or not (base / _STATE).is_file():
        return 0
    dead = int(orjson.loads((base / _STATE).read_bytes())["dead"])
    if dead > _DEAD_SHARE * len(keys):
        return 0
    shutil.copytree(base / _CHROMA, target / _CHROMA)
    return dead


def _write_vectors(
    file: Path, library: Library, keys: Sequence[PassageKey], edition_id: int
) -> None:
    """Write the vectors in the order of the passages, from which similarities are computed."""
    wanted = {key.id: key.vector_id for key in keys}
    with file.open("wb") as rows:
        for _, vectors in _with_vectors(library, list(wanted), wanted, edition_id):
            rows.writelines(vectors)


def _search_among(collection: chromadb.Collection, count: int) -> None:
    """Set how many passages a search looks at.

    A passage is soon found by its own vector. A question that is far from all of them finds
    its nearest ones only if the search looks at a share of the whole.
    """
    collection.modify(configuration={"hnsw": {"ef_search": count}})


def _change(
    collection: chromadb.Collection, library: Library, keys: Sequence[PassageKey], edition_id: int
) -> int:
    """Put in what is new and take out what is gone; returns how many were taken out."""
    wanted = {key.id: key.vector_id for key in keys}
    present = set(collection.get(include=[])["ids"])
    gone = sorted(present - wanted.keys())
    for start in range(0, len(gone), _BATCH):
        collection.delete(ids=gone[start : start + _BATCH])
    new = [id_ for id_ in wanted if id_ not in present]
    for batch, vectors in _with_vectors(library, new, wanted, edition_id):
        collection.add(ids=batch, embeddings=vectors)
    return len(gone)


def _verify(
    collection: chromadb.Collection, library: Library, keys: Sequence[PassageKey], edition_id: int
) -> Iterator[int]:
    """Find every passage by its own vector. A count would not notice a broken index."""
    wanted = {key.id: key.vector_id for key in keys}
    if lost := wanted.keys() - set(collection.get(include=[])["ids"]):
        raise ReindexRefused(f"passage {min(lost)} is not found by its own vector")
    unfound: list[str] = []
    for batch, vectors in _with_vectors(library, list(wanted), wanted, edition_id):
        unfound += _unfound(collection, batch, vectors, library, edition_id)
        yield len(batch)
    for _ in range(_REPAIRS):
        # An approximate graph may leave a passage without a way to it: put it in once more.
        again, unfound = unfound, []
        for batch, vectors in _with_vectors(library, again, wanted, edition_id):
            collection.delete(ids=batch)
            collection.add(ids=batch, embeddings=vectors)
            unfound += _unfound(collection, batch, vectors, library, edition_id)
    if unfound:
        raise ReindexRefused(f"passage {unfound[0]} is not found by its own vector")


def _unfound(
    collection: chromadb.Collection,
    ids: Sequence[str],
    vectors: Any,
    library: Library,
    edition_id: int,
) -> list[str]:
    found = collection.query(query_embeddings=vectors, n_results=1, include=[])
    return [
        id_
        for id_, vector, hits in zip(ids, vectors, found["ids"], strict=True)
        if id_ not in hits and not _same(vector, hits, library, edition_id)
    ]


def _same(vector: Vectors, hits: Sequence[str], library: Library, edition_id: int) -> bool:
    """Whether what was found has the same vector: a model may not tell two texts apart."""
    twins = library.passages(hits)
    ids = [passage.vector_id for passage in twins.values()]
    vectors = library.vectors(ids, library.embedding_of(edition_id)).values()
    return any(float(twin @ vector) > 1 - _SAME for twin in vectors)


def _with_vectors(
    library: Library, ids: Sequence[str], vector_ids: dict[str, str], edition_id: int
) -> Iterator[tuple[list[str], Any]]:
    embedding = library.embedding_of(edition_id)
    for start in range(0, len(ids), _BATCH):
        batch = list(ids[start : start + _BATCH])
        vectors = library.vectors([vector_ids[id_] for id_ in batch], embedding)
        yield batch, [vectors[vector_ids[id_]] for id_ in batch]


def _open_client(path: Path) -> Any:
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    try:
        return chromadb.PersistentClient(str(path), settings=settings)
    except AttributeError:  # chromadb 1.5 stumbles over its own clean-up of what it can't open
        raise StorageError(f"{path} cannot be opened") from None
