"""The journal: what happened, in SQL. A file of its own, so that it never waits for a reindex."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.core.journal.counts import CountStore
from bot.core.journal.people import PeopleStore
from bot.core.journal.places import Habits, PlaceStore
from bot.core.journal.ratings import Gap, RatingStore
from bot.core.journal.records import HISTORY, REMEMBERED, Record, RecordStore
from bot.core.journal.retention import RetentionStore
from bot.core.journal.tickets import (
    LEASE_SECONDS,
    RENEW_SECONDS,
    Abandoned,
    TicketStore,
    name_of,
)
from knowledge.database import Database, open_database

__all__ = [
    "HISTORY",
    "LEASE_SECONDS",
    "REMEMBERED",
    "RENEW_SECONDS",
    "Abandoned",
    "Gap",
    "Habits",
    "Journal",
    "Record",
    "name_of",
    "open_journal",
]

_MIGRATIONS = Path(__file__).parent / "migrations"


class Journal(
    TicketStore, RecordStore, RatingStore, PlaceStore, PeopleStore, RetentionStore, CountStore
):
    """Reads and writes the journal's database. Every method is blocking."""

    @classmethod
    def open(
        cls,
        data_dir: Path,
        clock: Callable[[], float] = time.time,
        *,
        database_url: str = "",
        id_key: str = "",
    ) -> Journal:
        """Open or make the journal of a data directory, or one on a server.

        Args:
            data_dir: the data directory.
            clock: seconds since the epoch.
            database_url: the address of a PostgreSQL database; empty for a file.
            id_key: if given, people are named by hashes that only this key can make.

        Raises:
            StorageError: it cannot be opened or written.
        """
        return cls(open_journal(data_dir, database_url), clock, id_key)


def open_journal(data_dir: Path, database_url: str = "") -> Database:
    """Open or make the journal's database.

    Raises:
        StorageError: it cannot be opened or written.
    """
    return open_database(data_dir, "journal", _MIGRATIONS, database_url)
