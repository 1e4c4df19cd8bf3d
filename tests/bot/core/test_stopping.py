"""An answer that is being written can be ended early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.stopping import Stop, passed_on

LATER = 1e9


async def numbers(pace: asyncio.Semaphore) -> AsyncIterator[int]:
    for number in range(10):
        await pace.acquire()
        yield number


async def read(items: AsyncIterator[int]) -> list[int]:
    """What comes until the end, or until the waiting is interrupted."""
    found = []
    try:
        async for item in items:
            found.append(item)
    except TimeoutError:
        found.append(-1)
    return found


async def test_until_somebody_asks_everything_comes() -> None:
    assert await read(passed_on(LATER, Stop(), numbers(asyncio.Semaphore(10)))) == [*range(10)]


async def test_asked_to_stop_nothing_more_is_waited_for() -> None:
    stop, pace = Stop(), asyncio.Semaphore(2)
    reading = asyncio.create_task(read(passed_on(LATER, stop, numbers(pace))))
    while pace._value or not pace.locked() or stop._waiting is None:
        await asyncio.sleep(0)
    stop.ask()
    assert await reading == [0, 1, -1]


async def test_asked_before_it_began_nothing_comes() -> None:
    stop = Stop()
    stop.ask()
    assert await read(passed_on(LATER, stop, numbers(asyncio.Semaphore(0)))) == [-1]


async def test_a_deadline_interrupts_too() -> None:
    now = asyncio.get_running_loop().time()
    items = passed_on(now, Stop(), numbers(asyncio.Semaphore(0)))
    assert await read(items) == [-1]


async def test_what_reads_the_items_is_not_interrupted() -> None:
    stop = Stop()
    async for item in passed_on(LATER, stop, numbers(asyncio.Semaphore(10))):
        stop.ask()
        await asyncio.sleep(0)
        assert item == 0
        break


async def test_asking_after_the_end_does_no_harm() -> None:
    stop = Stop()
    await read(passed_on(LATER, stop, numbers(asyncio.Semaphore(10))))
    stop.ask()
    assert stop.asked


@pytest.mark.parametrize("times", [1, 3])
async def test_asking_often_is_asking_once(times: int) -> None:
    stop = Stop()
    for _ in range(times):
        stop.ask()
    assert await read(passed_on(LATER, stop, numbers(asyncio.Semaphore(0)))) == [-1]
