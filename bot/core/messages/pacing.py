"""For surfaces that show messages more slowly than they come: the newest one counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from bot.core.messages.message import Message


class Newest:
    """Reads the messages of a reply and keeps the newest of them.

    Args:
        messages: of one reply; the last one stands.
    """

    def __init__(self, messages: AsyncIterator[Message]) -> None:
        self._newest: Message | None = None
        self._ended = False
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read(messages))

    async def earlier(self, pause: float, delay: float = 0.0) -> AsyncGenerator[Message, None]:
        """The newest message whenever there is one, until the last one is known.

        Args:
            pause: seconds to leave between two messages.
            delay: seconds in which only the last message counts.
        """
        await self._ended_within(delay)
        while await self._news.wait() and not self._ended:
            self._news.clear()
            if self._newest is not None:
                yield self._newest
            await self._ended_within(pause)

    async def last(self) -> Message | None:
        """Wait for the last message; ``None`` if there was no message at all.

        Raises whatever reading the messages raises.
        """
        await self._reader
        return self._newest

    async def close(self) -> None:
        """Stop reading."""
        self._reader.cancel()
        await asyncio.wait((self._reader,))

    async def _ended_within(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.wait((self._reader,), timeout=seconds)

    async def _read(self, messages: AsyncIterator[Message]) -> None:
        try:
            async for self._newest in messages:
                self._news.set()
        finally:
            self._ended = True
            self._news.set()
