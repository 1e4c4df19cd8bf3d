"""An opened edition, and what makes and opens them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from knowledge.editions.files import open_vectors
from knowledge.embedding import Vectors
from knowledge.lexical import LexicalIndex
from knowledge.library import EditionRecord, PassageKey

KEPT_EDITIONS = 3
KEPT_FOR = timedelta(hours=1)


class Phase(StrEnum):
    """What is being done with a new index."""

    BUILD = "build"
    VERIFY = "verify"


Tell = Callable[[Phase, int, int], None]
"""Called with a phase, and how many of how many passages are done."""


class NearestPassages(Protocol):
    """A vector index over passages; any number of threads may search it."""

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the passages nearest to a vector, with their cosine similarities."""

    def close(self) -> None:
        """Close its files or connections."""


class Edition:
    """An opened edition. Its rows never change; any number of threads may search it.

    Args:
        record: what the library knows of it.
        keys: its passages, in the order that its files count them.
        folder: where these files are.
        index: finds passages by vectors.

    Attributes:
        vectors: of all passages, mapped into memory; shape (passages, dimensions).
    """

    def __init__(
        self,
        record: EditionRecord,
        keys: Sequence[PassageKey],
        folder: Path,
        index: NearestPassages,
    ) -> None:
        self.record = record
        self.keys = keys
        self.lexical = LexicalIndex.open(folder / "lexical")
        self.vectors = open_vectors(folder, len(keys))
        self._index = index
        self._positions = {key.id: position for position, key in enumerate(keys)}

    def nearest(self, vector: Vectors, count: int) -> dict[int, float]:
        """The passages nearest to a vector.

        Returns:
            Cosine similarities by the passages' positions in ``keys``.
        """
        found = self._index.nearest(vector, min(count, len(self.keys)))
        return {self._positions[id_]: similarity for id_, similarity in found}

    def close(self) -> None:
        """Close the index."""
        self._index.close()


class Editions(Protocol):
    """Makes and opens the search indexes of editions. Every method is blocking."""

    def stage(self, record: EditionRecord, base: EditionRecord | None, tell: Tell) -> None:
        """Make and verify the index of an edition.

        Args:
            record: the edition.
            base: the edition whose index is changed into the new one, if there is one.
            tell: called as the work goes on.

        Raises:
            ReindexRefused: it does not find what was put in, or could not be made.
        """

    def check(self, record: EditionRecord) -> None:
        """See whether an edition's files are as they were verified, without opening them.

        Raises:
            IndexDamaged: one isn't there, or isn't as it was.
        """

    def open(self, record: EditionRecord) -> Edition:
        """Open an edition for searching.

        Raises:
            IndexDamaged: it isn't there, or isn't as it was when it was verified.
            DiskFull: there is no room left, which even opening it takes.
        """

    def probe(self, record: EditionRecord) -> None:
        """Try an edition out where a crash does no harm.

        Raises:
            IndexDamaged: it isn't there, or doesn't find its passages.
            DiskFull: there is no room left, which even opening it takes.
        """

    def rebuild(self, record: EditionRecord) -> None:
        """Make an edition's index again from the library, without embedding anything.

        Raises:
            ReindexRefused: it could not be made.
        """

    def discard(self, record: EditionRecord) -> None:
        """Remove an edition that was made and will not be published; its room comes first."""

    def forget(self) -> None:
        """Remove editions that are neither served, nor among the last, nor young."""


def new_folder() -> str:
    """A name for an edition's folder that no process, dead or alive, has used."""
    return uuid.uuid4().hex
