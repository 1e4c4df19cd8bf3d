"""Editions on a Chroma server: one collection an embedding holds the passages of all of them.

A server can't copy a collection, and adding passages is what costs time there. So what is new
is added before an edition is published, what no kept edition holds is removed after, and a
search passes over what belongs to others.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import chromadb
from filelock import FileLock, Timeout

from knowledge.database import make_folder, told_to_people
from knowledge.editions import checksums, chroma, verifying
from knowledge.editions.connecting import ChromaServer
from knowledge.editions.edition import KEPT_EDITIONS, KEPT_FOR, Edition, Phase, Tell, new_folder
from knowledge.editions.files import write_files
from knowledge.editions.sharing import SharedCollection, lacks
from knowledge.errors import IndexDamaged, KnowledgeError, ReindexRefused, StorageError
from knowledge.library import EditionRecord, Library, PassageKey

_log = logging.getLogger(__name__)


class ServerEditions:
    """The search indexes on a Chroma server, and the files beside them in a data directory.

    Args:
        data_dir: the data directory.
        library: what the indexes are made from.
        url: the server's address.

    Raises:
        StorageError: that is no address.
    """

    def __init__(self, data_dir: Path, library: Library, url: str) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / "editions"
        self._library = library
        self._server = ChromaServer(url, library)

    def stage(self, record: EditionRecord, base: EditionRecord | None, tell: Tell) -> None:
        """Put in what the server lacks of an edition, find it again, and write its files."""
        try:
            self._fill(record, base, tell)
            self._write(record, record.folder, base)
        except KnowledgeError as error:
            raise ReindexRefused(
                f"The new index was not published: {str(error).rstrip('.')}. The old one serves; "
                "run `explainer reindex` again."
            ) from None

    def check(self, record: EditionRecord) -> None:
        """See whether an edition's files are as they were verified, without opening them."""
        checksums.check(self._folder / record.folder)

    def open(self, record: EditionRecord) -> Edition:
        """Open an edition for searching.

        Raises:
            IndexDamaged: a file isn't as it was, or the server lacks passages.
            StorageError: the server does not answer.
        """
        if not (self._folder / record.folder).exists():
            self._write_here(record)  # another machine published it
        self.check(record)
        keys = self._library.passage_keys(record.id)
        with self._server.asked():
            collection = self._server.collection(record.embedding)
            if lacks(collection, keys, record.id):
                raise IndexDamaged(f"the Chroma server at {self._server.where} lacks passages")
            index = SharedCollection(self._server, collection, keys)
        try:
            return Edition(record, keys, self._folder / record.folder, index)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"it cannot be opened: {error}") from None

    def probe(self, record: EditionRecord) -> None:
        """Open an edition and find some passages; what a damaged index crashes is the server."""
        edition = self.open(record)
        doubted = verifying.sample(edition.keys, record.id)
        edition.close()
        with self._server.asked():
            collection = self._server.collection(record.embedding)
            for key in verifying.find(collection, self._library, doubted, record.embedding):
                raise IndexDamaged(f"passage {key.id} is not found by its own vector")

    def rebuild(self, record: EditionRecord) -> None:
        """Put in again what the server has lost, and write the files again if they are damaged."""
        make_folder(self._folder)
        with self._lock(), told_to_people(self._folder):
            current = self._library.edition(record.id)
            if current is None:
                return
            self._fill(current, None, lambda *_: None)
            try:
                self.check(current)
            except IndexDamaged:
                self._write_again(current, None)

    def discard(self, record: EditionRecord) -> None:
        """Remove an edition that was made and will not be published; its room comes first."""
        shutil.rmtree(self._folder / record.folder, ignore_errors=True)
        with suppress(StorageError):  # on a full disk its rows wait for the next time
            self.forget()

    def forget(self) -> None:
        """Remove editions that are neither served, nor among the last, nor young."""
        try:
            with self._lock(timeout=0), told_to_people(self._folder):
                forgotten = self._library.forget_editions(KEPT_EDITIONS, KEPT_FOR)
                for folder in self._folder.iterdir():
                    if folder.name not in forgotten.kept_folders:
                        shutil.rmtree(folder, ignore_errors=True)
                self._tidy_up(forgotten.passages)
        except Timeout:
            return  # one is being made again, whose new folder nobody knows yet

    def _write_here(self, record: EditionRecord) -> None:
        """Write the files of an edition that was published elsewhere; older ones may go then."""
        make_folder(self._folder)
        with self._lock(), told_to_people(self._folder):
            if (self._folder / record.folder).exists():
                return
            known = self._library.folders()
            here = [each.record for each in self._library.overview() if each.record != record]
            at_hand = (each for each in here if (self._folder / each.folder).exists())
            self._write_again(record, next(at_hand, None))
            for folder in self._folder.iterdir():
                if folder.name not in known:
                    shutil.rmtree(folder, ignore_errors=True)

    def _write_again(self, record: EditionRecord, base: EditionRecord | None) -> None:
        """Put an edition's files in their place, under the name that all machines know."""
        fresh, target = new_folder(), self._folder / record.folder
        self._write(record, fresh, base)
        shutil.rmtree(target, ignore_errors=True)
        (self._folder / fresh).rename(target)

    def _lock(self, timeout: float = -1) -> FileLock:
        return FileLock(self._data_dir / "rebuild.lock", timeout=timeout)

    def _fill(self, record: EditionRecord, base: EditionRecord | None, tell: Tell) -> None:
        """Let the server hold an edition's passages, and verify that it finds them."""
        keys = self._library.passage_keys(record.id)
        with self._server.asked():
            collection = self._server.collection(record.embedding)
            held = self._held(collection, base)
            new = [key for key in keys if key.id not in held]
            self._add(collection, new, record.embedding, tell)
            doubted = new + verifying.sample(keys, record.id) if held else keys
            done = 0
            for count in verifying.verify(collection, self._library, doubted, record.embedding):
                done += count
                tell(Phase.VERIFY, done, len(doubted))

    def _held(self, collection: chromadb.Collection, base: EditionRecord | None) -> set[str]:
        """Which passages need not be added; the server is asked for a list only in doubt."""
        keys = self._library.passage_keys(base.id) if base else []
        if base and not lacks(collection, keys, base.id):
            return {key.id for key in keys}
        held = sorted(chroma.ids_in(collection))
        stray: list[str] = []
        for start in range(0, len(held), chroma.BATCH):
            batch = held[start : start + chroma.BATCH]
            stray += sorted(set(batch) - self._library.passages(batch).keys())
        # They may have the vectors of new passages, which would then not be found by their own.
        chroma.remove(collection, stray)
        return set(held).difference(stray)

    def _add(
        self,
        collection: chromadb.Collection,
        new: Sequence[PassageKey],
        embedding: str,
        tell: Tell = lambda *_: None,
    ) -> None:
        tell(Phase.BUILD, 0, len(new))
        for start in range(0, len(new), chroma.BATCH):
            batch = new[start : start + chroma.BATCH]
            verifying.add(collection, self._library, batch, embedding)
            if len(collection.get(ids=[key.id for key in batch], include=[])["ids"]) < len(batch):
                raise ReindexRefused("the server does not hold all that was put in")
            tell(Phase.BUILD, start + len(batch), len(new))

    def _write(self, record: EditionRecord, folder: str, base: EditionRecord | None) -> None:
        """Write an edition's files, from those of another one if they are whole."""
        target, start = self._folder / folder, self._folder / base.folder if base else None
        make_folder(target)
        try:
            if start:
                checksums.check(start)
        except IndexDamaged:
            start = None
        try:
            with told_to_people(target):
                keys = self._library.passage_keys(record.id)
                write_files(target, self._library, record, keys, start)
                checksums.seal(target)
        except KnowledgeError:
            shutil.rmtree(target, ignore_errors=True)
            raise

    def _tidy_up(self, gone: Sequence[str]) -> None:
        """Let the server hold the passages of the kept editions and no others."""
        kept: dict[str, dict[str, PassageKey]] = {}
        for record in (each.record for each in self._library.overview()):
            keys = self._library.passage_keys(record.id)
            kept.setdefault(record.embedding, {}).update((key.id, key) for key in keys)
        try:
            with self._server.asked():
                self._server.drop_all_but(kept)
                for embedding, wanted in kept.items():
                    self._level(embedding, wanted, gone)
        except KnowledgeError as error:
            _log.warning("Old passages stay on the server until the next reindex: %s", error)

    def _level(self, embedding: str, wanted: dict[str, PassageKey], gone: Sequence[str]) -> None:
        """Remove what is gone; compare in full only if more or less than is wanted remains.

        It does after a reindex was killed, or after the server was restored from a backup.
        """
        collection = self._server.collection(embedding)
        chroma.remove(collection, gone)
        if collection.count() == len(wanted):
            return
        present = chroma.ids_in(collection)
        chroma.remove(collection, sorted(present - wanted.keys()))
        self._add(collection, [wanted[id_] for id_ in wanted if id_ not in present], embedding)
