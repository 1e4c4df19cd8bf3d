"""What both pretended platforms need: a clock of their own, and waiting without sleeping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 10.0


class Clock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = time.time()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Changes:
    """Wakes those who wait for something to become true."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Let everybody who waits look again."""
        self._event.set()
        self._event = asyncio.Event()

    async def until(
        self, predicate: Callable[[], T | None], seconds: float, posts: Callable[[], object]
    ) -> T:
        """Wait until the predicate holds and return what it returned.

        Args:
            predicate: is asked again after each change.
            seconds: after which this will never come.
            posts: what people see, to be told in that case.

        Raises:
            AssertionError: it does not come to hold.
        """
        try:
            async with asyncio.timeout(seconds):
                while not (result := predicate()):
                    await self._event.wait()
        except TimeoutError:
            raise AssertionError(f"This never came; people see {posts()}") from None
        return result
