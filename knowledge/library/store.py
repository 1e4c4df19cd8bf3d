"""One database, and how all parts of the library read and write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from knowledge.database import told_to_people

BATCH = 500
"""How many values one statement carries."""

T = TypeVar("T")


class Store:
    """Reads and writes a database. Every method is blocking.

    Args:
        engine: the opened database.
        file: where it is, for messages.
    """

    def __init__(self, engine: Engine, file: Path) -> None:
        self._engine = engine
        self._file = file

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told_to_people(self._file), self._engine.begin() as connection:
            yield connection


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
