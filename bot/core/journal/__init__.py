"""The journal: what happened, in SQL. A file of its own, so that it never waits for a reindex."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.core.journal.places import Habits, PlaceStore
from bot.core.journal.ratings import Gap, RatingStore
from bot.core.journal.records import HISTORY, REMEMBERED, Record, RecordStore
from bot.core.journal.tickets import LEASE_SECONDS, TicketStore
from knowledge.database import open_database

__all__ = [
    "HISTORY",
    "LEASE_SECONDS",
    "REMEMBERED",
    "Gap",
    "Habits",
    "Journal",
    "Record",
]

_MIGRATIONS = Path(__file__).parent / "migrations"


class Journal(TicketStore, RecordStore, RatingStore, PlaceStore):
    """Reads and writes the journal's database. Every method is blocking."""

    @classmethod
    def open(cls, data_dir: Path, clock: Callable[[], float] = time.time) -> Journal:
        """Open or make the journal of a data directory.

        Raises:
            StorageError: it cannot be opened or written.
        """
        file = data_dir / "journal.sqlite"
        return cls(open_database(file, _MIGRATIONS), file, clock)
