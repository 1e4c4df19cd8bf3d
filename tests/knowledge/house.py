"""A folder of articles, a data directory, and what one does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson

from knowledge.base import KnowledgeBase
from knowledge.editions import Editions
from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.reindexing import Order, Parts, Reindexer, Report
from knowledge.sources import Tools
from knowledge.sources.declaring import Declarations, declared
from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox
from tests.fakes import EditionsInProcess, HashingEmbedder

Workshop = Callable[[Path, Library], Editions]


class House:
    """Articles and the knowledge made of them, below one folder.

    Args:
        root: where both lie.
        workshop: makes the editions; the real one starts a child process.
        database: the address of a PostgreSQL database; empty for a file.
    """

    def __init__(
        self, root: Path, workshop: Workshop = EditionsInProcess, database: str = ""
    ) -> None:
        self.articles = root / "articles"
        self.articles.mkdir(parents=True, exist_ok=True)
        self.data_dir = root / "data"
        self.library = Library.open(self.data_dir, database)
        self.embedder = HashingEmbedder()
        self.tools = Tools(Fetcher(Responses(self.data_dir / "responses")), Sandbox())
        self._workshop = workshop
        self._bases: list[KnowledgeBase] = []

    def write(self, article_id: str, text: str, **fields: Any) -> Path:
        """Write an article; further fields go into its front matter."""
        file = self.articles / f"{article_id}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        front = "".join(
            f"{name}: {orjson.dumps(value).decode()}\n" for name, value in fields.items()
        )
        file.write_text(f"---\n{front}---\n{text}\n")
        return file

    def shelve(self, names: Iterable[str]) -> None:
        """Write a small article of each name, with words of its own."""
        for name in names:
            self.write(name, f"The {name} is what {name}ers call a {name}ing.", title=name)

    def reindexer(
        self,
        *sources: Path | Declarations,
        embedder: Embedder | None = None,
        workshop: Workshop | None = None,
    ) -> Reindexer:
        """A reindexer of the articles, or of other sources."""
        parts = Parts(
            self.data_dir,
            self.library,
            (workshop or self._workshop)(self.data_dir, self.library),
            embedder or self.embedder,
            self.tools,
        )
        first, *_ = sources or (self.articles,)
        if isinstance(first, Declarations):
            return Reindexer(parts, first)
        return Reindexer(parts, declared(map(str, sources or (self.articles,))))

    def reindex(self, *sources: Path | Declarations, **order: Any) -> Report:
        """Reindex the articles, or other sources, as the fields of an :class:`Order` say."""
        return self.reindexer(*sources).run(Order(**order))

    def base(self, embedder: Embedder | None = None) -> KnowledgeBase:
        """The knowledge base; closed with the house."""
        base = KnowledgeBase(self.data_dir, embedder or self.embedder)
        base.editions = self._workshop(self.data_dir, base.library)
        self._bases.append(base)
        return base

    def folder(self) -> Path:
        """Where the search index of the published edition is."""
        record = self.library.published()
        assert record is not None
        return self.data_dir / "editions" / record.folder

    def served(self) -> dict[str, list[str]]:
        """The texts of the published edition by their articles."""
        record = self.library.published()
        texts: dict[str, list[str]] = {}
        for key in self.library.passage_keys(record.id) if record else ():
            texts.setdefault(key.article_id, []).append(
                self.library.passages([key.id])[key.id].text
            )
        return texts

    def lost(self) -> list[str]:
        """Passages of the published edition that a search for their own text does not find."""
        base = self.base()
        record = base.published()
        passages = base.library.passages([key.id for key in base.library.passage_keys(record.id)])
        return [
            passage.text
            for passage in passages.values()
            if passage not in (hit.passage for hit in base.retrieve(passage.embedded_text).passages)
        ]

    def close(self) -> None:
        """Close everything."""
        for base in self._bases:
            base.close()
        self.tools.close()
        self.library.close()
