"""Opening the vector index of an edition for searching."""

from __future__ import annotations

from pathlib import Path

from chromadb.errors import ChromaError

from knowledge.editions import chroma
from knowledge.editions.files import COLLECTION
from knowledge.embedding import Vectors
from knowledge.errors import StorageError


class OpenCollection:
    """A collection in a Chroma directory.

    Args:
        folder: the directory.

    Raises:
        DiskFull: there is no room left, which even opening it takes.
        StorageError: it cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        with chroma.told(folder):
            # Chroma notes in the directory that it was opened, for which there must be room.
            self._client = chroma.open_folder(folder)
        try:
            self.collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except ChromaError as error:
            self._client.close()
            raise StorageError(chroma.in_words(error)) from None

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the passages nearest to a vector, with their cosine similarities."""
        return chroma.nearest_in(self.collection, vector, count)

    def close(self) -> None:
        """Close the directory's files."""
        self._client.close()
