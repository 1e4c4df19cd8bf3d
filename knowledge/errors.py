"""Errors of the knowledge that are told to people as one line."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something that a person can put right; its text says what is wrong and what to do."""


class SourceError(KnowledgeError):
    """A source, or one document of it, cannot be read."""


class StorageError(KnowledgeError):
    """The data directory or a database in it cannot be used."""


class DiskFull(StorageError):
    """There is no room left; nothing is damaged."""


class EmbeddingError(KnowledgeError):
    """The embedding model cannot be loaded, or is not what it claims to be."""


class IndexMissing(KnowledgeError):
    """Nothing has been indexed yet."""


class IndexMismatch(KnowledgeError):
    """The published edition was made with another embedding model."""


class ReindexRefused(KnowledgeError):
    """A reindex was not started, or was stopped before publishing; the old edition serves."""


class IndexDamaged(KnowledgeError):
    """The search index of an edition is not what it was; the library can make it again."""


class ReindexRunning(ReindexRefused):
    """Another reindex is at work.

    Args:
        who: who does it, since when.
    """

    def __init__(self, who: str) -> None:
        super().__init__(f"A reindex is already running: {who}.")
