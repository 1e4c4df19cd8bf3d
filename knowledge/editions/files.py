"""The files of an edition beside its vector index: words, and vectors in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Vectors
from knowledge.errors import ReindexRefused
from knowledge.lexical import LexicalIndex
from knowledge.library import EditionRecord, Library, PassageKey

CHROMA, COLLECTION = "chroma", "passages"
"""The folder of an edition's Chroma, and the collection in it."""

LEXICAL, VECTORS, IDS = "lexical", "vectors.bin", "ids.npy"

_AT_ONCE = 4096


def write_files(
    folder: Path,
    library: Library,
    record: EditionRecord,
    keys: Sequence[PassageKey],
    base: Path | None,
) -> None:
    """Write an edition's words and vectors, reusing those of the last edition.

    Args:
        folder: the edition's folder.
        library: holds texts and vectors.
        record: the edition.
        keys: its passages.
        base: the folder of an edition of the same embedding, whose files are whole.
    """
    ids = [key.id for key in keys]
    LexicalIndex.build(
        ids,
        lambda wanted: {id_: p.lexical_text for id_, p in library.passages(wanted).items()},
        folder / LEXICAL,
        base / LEXICAL if base else None,
    )
    _write_vectors(folder, library, record.embedding, keys, base)


def open_vectors(folder: Path, passages: int) -> Vectors:
    """The vectors of an edition, mapped into memory; shape (passages, dimensions)."""
    mapped = np.memmap(folder / VECTORS, dtype=np.float32, mode="r")
    vectors: Vectors = np.asarray(mapped).reshape(passages, -1)
    return vectors


def read_ids(folder: Path) -> NDArray[np.bytes_]:
    """The ids of an edition's passages, in the order of its vectors."""
    ids: NDArray[np.bytes_] = np.load(folder / IDS)
    return ids


def vectors_of(library: Library, keys: Sequence[PassageKey], embedding: str) -> list[Vectors]:
    """The vectors of passages, in order.

    Raises:
        ReindexRefused: one was never made.
    """
    made = library.vectors([key.vector_id for key in keys], embedding)
    try:
        return [made[key.vector_id] for key in keys]
    except KeyError as missing:
        raise ReindexRefused(f"the library lacks the vector {missing}") from None


def _write_vectors(
    folder: Path,
    library: Library,
    embedding: str,
    keys: Sequence[PassageKey],
    base: Path | None,
) -> None:
    ids = np.array([key.id for key in keys], dtype="S32")
    present = read_ids(base) if base else ids[:0]
    rows = _rows_in(present, ids) if len(present) else np.full(len(ids), -1)
    old = open_vectors(base, len(present)) if base and len(present) else None
    with (folder / VECTORS).open("wb") as out:
        for start in range(0, len(keys), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            new = [key for key, row in zip(keys[start:], part, strict=False) if row < 0]
            made = iter(vectors_of(library, new, embedding))
            for row in part:
                vector = next(made) if row < 0 or old is None else old[row]
                out.write(vector.tobytes())
    np.save(folder / IDS, ids)


def _rows_in(present: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Where each wanted id stands among those present; -1 for those that don't."""
    order = np.argsort(present)
    places = np.searchsorted(present, wanted, sorter=order).clip(max=len(present) - 1)
    rows: NDArray[np.int64] = order[places].astype(np.int64)
    return np.where(present[rows] == wanted, rows, -1)
