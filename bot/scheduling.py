"""Reading sources again by themselves, as often as they are declared to be read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.reindexing import Order, Report
from knowledge.sources.declaring import Declaration

SCHEDULE = "schedule"
LOOK_EVERY = 60.0
"""Seconds between two looks at what is due."""

_log = logging.getLogger(__name__)


def due(sources: Sequence[Declaration], library: Library, now: datetime) -> tuple[str, ...]:
    """The names of the sources whose time has come; nothing while the edition is pinned."""
    if library.pinned():
        return ()
    states = library.source_states()
    return tuple(
        source.name
        for source in sources
        if source.every
        and (source.name not in states or states[source.name].tried + source.every <= now)
    )


class Schedule:
    """Reindexes the sources that are due, for as long as the bot runs.

    Args:
        sources: all that are declared.
        library: knows when they were read.
        reindex: brings the articles up to date; blocking.
        published: called when a new edition serves.
        pause: waits for so many seconds.
    """

    def __init__(
        self,
        sources: Sequence[Declaration],
        library: Library,
        reindex: Callable[[Order], Report],
        published: Callable[[], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sources = sources
        self._library = library
        self._reindex = reindex
        self._published = published
        self._pause = pause

    async def run(self) -> None:
        """Look for what is due, again and again, until cancelled."""
        while any(source.every for source in self._sources):
            try:
                await self._look()
            except KnowledgeError as error:
                _log.error("The scheduled reindex failed: %s", error)
            except Exception:  # noqa: BLE001 - the next one may go well
                _log.exception("The scheduled reindex failed.")
            await self._pause(LOOK_EVERY)

    async def _look(self) -> None:
        names = await asyncio.to_thread(due, self._sources, self._library, datetime.now(UTC))
        if not names:
            return
        report = await asyncio.to_thread(self._reindex, Order(SCHEDULE, only=names))
        for problem in report.problems:
            _log.warning("%s", problem)
        if report.published:
            _log.info("Edition %s is published by the schedule.", report.edition)
            await self._published()
