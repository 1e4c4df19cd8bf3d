"""Editions on a Chroma server: one collection an embedding holds the passages of all of them.

A server can't copy a collection, and adding passages is what costs time there. So what is new
is added before an edition is published, what no kept edition holds is removed after, and a
search passes over what belongs to others.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
from chromadb.config import Settings
from chromadb.errors import ChromaError

from knowledge.database import make_folder, told_to_people
from knowledge.editions import checksums, chroma, verifying
from knowledge.editions.edition import KEPT_EDITIONS, KEPT_FOR, Edition, Phase, Tell, new_folder
from knowledge.editions.files import write_files
from knowledge.embedding import Vectors
from knowledge.errors import IndexDamaged, ReindexRefused, StorageError
from knowledge.library import EditionRecord, Library, PassageKey

_MORE = 1.25
_TRIED_OUT = 32


class ServerEditions:
    """The search indexes on a Chroma server, and the files beside them in a data directory.

    Args:
        data_dir: the data directory.
        library: what the indexes are made from.
        url: the server's address.

    Raises:
        StorageError: there is no such server.
    """

    def __init__(self, data_dir: Path, library: Library, url: str) -> None:
        self._folder = data_dir / "editions"
        self._library = library
        self._url = url
        self._client = _connect(url)

    def stage(self, record: EditionRecord, base: EditionRecord | None, tell: Tell) -> None:
        """Put in what the server lacks of an edition, and find it again."""
        keys = self._library.passage_keys(record.id)
        try:
            with chroma.told(self._url), told_to_people(self._folder):
                collection = self._collection(record.embedding)
                present = (
                    {key.id for key in self._library.passage_keys(base.id)}
                    if base
                    else chroma.ids_in(collection)
                )
                new = [key for key in keys if key.id not in present]
                self._add(collection, record, new, tell)
                doubted = new + verifying.sample(keys, record.id) if base else keys
                done = 0
                for count in verifying.verify(collection, self._library, doubted, record.embedding):
                    done += count
                    tell(Phase.VERIFY, done, len(doubted))
                chroma.search_widely(collection, collection.count())
                self._write(record, record.folder, keys, base)
        except (ReindexRefused, StorageError) as error:
            shutil.rmtree(self._folder / record.folder, ignore_errors=True)
            raise ReindexRefused(
                f"The new index was not published: {str(error).rstrip('.')}. The old one serves; "
                "run `explainer reindex` again."
            ) from None

    def check(self, record: EditionRecord) -> None:
        """See whether an edition's files are as they were verified, without opening them."""
        checksums.check(self._folder / record.folder)

    def open(self, record: EditionRecord) -> Edition:
        """Open an edition for searching."""
        folder = self._folder / record.folder
        checksums.check(folder)
        keys = self._library.passage_keys(record.id)
        try:
            collection = self._collection(record.embedding)
            tried = verifying.sample(keys, record.id)[:_TRIED_OUT]
            lost = verifying.find(collection, self._library, tried, record.embedding)
            if lost or collection.count() < len(keys):
                raise IndexDamaged(f"{self._url} does not hold all of its passages")
        except ChromaError as error:
            raise IndexDamaged(f"{self._url}: {chroma.in_words(error)}") from None
        return Edition(record, keys, folder, _Shared(collection, keys))

    def probe(self, record: EditionRecord) -> None:
        """Try an edition out; what crashes is the server's, so this process may do so."""
        self.open(record).close()

    def rebuild(self, record: EditionRecord) -> None:
        """Put in again what the server has lost, and write the files beside it again."""
        folder = new_folder()
        self.stage_again(record, folder)
        self._library.move(record.id, folder)
        shutil.rmtree(self._folder / record.folder, ignore_errors=True)

    def stage_again(self, record: EditionRecord, folder: str) -> None:
        """Make an edition's index and files once more, in another folder."""
        moved = EditionRecord(
            record.id, record.embedding, folder, record.sources, record.created, record.note
        )
        self.stage(moved, None, lambda *_: None)

    def forget(self) -> None:
        """Remove editions that are neither served, nor among the last, nor young."""
        forgotten = self._library.forget_editions(KEPT_EDITIONS, KEPT_FOR)
        with told_to_people(self._folder), chroma.told(self._url):
            for folder in self._folder.iterdir():
                if folder.name not in forgotten.kept_folders:
                    shutil.rmtree(folder, ignore_errors=True)
            published = self._library.published()
            if published and forgotten.passages:
                chroma.remove(self._collection(published.embedding), forgotten.passages)

    def _collection(self, embedding: str) -> chromadb.Collection:
        name = f"explainer-{hashlib.sha256(embedding.encode()).hexdigest()[:16]}"
        return chroma.collection_in(self._client, name)

    def _add(
        self,
        collection: chromadb.Collection,
        record: EditionRecord,
        new: Sequence[PassageKey],
        tell: Tell,
    ) -> None:
        for start in range(0, len(new), chroma.BATCH):
            batch = new[start : start + chroma.BATCH]
            verifying.add(collection, self._library, batch, record.embedding)
            tell(Phase.BUILD, start + len(batch), len(new))

    def _write(
        self,
        record: EditionRecord,
        folder: str,
        keys: Sequence[PassageKey],
        base: EditionRecord | None,
    ) -> None:
        target, source = self._folder / folder, self._folder / base.folder if base else None
        make_folder(target)
        try:
            if source:
                checksums.check(source)
        except IndexDamaged:
            source = None
        write_files(target, self._library, record, keys, source)
        checksums.seal(target)


class _Shared:
    """One edition's passages in a collection that holds those of others too."""

    def __init__(self, collection: chromadb.Collection, keys: Collection[PassageKey]) -> None:
        self._collection = collection
        self._ids = frozenset(key.id for key in keys)

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the passages nearest to a vector, with their cosine similarities."""
        asked, all_of_it = round(count * _MORE), False
        while True:
            found = chroma.nearest_in(self._collection, vector, asked)
            ours = [hit for hit in found if hit[0] in self._ids][:count]
            if len(ours) >= count or all_of_it:
                return ours
            asked, all_of_it = asked * 2, len(found) < asked

    def close(self) -> None:
        """The connections belong to the client."""


def _connect(url: str) -> Any:
    address = urlsplit(url if "://" in url else f"http://{url}")
    secure = address.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=address.hostname or "localhost",
            port=address.port or (443 if secure else 8000),
            ssl=secure,
            settings=Settings(anonymized_telemetry=False),
        )
    except (ValueError, ChromaError, OSError) as error:
        raise StorageError(
            f"EXPLAINER_CHROMA_URL: no Chroma server answers at {url} ({chroma.in_words(error)})."
        ) from None
