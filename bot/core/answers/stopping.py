"""Lets an answer that is being written end early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

_T = TypeVar("_T")


class Stop:
    """Lets an answer that is being written end with what is proven so far."""

    def __init__(self) -> None:
        self.asked = False
        self._waiting: asyncio.Timeout | None = None

    def ask(self) -> None:
        """Stop now."""
        self.asked = True
        if self._waiting:
            self._waiting.reschedule(0)

    @asynccontextmanager
    async def or_after(self, deadline: float) -> AsyncIterator[None]:
        """Interrupt what is awaited within when asked to stop, or when a deadline has passed.

        Args:
            deadline: in the running loop's time.

        Raises:
            TimeoutError: it was interrupted.
        """
        async with asyncio.timeout_at(0 if self.asked else deadline) as waiting:
            self._waiting = waiting
            try:
                yield
            finally:
                self._waiting = None


async def passed_on(deadline: float, stop: Stop, items: AsyncIterator[_T]) -> AsyncIterator[_T]:
    """Pass items on until a deadline; nobody but this wait for the next one is interrupted.

    Args:
        deadline: in the running loop's time.
        stop: ends the waiting early.
        items: what takes its time.

    Raises:
        TimeoutError: the deadline passed, or a stop was asked for, before the next item came.
    """
    while True:
        async with stop.or_after(deadline):
            try:
                item = await anext(items)
            except StopAsyncIteration:
                return
        yield item
