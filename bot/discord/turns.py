"""What is done in the background, one after the other where it concerns the same message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.discord.delivery import PLATFORM_ERRORS, one_line

_log = logging.getLogger(__name__)


class Turns:
    """Tasks that are named by what they concern.

    So a question that is edited or deleted while its answer is being written has that answer
    before anything is done to it.
    """

    def __init__(self) -> None:
        # The event loop keeps weak references only: without this set a reply could vanish.
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something as soon as all that was started before under the same key is done."""
        earlier = [task for task in self._tasks if task.get_name() == key]
        task = asyncio.create_task(_after(earlier, work), name=key)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def close(self, grace: float) -> None:
        """Finish what is under way, and drop what isn't done by then.

        Args:
            grace: how long that may take, in seconds.
        """
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, PLATFORM_ERRORS):
            key = task.get_name()
            _log.warning("The reply to %s could not be posted: %s", key, one_line(error))
        elif error is not None:
            # What it says could quote a person.
            _log.error("The reply to %s failed: %s", task.get_name(), type(error).__name__)


async def _after(earlier: list[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    try:
        if earlier:
            await asyncio.wait(earlier)
        await work
    finally:
        work.close()
