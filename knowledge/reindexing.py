"""The transaction: gather -> diff -> embed what is new -> stage -> verify -> publish.

Until the last step nothing refers to what the steps before wrote, so whatever dies, the old
edition serves on and the next reindex continues with what is already embedded.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.database import make_folder, told_to_people
from knowledge.editions import Editions
from knowledge.embedding import Embedder
from knowledge.errors import ReindexRefused, SourceError
from knowledge.library import EditionRecord, Library, Member
from knowledge.model import Article
from knowledge.sources import Document, Problem, open_sources
from knowledge.sources.documents import fingerprint
from knowledge.splitting import SPLITTING_VERSION

EMBED_AT_ONCE = 512
"""Vectors a commit: what a kill can cost is embedding these again."""

LARGEST_LOSS = 0.2
"""An edition that would lose a larger share of the articles needs an operator's word."""


class Step(StrEnum):
    """What a reindex is doing."""

    GATHER = "reading the sources"
    EMBED = "embedding new passages"
    STAGE = "building and verifying the index"


@dataclass(frozen=True)
class Progress:
    """How far a step has come.

    Args:
        step: what is being done.
        done: how much of it is done.
        total: how much there is, or ``None`` while nobody knows.
    """

    step: Step
    done: int
    total: int | None = None


@dataclass(frozen=True)
class Diff:
    """What a reindex changes: ids of articles."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def changes(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Report:
    """What a reindex did, or would do.

    Args:
        diff: the articles.
        problems: documents that could not be read, one line each.
        embedded: how many passages were embedded.
        seconds: how long it took.
        edition: the edition that serves now; ``None`` if there is none.
        published: whether a new edition was published.
    """

    diff: Diff
    problems: tuple[str, ...]
    embedded: int
    seconds: float
    edition: int | None
    published: bool


def _nobody_listens(progress: Progress) -> None:
    """The default listener."""


@dataclass
class _Gathered:
    members: dict[str, Member] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


class Reindexer:
    """Brings the published edition up to date with the sources. Blocking.

    Args:
        data_dir: the data directory.
        library: the library in it.
        editions: the search indexes in it.
        embedder: embeds what is new.
        sources: names of the sources.
    """

    def __init__(
        self,
        data_dir: Path,
        library: Library,
        editions: Editions,
        embedder: Embedder,
        sources: Sequence[str],
    ) -> None:
        self._data_dir = data_dir
        self._library = library
        self._editions = editions
        self._embedder = embedder
        self._sources = tuple(sources)

    def run(
        self,
        tell: Callable[[Progress], None] = _nobody_listens,
        *,
        dry_run: bool = False,
        force: bool = False,
    ) -> Report:
        """Reindex.

        Args:
            tell: called as the work goes on.
            dry_run: only say what would change.
            force: publish even if many articles are lost, and even if nothing changed.

        Raises:
            SourceError: a source as a whole cannot be read, or all are empty.
            ReindexRefused: another reindex is running, too much would be lost, or the new
                index did not stand up to its check. The old edition serves on.
            StorageError: the disk is full or cannot be written. The old edition serves on.
        """
        started = time.monotonic()
        with _lock(self._data_dir):
            published = self._library.published()
            before = self._library.members(published.id) if published else {}
            gathered = self._gather(before, tell)
            articles = list(_parse(gathered, before))
            diff = _diff(before, gathered)
            _refuse_nothing(gathered)
            if not (force or dry_run):
                _refuse_a_large_loss(diff, len(before))
            embedded, edition = 0, published.id if published else None
            publishing = not dry_run and (force or diff.changes or self._outdated(published))
            if publishing:
                new = self._keep(gathered, articles)
                outdated = published is None or published.embedding != self._embedder.identity
                every = [member.version_id for member in gathered.members.values()]
                embedded = self._embed(every if outdated else new, tell)
                edition = self._publish(gathered.members, tell)
        seconds = time.monotonic() - started
        return Report(diff, tuple(gathered.problems), embedded, seconds, edition, publishing)

    def _outdated(self, published: EditionRecord | None) -> bool:
        """Whether the same articles need another edition all the same."""
        return (
            published is None
            or published.embedding != self._embedder.identity
            or published.sources != self._sources
        )

    def _gather(self, before: dict[str, Member], tell: Callable[[Progress], None]) -> _Gathered:
        gathered = _Gathered()
        for name, source in zip(self._sources, open_sources(self._sources), strict=True):
            for found in source.documents():
                if isinstance(found, Problem):
                    unread = found.article_id and _free_id(found.article_id, name, gathered)
                    gathered.unreadable.add(unread or "")
                    gathered.problems.append(found.reason)
                    continue
                article_id = _free_id(found.id, name, gathered)
                if article_id is None:
                    gathered.problems.append(
                        f"{found.origin}: another article has the id '{found.id}'."
                    )
                    continue
                known = before.get(article_id)
                if known and known.fingerprint == _fingerprint(found):
                    gathered.members[article_id] = known
                else:
                    gathered.documents[article_id] = found
                tell(Progress(Step.GATHER, len(gathered.members) + len(gathered.documents)))
        return gathered

    def _keep(self, gathered: _Gathered, articles: list[tuple[Article, Document]]) -> list[str]:
        """Keep what was parsed; returns the ids of the new versions."""
        versions = self._library.add_articles(
            (article, document.origin) for article, document in articles
        )
        for (article, document), version in zip(articles, versions, strict=True):
            gathered.members[article.id] = Member(version, _fingerprint(document))
        return versions

    def _embed(self, versions: Sequence[str], tell: Callable[[Progress], None]) -> int:
        """Embed the passages of these versions that have no vector yet; returns how many."""
        identity = self._embedder.identity
        missing = self._library.without_vector(versions, identity)
        # Texts of like length go together, so that batches need little padding.
        ids = sorted(missing, key=lambda id_: -len(missing[id_]))
        done = 0
        tell(Progress(Step.EMBED, done, len(ids)))
        for start in range(0, len(ids), EMBED_AT_ONCE):
            batch = ids[start : start + EMBED_AT_ONCE]

            def advance(count: int) -> None:
                nonlocal done
                done += count
                tell(Progress(Step.EMBED, done, len(ids)))

            vectors = self._embedder.embed_passages([missing[id_] for id_ in batch], advance)
            self._library.add_vectors(batch, vectors, identity)
        return len(ids)

    def _publish(self, members: dict[str, Member], tell: Callable[[Progress], None]) -> int:
        identity = self._embedder.identity
        published = self._library.published()
        base = published if published and published.embedding == identity else None
        folder = self._editions.new_folder()
        record = self._library.stage(members, identity, folder, self._sources)
        total = len(self._library.passage_keys(record.id))
        verified = 0

        def advance(count: int) -> None:
            nonlocal verified
            verified += count
            tell(Progress(Step.STAGE, verified, total))

        try:
            self._editions.stage(record, base, advance)
        except ReindexRefused:
            if base is None:
                raise
            verified = 0  # the last index may be damaged, which is no reason to keep it
            self._editions.stage(record, None, advance)
        self._library.publish(record.id)
        self._editions.forget()
        return record.id


def _free_id(article_id: str, source: str, gathered: _Gathered) -> str | None:
    longer = f"{Path(source).name}/{article_id}"
    taken = (gathered.members, gathered.documents, gathered.unreadable)
    free = (id_ for id_ in (article_id, longer) if not any(id_ in ids for ids in taken))
    return next(free, None)


def _fingerprint(document: Document) -> str:
    """Changes with the document, and with the way in which articles are split."""
    return fingerprint(f"{SPLITTING_VERSION} {document.fingerprint}".encode())


def _parse(gathered: _Gathered, before: dict[str, Member]) -> Iterator[tuple[Article, Document]]:
    """Parse what is new or changed; what cannot be parsed stays as it was before."""
    for article_id, document in list(gathered.documents.items()):
        try:
            article = document.parse()
        except SourceError as error:
            gathered.problems.append(str(error))
            gathered.unreadable.add(article_id)
            del gathered.documents[article_id]
        else:
            yield replace(article, id=article_id), document
    # An empty id stands for a document of which not even the id could be read.
    everything = "" in gathered.unreadable
    for article_id, member in before.items():
        unread = everything or article_id in gathered.unreadable
        if unread and article_id not in gathered.documents:
            gathered.members.setdefault(article_id, member)


def _diff(before: dict[str, Member], gathered: _Gathered) -> Diff:
    new = gathered.documents.keys()
    now = new | gathered.members.keys()
    return Diff(
        added=tuple(sorted(new - before.keys())),
        changed=tuple(sorted(new & before.keys())),
        removed=tuple(sorted(before.keys() - now)),
        unchanged=len(gathered.members),
    )


def _refuse_nothing(gathered: _Gathered) -> None:
    if not (gathered.members or gathered.documents):
        reason = gathered.problems[0] if gathered.problems else "they are empty."
        raise SourceError(f"No article could be read from the sources: {reason}")


def _refuse_a_large_loss(diff: Diff, before: int) -> None:
    if before and len(diff.removed) > LARGEST_LOSS * before:
        raise ReindexRefused(
            f"{len(diff.removed)} of {before} articles would be lost; nothing was changed. "
            "If that is meant, run `explainer reindex --force`."
        )


@contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """One reindex at a time; the lock dies with the process that holds it."""
    make_folder(data_dir)
    lock, holder = FileLock(data_dir / "reindex.lock"), data_dir / "reindex.holder"
    with told_to_people(data_dir):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            who = holder.read_text().strip() if holder.exists() else "another process"
            raise ReindexRefused(f"A reindex is already running: {who}.") from None
        try:
            now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            holder.write_text(f"process {os.getpid()} since {now}")
            yield
        finally:
            lock.release()
