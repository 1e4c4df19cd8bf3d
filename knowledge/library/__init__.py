"""The library: articles, passages, vectors and editions in SQL. It is the truth."""

from __future__ import annotations

from pathlib import Path

from knowledge.database import open_database
from knowledge.library.articles import ArticleStore
from knowledge.library.editions import EditionStore
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


class Library(ArticleStore, EditionStore, SourceStore):
    """Reads and writes the library's database. Every method is blocking."""

    @classmethod
    def open(cls, data_dir: Path) -> Library:
        """Open or make the library of a data directory.

        Raises:
            StorageError: it cannot be opened or written.
        """
        file = data_dir / "library.sqlite"
        return cls(open_database(file, _MIGRATIONS), file)
