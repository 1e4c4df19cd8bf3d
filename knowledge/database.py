"""Opening a database at its newest schema, and telling its errors to people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from knowledge.errors import StorageError

BUSY_SECONDS = 30
"""How long a writer waits for another process's write to end."""


def open_database(file: Path, migrations: Path) -> Engine:
    """Open an SQLite file, made or migrated to the newest schema as needed.

    Args:
        file: the database file; its folder is made if it is missing.
        migrations: the folder of the Alembic scripts that define its schema.

    Raises:
        StorageError: the file cannot be made, opened or written.
    """
    make_folder(file.parent)
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    with told_to_people(file):
        _migrate(engine, file, migrations)
    return engine


def make_folder(folder: Path) -> None:
    """Make a folder of the data directory.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{folder}: {error.strerror or error}. Set EXPLAINER_DATA_DIR to a folder that "
            "you may write to."
        ) from None


@contextmanager
def told_to_people(where: Path) -> Iterator[None]:
    """Translate the errors of disk and database into one line.

    Raises:
        StorageError: in place of whatever they raise.
    """
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        raise StorageError(f"{where}: {reason(str(error.orig))}") from None
    except shutil.Error as error:  # holds a list of what could not be copied
        raise StorageError(f"{where}: {reason(str(error))}") from None
    except OSError as error:
        raise StorageError(f"{where}: {error.strerror or error}. Nothing was lost.") from None


def is_full(message: str) -> bool:
    """Whether an error of a disk or a database says that there is no room left."""
    return any(sign in message for sign in ("full", "No space left", "disk I/O", "File too large"))


def reason(message: str) -> str:
    """What an error of a disk or a database means to a person."""
    if is_full(message):
        return "the disk is full. Nothing was lost; make room and try again."
    if "readonly" in message or "unable to open" in message:
        return "cannot be written. Set EXPLAINER_DATA_DIR to a folder that you may write to."
    if "locked" in message:
        return "another process is writing to it. Try again in a minute."
    if "not a database" in message or "malformed" in message:
        return "the file is damaged. Restore it from a backup, or move it away and reindex."
    return f"{message}."


def _prepare(connection: Any, _record: object) -> None:
    # Readers go on while one process writes; a commit survives the death of the process.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _migrate(engine: Engine, file: Path, migrations: Path) -> None:
    revision, newest = _revision(engine), _newest(migrations)
    if revision == newest:
        return
    if revision and revision > newest:
        raise StorageError(
            f"{file} was made by a newer version of Explainer: install that one again, or give "
            "this one a folder of its own in EXPLAINER_DATA_DIR."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    with FileLock(f"{file}.migrating"), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    """The schema that a database is at, read without importing Alembic."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _newest(migrations: Path) -> str:
    """The newest revision: migrations are files named REVISION_what.py, counted up."""
    return max(file.name.split("_")[0] for file in (migrations / "versions").glob("[0-9]*.py"))
