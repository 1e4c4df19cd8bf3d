"""From the sources to a published edition, or to nothing changed at all."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from knowledge.editions.edition import new_folder
from knowledge.errors import IndexDamaged, ReindexRefused, SourceError, StorageError
from knowledge.library import EditionRecord, Member, Note, SourceState, StaleArticle
from knowledge.reindexing import canaries, diff
from knowledge.reindexing.diff import Diff
from knowledge.reindexing.gathering import Gathered, Gatherer
from knowledge.reindexing.keeping import Keeper
from knowledge.reindexing.locking import Assure, only_one
from knowledge.reindexing.order import Order, Parts, Report
from knowledge.reindexing.progress import Reporter, Step, Tell, nobody
from knowledge.reindexing.rollback import roll_back
from knowledge.sources.declaring import Declarations, Trust, locations

_log = logging.getLogger(__name__)

EMBED_AT_ONCE = 512
"""Vectors a commit: what a kill can cost is embedding these again."""

LARGEST_LOSS = 0.2
"""An edition that would lose a larger share of the articles needs an operator's word."""


class Reindexer:
    """Brings the published edition up to date with the sources. Blocking.

    Args:
        parts: what it works with.
        declared: the sources, and the questions that must find their articles.
    """

    def __init__(self, parts: Parts, declared: Declarations) -> None:
        self._parts = parts
        self._declared = declared

    @property
    def declared(self) -> Declarations:
        """The sources, and the questions that must find their articles."""
        return self._declared

    def run(self, order: Order = Order(), tell: Tell = nobody) -> Report:  # noqa: B008 - frozen
        """Reindex.

        Args:
            order: what is asked for.
            tell: called as the work goes on.

        Raises:
            SourceError: no source can be read, all are empty, or one is asked for that is not
                declared.
            ReindexRefused: another reindex is running, too much would be lost, the published
                edition is pinned, or the new index did not stand up to its check. The old
                edition serves on.
            StorageError: the disk is full or cannot be written. The old edition serves on.
        """
        _refuse_unknown_names(order.only, self._declared)
        started = time.monotonic()
        with only_one(self._parts.library, self._parts.data_dir, order.who) as assure:
            run = _Run(self._parts, self._declared, order, Reporter(tell))
            report = run.run(assure)
        return replace(report, seconds=time.monotonic() - started)

    def roll_back(self, edition_id: int | None = None, who: str = "terminal") -> EditionRecord:
        """Let an earlier edition serve again, and pin it.

        Args:
            edition_id: which one; the one that served last before this one if ``None``.
            who: who asks.

        Raises:
            ReindexRefused: there is no such edition, it was made with another embedding, or a
                reindex is running.
        """
        with only_one(self._parts.library, self._parts.data_dir, who):
            return roll_back(self._parts, edition_id)

    def release(self) -> None:
        """Let schedules publish over a pinned edition again."""
        self._parts.library.release()


class _Run:
    """One reindex, while it has the data directory for itself."""

    def __init__(
        self, parts: Parts, declared: Declarations, order: Order, reporter: Reporter
    ) -> None:
        self._parts = parts
        self._library = parts.library
        self._declared = declared
        self._order = order
        self._reporter = reporter
        self._published = parts.library.published()
        self._before = parts.library.members(self._published.id) if self._published else {}

    def run(self, assure: Assure) -> Report:
        """Do what is asked for; the report lacks the time that it took.

        Args:
            assure: makes sure that nobody else reindexes.
        """
        self._refuse_a_pinned_edition()
        gathered, found, after = self._look()
        serving = self._published.id if self._published else None
        dry_run = self._order.dry_run
        if dry_run or not (self._order.force or self._differs(after)):
            return Report(found, gathered.problems, 0, 0.0, serving, False, dry_run)
        embedded = self._embed(after)
        edition = self._publish(after, found, assure)
        return Report(found, gathered.problems, embedded, 0.0, edition, published=True)

    def _look(self) -> tuple[Gathered, Diff, dict[str, Member]]:
        """Read the sources; tells what changed, and the documents of the next edition."""
        order = self._order
        keeper = Keeper(self._library, dry_run=order.dry_run, force=order.force)
        gatherer = Gatherer(
            self._declared.source,
            self._parts.tools,
            self._before,
            keeper.accept,
            lambda count: self._reporter.report(Step.GATHER, count),
        )
        gathered = gatherer.gather(order.only)
        keeper.flush()
        if not order.dry_run:
            self._note(gathered)
        _refuse_nothing(gathered)
        after = diff.collapse(gathered.members, _ranks(self._declared))
        found = self._with_titles(diff.compare(self._before, after), keeper.titles)
        if not (order.force or order.dry_run):
            _refuse_a_large_loss(found)
        return gathered, found, after

    def _with_titles(self, found: Diff, titles: Mapping[str, str]) -> Diff:
        old = self._library.titles(self._published.id) if self._published and found.removed else {}
        named = (*found.added, *found.changed, *found.removed)
        return replace(found, titles={id_: titles.get(id_) or old.get(id_, id_) for id_ in named})

    def _note(self, gathered: Gathered) -> None:
        """Remember how reading the sources went, and since when what is stale."""
        now = datetime.now(UTC)
        states = self._library.source_states()
        since = {(s.source, s.article_id): s.since for s in self._library.stale_articles()}

        def state(name: str) -> SourceState:
            problem = gathered.failed.get(name, "")
            whole = states[name].read if problem and name in states else None if problem else now
            return SourceState(name, now, whole, problem)

        stale = {
            (u.source, u.article_id): StaleArticle(
                u.source, u.article_id, u.origin, u.reason, since.get((u.source, u.article_id), now)
            )
            for u in gathered.unread
        }
        declared = [source.name for source in self._declared.source]
        self._library.note_sources(map(state, gathered.read), stale.values(), declared)

    def _refuse_a_pinned_edition(self) -> None:
        since = self._library.pinned()
        if self._published and since and not (self._order.force or self._order.dry_run):
            raise ReindexRefused(
                f"Edition {self._published.id} is pinned since {since:%Y-%m-%d %H:%M} UTC; "
                "nothing was changed. Release it with `explainer rollback --release`."
            )

    def _differs(self, after: Mapping[str, Member]) -> bool:
        """Whether the next edition would be another one than that which serves."""
        published = self._published
        return (
            published is None
            or published.embedding != self._parts.embedder.identity
            or published.sources != locations(self._declared.source)
            or diff.places(self._before) != diff.places(after)
        )

    def _embed(self, after: Mapping[str, Member]) -> int:
        """Embed the passages that have no vector yet; returns how many."""
        embedder, published = self._parts.embedder, self._published
        outdated = published is None or published.embedding != embedder.identity
        held = set() if outdated else {member.version_id for member in self._before.values()}
        versions = {member.version_id for member in after.values()} - held
        missing = self._library.without_vector(sorted(versions), embedder.identity)
        # Texts of like length go together, so that batches need little padding.
        ids = sorted(missing, key=lambda id_: -len(missing[id_]))
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._reporter.report(Step.EMBED, done, len(ids))

        advance(0)
        for start in range(0, len(ids), EMBED_AT_ONCE):
            batch = ids[start : start + EMBED_AT_ONCE]
            made = embedder.embed_passages([missing[id_] for id_ in batch], advance)
            self._library.add_vectors(batch, made, embedder.identity)
        return len(ids)

    def _publish(self, after: Mapping[str, Member], found: Diff, assure: Assure) -> int:
        """Stage, verify and publish an edition; returns its number."""
        editions, identity = self._parts.editions, self._parts.embedder.identity
        counts = (len(found.added), len(found.changed), len(found.removed))
        record = self._library.stage(
            after,
            identity,
            new_folder(),
            locations(self._declared.source),
            Note(self._order.who, self._order.why, *counts),
        )
        base = self._published
        self._stage(record, base if base and base.embedding == identity else None)
        try:
            self._ask_canaries(record, found)
            assure()
            self._library.publish(record.id)
        except (ReindexRefused, StorageError):
            editions.discard(record)
            raise
        editions.forget()
        return record.id

    def _stage(self, record: EditionRecord, base: EditionRecord | None) -> None:
        try:
            self._parts.editions.stage(record, base, self._reporter.phase)
        except ReindexRefused as error:
            if base is None:
                raise
            _log.warning(
                "The index is made from scratch, as a copy of the last one failed: %s", error
            )
            self._parts.editions.stage(record, None, self._reporter.phase)

    def _ask_canaries(self, record: EditionRecord, found: Diff) -> None:
        titles = self._library.titles(record.id)
        derived = canaries.derived(titles, (*found.added, *found.changed), record.id)
        try:
            with closing(self._parts.editions.open(record)) as edition:
                canaries.release(
                    edition, self._library, self._parts.embedder, self._declared.canary, derived
                )
        except IndexDamaged as error:
            raise ReindexRefused(f"The new index was not published: {error}.") from None


def _ranks(declared: Declarations) -> dict[str, int]:
    """The sources' places: the most trusted first, then as they are declared."""
    order = list(Trust)
    ranked = sorted(declared.source, key=lambda source: order.index(source.trust))
    return {source.name: place for place, source in enumerate(ranked)}


def _refuse_unknown_names(only: Sequence[str], declared: Declarations) -> None:
    names = [source.name for source in declared.source]
    for name in only:
        if name not in names:
            raise SourceError(f"There is no source '{name}'; declared are: {', '.join(names)}.")


def _refuse_nothing(gathered: Gathered) -> None:
    if gathered.read and len(gathered.failed) == len(gathered.read):
        raise SourceError(next(iter(gathered.failed.values())))
    if not gathered.members:
        reason = gathered.problems[0] if gathered.problems else "they are empty."
        raise SourceError(f"No article could be read from the sources: {reason}")


def _refuse_a_large_loss(found: Diff) -> None:
    before = len(found.removed) + len(found.changed) + found.unchanged
    if len(found.removed) > LARGEST_LOSS * before:
        raise ReindexRefused(
            f"{len(found.removed)} of {before} articles would be lost; nothing was changed. "
            "If that is meant, run `explainer reindex --force`."
        )
