"""The library: articles, passages, vectors and editions in SQL. It is the truth."""

from __future__ import annotations

from pathlib import Path

from knowledge.database import Database, open_database
from knowledge.library.articles import ArticleStore
from knowledge.library.editions import EditionStore
from knowledge.library.properties import PropertyStore
from knowledge.library.records import (
    EditionOverview,
    EditionRecord,
    Forgotten,
    Member,
    Note,
    PassageKey,
    SourceState,
    StaleArticle,
    version_id,
)
from knowledge.library.sources import SourceStore

__all__ = [
    "EditionOverview",
    "EditionRecord",
    "Forgotten",
    "Library",
    "Member",
    "Note",
    "PassageKey",
    "SourceState",
    "StaleArticle",
    "version_id",
]

_MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Library(ArticleStore, EditionStore, SourceStore, PropertyStore):
    """Reads and writes the library's database. Every method is blocking."""

    @classmethod
    def open(cls, data_dir: Path, database_url: str = "") -> Library:
        """Open or make the library of a data directory, or one on a server.

        Args:
            data_dir: the data directory.
            database_url: the address of a PostgreSQL database; empty for a file.

        Raises:
            StorageError: it cannot be opened or written.
        """
        return cls(open_database(data_dir, "library", _MIGRATIONS, database_url))

    @property
    def shared(self) -> Database | None:
        """The database, if several machines may use it."""
        return self._database if self._database.on_server else None
