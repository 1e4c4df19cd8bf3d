"""The knowledge base: the published edition, open for questions."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge import calibration
from knowledge.calibration import Calibration
from knowledge.editions import Edition, make_editions
from knowledge.embedding import Embedder
from knowledge.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    KnowledgeError,
    ReindexRefused,
)
from knowledge.library import EditionRecord, Library
from knowledge.model import Article, Evidence, Passage
from knowledge.models import Models
from knowledge.reading import Reader, Reranker
from knowledge.retrieval import Retriever
from knowledge.sources.declaring import Declaration, locations
from knowledge.topics import TopicGraph
from knowledge.vocabulary import is_common

_REMEMBERED_ARTICLES = 512

_log = logging.getLogger(__name__)


class OpenEdition:
    """One edition, open for reading. What belongs to one answer is read from one of these.

    Every method is blocking and may be called from several threads.

    Args:
        library: holds the edition's texts.
        index: its search index.
        models: what it is searched with.
        calibration: what an answerable question must reach.
        part: what it shows, if that isn't all.

    Attributes:
        damaged: whether a search found out that the index isn't as it was.
    """

    def __init__(
        self,
        library: Library,
        index: Edition,
        models: Models,
        calibration: Calibration,
        part: EditionPart | None = None,
    ) -> None:
        edition_id = index.record.id
        self.record = index.record
        self.damaged = False
        self.topics = TopicGraph(
            article
            for article in library.articles(edition_id)
            if part is None or article.id in part.articles
        )
        self._library, self._index, self._models = library, index, models
        self._calibration = calibration
        self._part = part
        self._retriever = Retriever(
            library, index, models, calibration, part.articles if part else None
        )
        # An edition never changes, so what was read once needn't be read again.
        self._article = lru_cache(_REMEMBERED_ARTICLES)(
            lambda article_id: library.article(edition_id, article_id)
        )
        self._passages_of = lru_cache(_REMEMBERED_ARTICLES)(
            lambda article_id: library.passages_of(edition_id, article_id)
        )
        self._repetitions = library.repetitions(edition_id)
        # Whoever answers from an edition holds on to it, so its files close with the last one.
        self.close: Callable[[], object] = (
            part.whole.close if part else weakref.finalize(self, index.close)
        )

    def within(self, sources: Collection[str]) -> OpenEdition:
        """The same edition as if it held only the articles of some sources.

        Args:
            sources: their names.
        """
        members = self._library.members(self.record.id)
        articles = {
            member.same_as or article_id
            for article_id, member in members.items()
            if member.source in sources
        }
        part = EditionPart(self, articles)
        return OpenEdition(self._library, self._index, self._models, self._calibration, part)

    def retrieve(self, question: str, count: int = 8, per_article: int = 4) -> Evidence:
        """Find the evidence for a self-contained question."""
        expanded, named = self.topics.expand(question), self.topics.only_named(question)
        with self._noticing_damage():
            return self._retriever.retrieve(expanded, count, per_article, named=named)

    def corrected(self, question: str) -> str:
        """A question with typing errors in the names of topics put right."""
        lexical = self._index.lexical

        def known(word: str) -> bool:
            return lexical.knows(word) or is_common(word)

        return self.topics.corrected(question, known)

    def rank_articles(self, question: str, count: int) -> list[tuple[str, float]]:
        """Ids of the best articles for a question, with scores; repetitions come along."""
        with self._noticing_damage():
            found = self._retriever.rank_articles(self.topics.expand(question), count)
        return [
            (id_, score)
            for article_id, score in found
            for id_ in (article_id, *self._repetitions.get(article_id, ()))
        ][:count]

    def term_weight(self, term: str) -> float:
        """How much a stemmed term tells: its inverse document frequency."""
        return self._index.lexical.idf(term)

    def article(self, article_id: str) -> Article | None:
        """An article without its text."""
        return self._article(article_id)

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in reading order."""
        return self._passages_of(article_id)

    @contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        """Remember that the index is damaged, so that it is mended for the next question."""
        try:
            yield
        except IndexDamaged:
            (self._part.whole if self._part else self).damaged = True
            raise


@dataclass(frozen=True)
class EditionPart:
    """Some articles of an opened edition, which stays open for as long as these are read.

    Args:
        whole: the edition.
        articles: their ids.
    """

    whole: OpenEdition
    articles: Set[str]


@dataclass(frozen=True)
class Servers:
    """Where library and index are, if not in the data directory.

    Args:
        chroma: the address of a Chroma server; empty for Chroma in this process.
        database: the address of a PostgreSQL database; empty for a file.
    """

    chroma: str = ""
    database: str = ""


class KnowledgeBase:
    """Opens the published edition and moves on when another one is published.

    Every method is blocking and may be called from several threads.

    Args:
        data_dir: the data directory.
        embedder: must be the one that the edition was made with.
        reader: looks for the answer in the best passages, if there is one.
        reranker: puts the best passages in order, if there is one.
        servers: keep the library and the index for several machines, if there are any.
    """

    def __init__(
        self,
        data_dir: Path,
        embedder: Embedder,
        reader: Reader | None = None,
        reranker: Reranker | None = None,
        servers: Servers = Servers(),
    ) -> None:
        self.library = Library.open(data_dir, servers.database)
        self.editions = make_editions(data_dir, self.library, servers.chroma)
        self.embedder = embedder
        self._data_dir = data_dir
        self._models = Models(embedder, reader, reranker)
        self._lock = threading.Lock()
        self._current: OpenEdition | None = None
        self._parts: dict[tuple[str, ...], OpenEdition] = {}

    def current(self, sources: tuple[str, ...] = ()) -> OpenEdition:
        """The published edition, opened.

        Args:
            sources: names of the sources whose articles it shows; empty: all.

        Raises:
            IndexMissing: nothing was indexed yet, or the index cannot be used.
            IndexMismatch: it was made with another embedding model.
        """
        record = self.published()
        current = self._current
        if current is None or not _serves(current, record):
            with self._lock:
                current = self._current
                if current is None or not _serves(current, record):
                    current = self._move_to(record)
        return self._narrowed(current, sources) if sources else current

    def retrieve(self, question: str, count: int = 8, per_article: int = 4) -> Evidence:
        """Find the evidence for a self-contained question."""
        return self.current().retrieve(question, count, per_article)

    def rank_articles(self, question: str, count: int) -> list[tuple[str, float]]:
        """Ids of the best articles for a question, with scores."""
        return self.current().rank_articles(question, count)

    def topics(self) -> TopicGraph:
        """The topics of the published edition."""
        return self.current().topics

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

    def made_from(self, sources: Sequence[Declaration]) -> bool:
        """Whether the published edition was read from these sources."""
        return self.published().sources == locations(sources)

    def probe(self) -> None:
        """Try the published edition out in a process of its own, and mend it if it is damaged.

        Raises:
            IndexMissing: nothing was indexed yet, or the index cannot be made again.
            IndexMismatch: it was made with another embedding model.
        """
        record = self.published()
        try:
            self.editions.probe(record)
        except IndexDamaged as error:
            self._mend(record, error)

    def close(self) -> None:
        """Close the published edition and the library."""
        if self._current:
            self._current.close()
        self._current = None
        self._parts = {}
        self.library.close()

    def _move_to(self, record: EditionRecord) -> OpenEdition:
        fitted = calibration.load(self._data_dir, self.embedder.identity)
        try:
            index = self._opened(record)
        except KnowledgeError as error:
            if self._current is None:
                raise
            _log.warning("Edition %d is not opened (%s); the one before serves.", record.id, error)
            return self._current
        self._parts = {}
        self._current = OpenEdition(self.library, index, self._models, fitted)
        return self._current

    def _narrowed(self, whole: OpenEdition, sources: tuple[str, ...]) -> OpenEdition:
        with self._lock:
            part = self._parts.get(sources)
            if part is None or part.record != whole.record:
                part = self._parts[sources] = whole.within(sources)
            return part

    def _opened(self, record: EditionRecord) -> Edition:
        try:
            return self.editions.open(record)
        except IndexDamaged as error:
            return self.editions.open(self._mend(record, error))

    def _mend(self, record: EditionRecord, error: IndexDamaged) -> EditionRecord:
        """Make a damaged index again from the library; returns where it is now."""
        _log.warning("The index of edition %d is damaged (%s); making it again.", record.id, error)
        try:
            self.editions.rebuild(record)
        except ReindexRefused as refused:
            raise IndexMissing(
                f"The index of edition {record.id} is damaged and cannot be made again from the "
                f"library: {refused}"
            ) from None
        return self.library.edition(record.id) or record


def _serves(current: OpenEdition, record: EditionRecord) -> bool:
    return current.record.id == record.id and not current.damaged
