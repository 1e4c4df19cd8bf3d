"""One reindex at a time over all processes that share a data directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.database import make_folder, told_to_people
from knowledge.errors import ReindexRefused

_PATIENCE = 0.5
"""Seconds. Who got the lock just now needs a moment to say who it is."""


@contextmanager
def only_one(data_dir: Path, who: str) -> Iterator[None]:
    """Hold the data directory for one reindex; the lock dies with the process that holds it.

    Args:
        data_dir: the data directory.
        who: who reindexes, as others are told.

    Raises:
        ReindexRefused: another one is running; tells who is at it since when.
    """
    make_folder(data_dir)
    lock, holder = FileLock(data_dir / "reindex.lock"), data_dir / "reindex.holder"
    with told_to_people(data_dir):
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout:
            other = holder.read_text().strip() if holder.exists() else "another process"
            raise ReindexRefused(f"A reindex is already running: {other}.") from None
        try:
            now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            holder.write_text(f"{who} (process {os.getpid()}) since {now}")
            yield
        finally:
            lock.release()
