"""The newest of the messages of a reply, for surfaces that are slower than the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.messages.message import Message
from bot.core.messages.pacing import Newest
from bot.core.messages.phrasing import say


class Script:
    """Messages that come when a test lets them."""

    def __init__(self, *texts: str, error: Exception | None = None) -> None:
        self.steps = asyncio.Semaphore(0)
        self.closed = asyncio.Event()
        self.taken = [asyncio.Event() for _ in texts]
        self._texts = texts
        self._error = error

    async def messages(self) -> AsyncIterator[Message]:
        try:
            for text, taken in zip(self._texts, self.taken, strict=True):
                await self.steps.acquire()
                yield say(text)
                taken.set()
            await self.steps.acquire()
            if self._error:
                raise self._error
        finally:
            self.closed.set()

    def go_on(self, steps: int = 1) -> None:
        for _ in range(steps):
            self.steps.release()


async def test_each_message_is_shown_to_who_is_fast_enough() -> None:
    script = Script("one", "two", "three")
    newest = Newest(script.messages())
    script.go_on()
    shown = []
    async for message in newest.earlier(0):
        shown.append(message)
        script.go_on()
    assert shown == [say("one"), say("two"), say("three")]


async def test_messages_that_are_replaced_meanwhile_are_skipped() -> None:
    script = Script("one", "two", "three")
    newest = Newest(script.messages())
    script.go_on()
    earlier = newest.earlier(0)
    assert await anext(earlier) == say("one")
    script.go_on(3)
    await script.closed.wait()
    assert [message async for message in earlier] == []
    assert await newest.last() == say("three")


async def test_a_reply_that_ends_within_the_delay_shows_nothing_before_its_end() -> None:
    script = Script("one", "two")
    newest = Newest(script.messages())
    script.go_on()
    await script.taken[0].wait()

    async def watch() -> list[Message]:
        return [message async for message in newest.earlier(0, delay=60)]

    watching = asyncio.create_task(watch())
    script.go_on(2)  # what is released now comes after the first step of who watches
    assert await watching == []
    assert await newest.last() == say("two")


async def test_a_reply_without_messages_has_no_last_one() -> None:
    script = Script()
    newest = Newest(script.messages())
    script.go_on()
    assert await newest.last() is None


async def test_an_error_of_the_reply_is_raised_at_its_end() -> None:
    script = Script("one", error=RuntimeError("broken"))
    newest = Newest(script.messages())
    script.go_on(2)
    with pytest.raises(RuntimeError, match="broken"):
        await newest.last()


async def test_closing_stops_reading() -> None:
    script = Script("one", "two")
    newest = Newest(script.messages())
    script.go_on()
    assert await anext(newest.earlier(0)) == say("one")
    await newest.close()
    assert script.closed.is_set()
