"""Opening a database at its newest schema, in a file or on a server, and telling its errors."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock
from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from knowledge.errors import StorageError

BUSY_SECONDS = 30
"""How long a writer waits for another process's write to end."""

CONNECTIONS = 5
"""How many connections to a server each part of a process keeps at most."""

BATCH = 500
"""How many values one statement carries."""

_CONNECT_SECONDS = 5
_SERVER = "postgresql"
_VERSIONS = "alembic_version"

T = TypeVar("T")


class Database:
    """An SQL database at its newest schema. Every method is blocking.

    Args:
        engine: its connections.
        where: what it is called in messages; never holds a password.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where

    @property
    def on_server(self) -> bool:
        """Whether several machines may use it."""
        return self.engine.dialect.name == _SERVER

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insertion that can tell what to do with a row that is there already."""
        return postgresql.insert(table) if self.on_server else sqlite.insert(table)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading.

        Raises:
            StorageError: the database cannot be read.
        """
        with told_to_people(self.where), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, which is committed at its end.

        Raises:
            StorageError: the database cannot be written.
        """
        with told_to_people(self.where), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def locked(self, name: str) -> Iterator[Connection | None]:
        """Hold a lock of a server's database; it is free again as soon as its holder is gone.

        Yields:
            The connection that holds it; ``None`` if somebody else does.

        Raises:
            StorageError: the server cannot be asked.
        """
        number = zlib.crc32(name.encode())
        with told_to_people(self.where), self.engine.connect() as connection:
            held = connection.execute(select(func.pg_try_advisory_lock(number))).scalar()
            connection.commit()
            try:
                yield connection if held else None
            finally:
                # Back in the pool the connection would hold the lock for good.
                connection.invalidate()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class Store:
    """A part of what a database holds.

    Args:
        database: where it is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading, self._writing = database.reading, database.writing

    def close(self) -> None:
        """Close every connection."""
        self._database.close()


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Items in lists of at most :data:`BATCH`."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def open_database(data_dir: Path, name: str, migrations: Path, url: str = "") -> Database:
    """Open a database, made or migrated to the newest schema as needed.

    Args:
        data_dir: the data directory, made if it is missing; without an address the database is
            a file in it.
        name: what it holds, such as ``library``; several may lie on one server.
        migrations: the folder of the Alembic scripts that define its schema.
        url: the address of a PostgreSQL database; empty for a file.

    Raises:
        StorageError: it cannot be made, opened or written.
    """
    make_folder(data_dir)
    return _on_server(name, migrations, url) if url else _in_file(data_dir, name, migrations)


def _in_file(data_dir: Path, name: str, migrations: Path) -> Database:
    file = data_dir / f"{name}.sqlite"
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare)
    with told_to_people(file):
        _migrate(engine, file, migrations)
    return Database(engine, str(file))


def _on_server(name: str, migrations: Path, url: str) -> Database:
    try:
        address = make_url(url).set(drivername=f"{_SERVER}+psycopg")
    except ArgumentError:
        raise StorageError(
            "EXPLAINER_DATABASE_URL is no address of a database, such as "
            "postgresql://explainer:PASSWORD@localhost/explainer."
        ) from None
    engine = create_engine(
        address,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "explainer"},
    )
    where = f"the database {address.database or ''} at {address.host or 'this machine'}"
    with told_to_people(where):
        _migrate_server(engine, name, migrations, where)
    return Database(engine, where)


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
def told_to_people(where: Path | str) -> Iterator[None]:
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


_MEANINGS = {
    (
        "readonly",
        "unable to open",
    ): "cannot be written. Set EXPLAINER_DATA_DIR to a folder that you may write to.",
    ("locked",): "another process is writing to it. Try again in a minute.",
    (
        "not a database",
        "malformed",
    ): "the file is damaged. Restore it from a backup, or move it away and reindex.",
    (
        "Connection refused",
        "No such file or directory",
        "connection is bad",
        "connection is closed",
        "connection timeout expired",
        "could not translate host name",
        "failed to resolve host",
        "server closed the connection",
        "terminating connection",
        "the connection is lost",
        "the database system is",
    ): "cannot be reached. See that PostgreSQL runs there; nothing was lost.",
}


def is_full(message: str) -> bool:
    """Whether an error of a disk or a database says that there is no room left."""
    return any(sign in message for sign in ("full", "No space left", "disk I/O", "File too large"))


def reason(message: str) -> str:
    """What an error of a disk or a database means to a person."""
    if is_full(message):
        return "the disk is full. Nothing was lost; make room and try again."
    for signs, meaning in _MEANINGS.items():
        if any(sign in message for sign in signs):
            return meaning
    told = _last_line(message)
    if "authentication failed" in message or "does not exist" in message:
        return f"{told}. Correct EXPLAINER_DATABASE_URL."
    return f"{told}."


def _last_line(message: str) -> str:
    return message.strip().splitlines()[-1].strip().rstrip(".") if message.strip() else "it failed"


def _prepare(connection: Any, _record: object) -> None:
    # Readers go on while one process writes; a commit survives the death of the process.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _migrate(engine: Engine, file: Path, migrations: Path) -> None:
    if _is_newest(engine, migrations, _VERSIONS, str(file)):
        return
    with FileLock(f"{file}.migrating"), engine.begin() as connection:
        _upgrade(connection, migrations, _VERSIONS)


def _migrate_server(engine: Engine, name: str, migrations: Path, where: str) -> None:
    versions = f"{_VERSIONS}_{name}"
    if _is_newest(engine, migrations, versions, where):
        return
    with engine.begin() as connection:
        lock = func.pg_advisory_xact_lock(zlib.crc32(versions.encode()))
        connection.execute(select(lock))
        _upgrade(connection, migrations, versions)


def _is_newest(engine: Engine, migrations: Path, versions: str, where: str) -> bool:
    """Whether a database is at the newest schema; one beyond it is refused."""
    revision, newest = _revision(engine, versions), _newest(migrations)
    if revision and revision > newest:
        raise StorageError(
            f"{where} was made by a newer version of Explainer: install that one again, or give "
            "this one a folder of its own in EXPLAINER_DATA_DIR."
        )
    return revision == newest


def _upgrade(connection: Connection, migrations: Path, versions: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes.update(connection=connection, versions=versions)
    command.upgrade(config, "head")


def _revision(engine: Engine, versions: str) -> str | None:
    """The schema that a database is at, read without importing Alembic."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(versions):
            return None
        return connection.execute(text(f"SELECT version_num FROM {versions}")).scalar()  # noqa: S608 - our own name


def _newest(migrations: Path) -> str:
    """The newest revision: migrations are files named REVISION_what.py, counted up."""
    return max(file.name.split("_")[0] for file in (migrations / "versions").glob("[0-9]*.py"))
