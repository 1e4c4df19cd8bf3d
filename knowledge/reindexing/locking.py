"""One reindex at a time over all processes that share a library."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from knowledge.database import Database, make_folder, told_to_people
from knowledge.errors import ReindexRefused, ReindexRunning
from knowledge.library import Library

Assure = Callable[[], None]

_LOCK, _HOLDER = "reindex", "reindexing"

_PATIENCE = 0.5
"""Seconds. Who got the lock just now needs a moment to say who it is."""


@contextmanager
def only_one(library: Library, data_dir: Path, who: str) -> Iterator[Assure]:
    """Hold the library for one reindex; the lock dies with the process that holds it.

    Args:
        library: what is changed.
        data_dir: the data directory.
        who: who reindexes, as others are told.

    Yields:
        What makes sure, before something is published, that the lock was not lost meanwhile.

    Raises:
        ReindexRefused: another one is running; tells who is at it since when.
    """
    shared = library.shared
    with _of_the_server(library, shared, who) if shared else _of_the_folder(data_dir, who) as held:
        yield held


@contextmanager
def _of_the_server(library: Library, shared: Database, who: str) -> Iterator[Assure]:
    with shared.locked(_LOCK) as session:
        if session is None:
            raise ReindexRunning(library.property(_HOLDER) or "another process")
        library.set_property(_HOLDER, _holder(f"{who} (on {platform.node()})"))
        yield partial(_assure, session)


def _assure(session: Connection) -> None:
    """The lock lives for as long as the session that took it."""
    try:
        session.execute(select(1))
        session.commit()
    except DBAPIError:
        raise ReindexRefused(
            "The connection to the database was lost meanwhile, so another reindex may have begun; "
            "nothing was published. Run `explainer reindex` again."
        ) from None


@contextmanager
def _of_the_folder(data_dir: Path, who: str) -> Iterator[Assure]:
    make_folder(data_dir)
    lock, holder = FileLock(data_dir / "reindex.lock"), data_dir / "reindex.holder"
    with told_to_people(data_dir):
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout:
            other = holder.read_text().strip() if holder.exists() else "another process"
            raise ReindexRunning(other) from None
        try:
            holder.write_text(_holder(f"{who} (process {os.getpid()})"))
            yield _certain
        finally:
            lock.release()


def _certain() -> None:
    """A file's lock can't be lost."""


def _holder(who: str) -> str:
    return f"{who} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
