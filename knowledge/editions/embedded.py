"""Editions in Chroma directories: one each, made by a child process, never changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from knowledge.database import is_full, make_folder, told_to_people
from knowledge.editions import checksums
from knowledge.editions.edition import KEPT_EDITIONS, KEPT_FOR, Edition, Phase, Tell, new_folder
from knowledge.editions.files import CHROMA
from knowledge.errors import DiskFull, IndexDamaged, ReindexRefused, StorageError
from knowledge.library import EditionRecord, Library


class EmbeddedEditions:
    """The search indexes in a data directory.

    Args:
        data_dir: the data directory.
        library: what the indexes are made from.
    """

    def __init__(self, data_dir: Path, library: Library) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / "editions"
        self._library = library

    def stage(self, record: EditionRecord, base: EditionRecord | None, tell: Tell) -> None:
        """Make and verify the index of an edition in a child process."""
        self._build(record, record.folder, base.folder if base else "", tell)

    def check(self, record: EditionRecord) -> None:
        """See whether an edition's files are as they were verified, without opening them."""
        checksums.check(self._folder / record.folder)

    def open(self, record: EditionRecord) -> Edition:
        """Open an edition for searching."""
        from knowledge.editions.opening import OpenCollection

        folder = self._folder / record.folder
        checksums.check(folder)
        try:
            keys = self._library.passage_keys(record.id)
            return Edition(record, keys, folder, OpenCollection(folder / CHROMA))
        except DiskFull:
            raise
        except (OSError, ValueError, StorageError) as error:
            raise IndexDamaged(f"it cannot be opened: {error}") from None

    def probe(self, record: EditionRecord) -> None:
        """Try an edition out in a child process, which a damaged one may crash."""
        try:
            for _ in self._child("probe", str(record.id)):
                pass
        except ReindexRefused as error:
            if is_full(str(error)):
                raise DiskFull(f"{error}.") from None
            raise IndexDamaged(str(error)) from None

    def rebuild(self, record: EditionRecord) -> None:
        """Make an edition's index again from the library, without embedding anything."""
        make_folder(self._folder)
        with self._lock(), told_to_people(self._folder):
            current = self._library.edition(record.id)
            if current is None or current.folder != record.folder:
                return  # another process was faster
            folder = new_folder()
            self._build(record, folder, "", lambda *_: None)
            self._library.move(record.id, folder)
            shutil.rmtree(self._folder / record.folder, ignore_errors=True)

    def discard(self, record: EditionRecord) -> None:
        """Remove an edition that was made and will not be published; its room comes first."""
        shutil.rmtree(self._folder / record.folder, ignore_errors=True)
        with suppress(StorageError):  # on a full disk its rows wait for the next time
            self.forget()

    def forget(self) -> None:
        """Remove editions that are neither served, nor among the last, nor young."""
        try:
            with self._lock(timeout=0), told_to_people(self._folder):
                kept = self._library.forget_editions(KEPT_EDITIONS, KEPT_FOR).kept_folders
                for folder in self._folder.iterdir():
                    if folder.name not in kept and folder.is_dir():
                        shutil.rmtree(folder, ignore_errors=True)
        except Timeout:
            return  # one is being made again, whose new folder nobody knows yet

    def _lock(self, timeout: float = -1) -> FileLock:
        return FileLock(self._data_dir / "rebuild.lock", timeout=timeout)

    def _build(self, record: EditionRecord, folder: str, base: str, tell: Tell) -> None:
        make_folder(self._folder)
        try:
            for line in self._child("build", str(record.id), folder, base):
                built = orjson.loads(line)
                tell(Phase(built["phase"]), built["done"], built["total"])
        except ReindexRefused as error:
            shutil.rmtree(self._folder / folder, ignore_errors=True)
            raise ReindexRefused(
                f"The new index was not published: {error}. The old one serves; run "
                "`explainer reindex` again."
            ) from None

    def _child(self, *arguments: str) -> Iterator[str]:
        """Run this package in a process of its own; yields the lines that it prints."""
        task, *rest = arguments
        with subprocess.Popen(  # noqa: S603 - our own module with our own arguments
            [
                sys.executable,
                "-m",
                "knowledge.editions",
                task,
                str(self._data_dir.resolve()),
                *rest,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            text=True,
        ) as child:
            yield from child.stdout or ()
            cause = child.stderr.read().strip().rsplit("\n", 1)[-1] if child.stderr else ""
        if child.returncode:
            raise ReindexRefused(cause.rstrip(".") or "its process died")
