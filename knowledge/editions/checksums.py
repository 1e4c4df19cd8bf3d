"""Whether the files of an edition are still what they were when it was verified."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import orjson

from knowledge.errors import IndexDamaged

_FILE = "checksums.json"
_AT_ONCE = 1 << 20
_JOURNALS = ("-wal", "-shm", "-journal")
_VECTORS = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin")
_FILLED = "index_metadata.pickle"
_OPENINGS = "acquire_write"
"""A table in which Chroma notes that it opened a database: all that opening one changes."""


def seal(folder: Path) -> None:
    """Write down the checksums of an edition's files, which nobody may change from now on."""
    (folder / _FILE).write_bytes(orjson.dumps(_state(folder)))


def check(folder: Path) -> None:
    """Compare the files of an edition with their checksums.

    Raises:
        IndexDamaged: a file is gone or other than it was, or another chromadb wrote it.
    """
    try:
        sealed = orjson.loads((folder / _FILE).read_bytes())
        now = _state(folder)
    except (OSError, ValueError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise IndexDamaged(f"it cannot be read: {reason}") from None
    for name in sorted(sealed.keys() | now.keys()):
        if sealed.get(name) != now.get(name):
            raise IndexDamaged(f"{name} is not as it was verified")


def _state(folder: Path) -> dict[str, int | str]:
    sums: dict[str, int | str] = {"chromadb": version("chromadb")}
    for file in sorted(filter(_lasting, folder.rglob("*"))):
        parts = _rows(file) if file.suffix == ".sqlite3" else _bytes(file)
        total = 0
        for part in parts:
            total = zlib.crc32(part, total)
        sums[file.relative_to(folder).as_posix()] = total
    return sums


def _lasting(file: Path) -> bool:
    """Whether a file has to stay as it is."""
    if file.is_dir() or file.name == _FILE or file.name.endswith(_JOURNALS):
        return False
    # Chroma fills these from a thousand vectors on; until then, each opening makes them anew.
    return file.name not in _VECTORS or (file.parent / _FILLED).exists()


def _bytes(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while part := content.read(_AT_ONCE):
            yield part


def _rows(file: Path) -> Iterator[bytes]:
    """What a database holds, and whether it is sound; Chroma changes its bytes by opening it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        for row in database.execute("PRAGMA integrity_check"):
            yield repr(row).encode()
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )
        for (table,) in tables.fetchall():
            if table == _OPENINGS:
                continue
            yield table.encode()
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own name
                yield repr(row).encode()
