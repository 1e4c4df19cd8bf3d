"""The databases: there, sound, at the newest schema, and open for writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from time import perf_counter

from sqlalchemy import false, select, text, update

from bot.core.errors import ExplainerError
from bot.core.journal import open_journal
from bot.core.journal.schema import tickets
from bot.settings import Settings
from knowledge.database import Database, reason
from knowledge.library import Library

_RESTORE = {
    "library": "restore it from a backup, or move it away and run `explainer reindex`.",
    "journal": "restore it from a backup, or move it away; what was asked and how channels are "
    "set is lost then.",
}
_BUSY_SECONDS = 5.0


def database(settings: Settings) -> str:
    """Whether library and journal can be read and written."""
    return _server(settings) if settings.database else _files(settings)


def _files(settings: Settings) -> str:
    files = {name: settings.data_dir / f"{name}.sqlite" for name in _RESTORE}
    for name, file in files.items():
        if file.exists():  # opening a damaged one would only tell half of it
            _see_that_it_is_sound(file, _RESTORE[name])
    _open_both(settings).close()
    for file in files.values():
        _see_that_it_can_be_written(file)
    sizes = " and ".join(f"{f.name} ({f.stat().st_size / 1e6:,.1f} MB)" for f in files.values())
    return f"{sizes}: sound, at the newest schema, can be written"


def _open_both(settings: Settings) -> Database:
    """Bring both to the newest schema, or be told that they are beyond it; opens the journal's."""
    Library.open(settings.data_dir, settings.database).close()
    return open_journal(settings.data_dir, settings.database)


def _see_that_it_is_sound(file: Path, remedy: str) -> None:
    try:
        with closing(_connection(file, "ro")) as connection:
            [(told,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError as error:
        raise ExplainerError(f"{file}: {reason(str(error))}") from None
    except sqlite3.DatabaseError as error:
        told = str(error)
    if told != "ok":
        raise ExplainerError(f"{file} is damaged ({' '.join(str(told).split())}): {remedy}")


def _see_that_it_can_be_written(file: Path) -> None:
    try:
        with closing(_connection(file, "rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise ExplainerError(f"{file}: {reason(str(error))}") from None


def _connection(file: Path, mode: str) -> sqlite3.Connection:
    address = f"{file.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _server(settings: Settings) -> str:
    with closing(_open_both(settings)) as opened:
        with opened.reading() as connection:
            version = str(connection.execute(text("SHOW server_version")).scalar()).split()[0]
            only_read = connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
            began = perf_counter()
            connection.execute(select(1))
            took = perf_counter() - began
        if only_read:
            raise ExplainerError(
                f"{opened.where} can only be read, as a standby can: name the server that takes "
                "writes in EXPLAINER_DATABASE_URL."
            )
        with opened.writing() as connection:
            nothing = update(tickets).where(false()).values(done=tickets.c.done)
            connection.execute(nothing)
        return (
            f"{opened.where}: PostgreSQL {version}, at the newest schema, can be written; "
            f"a round trip takes {1000 * took:.1f} ms"
        )
