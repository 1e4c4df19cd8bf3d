"""Waiting that takes no time: it moves the platform's clock instead."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.platforms.changes import Clock


class Hurry:
    """``asyncio`` as a module sees it that never has to wait; put it in the place of its import.

    Args:
        clock: what waiting moves.

    Attributes:
        slept: the seconds of each wait, in order.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Let the clock move on, and others have their turn."""
        self.slept.append(seconds)
        self._clock.advance(seconds)
        await asyncio.sleep(0)
