"""An answer that is being written can be ended early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.core.answers.stopping import Stop, passed_on

LATER = 1e9


async def numbers(stop: Stop, before: int) -> AsyncIterator[int]:
    """Numbers without end; while one is waited for, somebody asks to stop."""
    for number in range(before):
        yield number
    asyncio.get_running_loop().call_soon(stop.ask)
    await asyncio.Event().wait()


async def few() -> AsyncIterator[int]:
    for number in range(3):
        yield number


async def read(items: AsyncIterator[int]) -> tuple[list[int], bool]:
    """What comes, and whether the waiting was interrupted."""
    found: list[int] = []
    try:
        async for item in items:
            found += [item]
    except TimeoutError:
        return found, True
    return found, False


async def test_until_somebody_asks_everything_comes() -> None:
    assert await read(passed_on(LATER, Stop(), few())) == ([0, 1, 2], False)


async def test_asked_to_stop_nothing_more_is_waited_for() -> None:
    stop = Stop()
    assert await read(passed_on(LATER, stop, numbers(stop, 2))) == ([0, 1], True)
    assert stop.asked


async def test_asked_before_it_began_nothing_is_waited_for() -> None:
    stop = Stop()
    stop.ask()
    assert await read(passed_on(LATER, stop, numbers(Stop(), 0))) == ([], True)


async def test_a_deadline_interrupts_too() -> None:
    now = asyncio.get_running_loop().time()
    assert await read(passed_on(now, Stop(), numbers(Stop(), 0))) == ([], True)


async def test_what_reads_the_items_is_not_interrupted() -> None:
    stop = Stop()
    async for item in passed_on(LATER, stop, few()):
        stop.ask()
        await asyncio.sleep(0)
        assert item == 0
        break


async def test_asking_after_the_end_does_no_harm() -> None:
    stop = Stop()
    await read(passed_on(LATER, stop, few()))
    stop.ask()
    assert stop.asked
