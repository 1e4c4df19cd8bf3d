"""The process in which demonstrations are computed and drawn, so that answers never wait for it."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from concurrent.futures import TimeoutError as TookTooLong

from pebble import ProcessExpired, ProcessPool
from threadpoolctl import threadpool_limits

from bot.core.demonstration import Demonstration, ImageFormat, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.messages import wording
from bot.core.talk.demonstrating import Material

_log = logging.getLogger(__name__)

QUEUE = 32
"""How many demonstrations may wait or be drawn at once."""

SECONDS = 20.0
"""How long one may take; the process is replaced when it takes longer."""

NICENESS = 10
"""How far the process steps back behind those who answer questions."""


class Studio:
    """Draws demonstrations one after the other in a process of its own, which starts on first use.

    Args:
        queue: how many may wait or be drawn at once.
        seconds: how long one may take.
    """

    def __init__(self, queue: int = QUEUE, seconds: float = SECONDS) -> None:
        self._queue, self._seconds = queue, seconds
        self._pool: ProcessPool | None = None
        self._waiting = 0

    async def show(
        self, showing: Showing, material: Material, format_: ImageFormat = ImageFormat.PNG
    ) -> Demonstration:
        """Compute and draw what somebody wants to see.

        Args:
            showing: what.
            material: what it needs of the articles.
            format_: what the picture is written as.

        Raises:
            DemonstrationRefused: it can't be shown, takes too long, or too many wait for theirs.
        """
        if self._waiting >= self._queue:
            raise DemonstrationRefused(wording.SHOW_BUSY)
        self._waiting += 1
        try:
            drawing = self._ready().schedule(
                _drawn, (showing, material, format_), timeout=self._seconds
            )
            return await asyncio.wrap_future(drawing)
        except DemonstrationRefused:
            raise
        except (TookTooLong, ProcessExpired):
            raise DemonstrationRefused(wording.SHOW_FAILED) from None
        except Exception:  # noqa: BLE001 - whatever a drawing library raises
            _log.exception("A demonstration could not be drawn.")
            raise DemonstrationRefused(wording.SHOW_FAILED) from None
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the process; a later use starts another one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def _ready(self) -> ProcessPool:
        """The pool of one process, a new one if the last is beyond repair."""
        if self._pool is not None and not self._pool.active:
            self.close()
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=1,
                initializer=_step_back,
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _step_back() -> None:
    """Let those who answer go first; an interrupt ends the parent, which ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)  # for matrices this small, more threads only wait for each other
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _drawn(showing: Showing, material: Material, format_: ImageFormat) -> Demonstration:
    from bot.demonstrations.kinds import demonstrate

    return demonstrate(showing, material, format_)
