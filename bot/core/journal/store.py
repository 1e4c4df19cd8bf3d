"""What all parts of the journal share: the database, and a clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from knowledge.database import told_to_people


class Store:
    """An opened database.

    Args:
        engine: the database.
        file: its file, for error messages.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, file: Path, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._file = file
        self._clock = clock

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def now(self) -> datetime:
        """The present time by the journal's clock."""
        return datetime.fromtimestamp(self._clock(), UTC)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.begin() as connection:
            yield connection
