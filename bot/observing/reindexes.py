"""Telling an observer how a reindex ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from bot.core.observer import Observer
from knowledge.errors import ReindexRefused
from knowledge.reindexing import Report


@dataclass
class Reindexed:
    """What came of a reindex.

    Args:
        report: what it did; ``None`` until it has ended well.
    """

    report: Report | None = None

    @property
    def outcome(self) -> str:
        """In a word."""
        if self.report is None:
            return "failed"
        if self.report.dry_run:
            return "looked"
        return "published" if self.report.published else "unchanged"


@contextmanager
def reindex_observed(observer: Observer) -> Iterator[Reindexed]:
    """Tell an observer of the reindex within."""
    begun, told, outcome = monotonic(), Reindexed(), ""
    try:
        yield told
    except ReindexRefused:
        outcome = "refused"
        raise
    finally:
        edition = told.report.edition if told.report else None
        observer.reindexed(outcome or told.outcome, monotonic() - begun, edition)
