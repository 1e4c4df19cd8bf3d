"""The knowledge base: the published edition, open for questions."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.editions import Edition, Editions
from knowledge.embedding import Embedder
from knowledge.errors import IndexMismatch, IndexMissing
from knowledge.library import EditionRecord, Library
from knowledge.model import Article, Evidence, Passage
from knowledge.retrieval import Retriever
from knowledge.topics import TopicGraph


@dataclass(frozen=True)
class _Open:
    retriever: Retriever
    topics: TopicGraph

    @property
    def edition(self) -> Edition:
        return self.retriever.edition


class KnowledgeBase:
    """Answers from the published edition and moves on when another one is published.

    Every method is blocking and may be called from several threads.

    Args:
        data_dir: the data directory.
        embedder: must be the one that the edition was made with.
    """

    def __init__(self, data_dir: Path, embedder: Embedder) -> None:
        self.library = Library.open(data_dir)
        self.editions = Editions(data_dir, self.library)
        self.embedder = embedder
        self._lock = threading.Lock()
        self._current: _Open | None = None
        self._previous: _Open | None = None

    def retrieve(self, question: str, count: int = 8, per_article: int = 4) -> Evidence:
        """Find the evidence for a self-contained question."""
        opened = self._opened()
        return opened.retriever.retrieve(opened.topics.expand(question), count, per_article)

    def rank_articles(self, question: str, count: int) -> list[tuple[str, float]]:
        """Ids of the best articles for a question, with scores."""
        opened = self._opened()
        return opened.retriever.rank_articles(opened.topics.expand(question), count)

    def term_weight(self, term: str) -> float:
        """How much a stemmed term tells: its inverse document frequency."""
        return self._opened().edition.lexical.idf(term)

    def topics(self) -> TopicGraph:
        """The topics of the published edition."""
        return self._opened().topics

    def article(self, article_id: str) -> Article | None:
        """An article of the published edition, without its text."""
        return self.library.article(self._opened().edition.record.id, article_id)

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article of the published edition, in reading order."""
        return self.library.passages_of(self._opened().edition.record.id, article_id)

    def published(self) -> EditionRecord:
        """The edition that serves.

        Raises:
            IndexMissing: nothing was indexed yet.
            IndexMismatch: it was made with another embedding model.
        """
        record = self.library.published()
        if record is None:
            raise IndexMissing("Nothing is indexed yet. Run `explainer reindex`.")
        if record.embedding != self.embedder.identity:
            raise IndexMismatch(
                f"The index was made with another embedding model ({record.embedding}) than "
                f"the one that is set ({self.embedder.identity}). Run `explainer reindex`."
            )
        return record

    def made_from(self, sources: Sequence[str]) -> bool:
        """Whether the published edition was read from these sources."""
        return self.published().sources == tuple(sources)

    def close(self) -> None:
        """Close the editions and the library."""
        for opened in (self._current, self._previous):
            if opened:
                opened.edition.close()
        self._current = self._previous = None
        self.library.close()

    def _opened(self) -> _Open:
        record = self.published()
        current = self._current
        if current and current.edition.record.id == record.id:
            return current
        with self._lock:
            current = self._current
            if current is None or current.edition.record.id != record.id:
                current = self._move_to(record)
        return current

    def _move_to(self, record: EditionRecord) -> _Open:
        edition = self.editions.open(record)
        topics = TopicGraph(self.library.articles(record.id))
        opened = _Open(Retriever(self.library, edition, self.embedder), topics)
        # Questions under way may still read the edition before, so the one before that closes.
        if self._previous:
            self._previous.edition.close()
        self._previous, self._current = self._current, opened
        return opened
