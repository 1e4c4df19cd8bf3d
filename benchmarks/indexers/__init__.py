"""Who reindexes. Each module is imported only by the process that measures it."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.measuring import Samples
from knowledge.embedding import Embedder


@dataclass(frozen=True)
class Job:
    """What is indexed, and how.

    Args:
        corpus: the articles.
        folder: where the index goes, all of it.
        embedder: the same for everyone.
        server: the address of a Chroma server; empty for Chroma in the process.
    """

    corpus: Corpus
    folder: Path
    embedder: Embedder
    server: str


class Indexer(ABC):
    """Something that brings an index up to date.

    Args:
        job: what is indexed, and how.
    """

    @abstractmethod
    def __init__(self, job: Job) -> None: ...

    @abstractmethod
    def index(self) -> None:
        """Index the articles as they are now."""

    @abstractmethod
    def passages(self) -> int:
        """How many passages are indexed."""

    def beside(self) -> Samples:
        """What only this one can do."""
        return {}


def open_indexer(name: str, job: Job) -> Indexer:
    """Make an indexer by the name of its module."""
    module = importlib.import_module(f"{__name__}.{name}")
    indexer: Indexer = module.INDEXER(job)
    return indexer
