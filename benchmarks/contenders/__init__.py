"""Who competes. Each module is imported only by the process that measures it."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from benchmarks.corpus import Corpus


class Contender(ABC):
    """Something that indexes articles and is asked questions.

    Args:
        corpus: the articles.
        folder: where it may keep its index; the same for every process of one round.
    """

    reindexes = True
    """Whether it can index the same articles again for less."""

    @abstractmethod
    def __init__(self, corpus: Corpus, folder: Path) -> None: ...

    @abstractmethod
    def embed(self, texts: list[str]) -> None:
        """Embed texts and forget them: what the model needs is loaded then."""

    @abstractmethod
    def index(self) -> None:
        """Index the articles as they are now."""

    @abstractmethod
    def passages(self) -> int:
        """How many passages the last indexing left in the index."""

    async def warm_up(self) -> None:  # noqa: B027 - most have nothing to do
        """Do what a service does when it starts, before anybody asks."""

    @abstractmethod
    async def ask(self, question: str) -> Mapping[str, float]:
        """Answer a question while others ask; returns what it tells about the way, if anything."""

    async def ask_alone(self, question: str) -> Mapping[str, float]:
        """Answer a question while nobody else asks."""
        return await self.ask(question)


def open_contender(name: str, corpus: Corpus, folder: Path) -> Contender:
    """Make a contender by the name of its module."""
    module = importlib.import_module(f"{__name__}.{name}")
    contender: Contender = module.CONTENDER(corpus, folder)
    return contender
