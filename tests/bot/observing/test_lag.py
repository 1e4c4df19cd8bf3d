"""What blocks the event loop is seen."""

from __future__ import annotations

import asyncio
import time

from bot.observing.lag import measure_lag


async def test_a_blocked_loop_is_told_as_so_much_lag() -> None:
    told: asyncio.Queue[float] = asyncio.Queue()
    task = asyncio.create_task(measure_lag(told.put_nowait, every=0.001))
    assert await told.get() >= 0
    blocked_until = time.monotonic() + 0.05
    while time.monotonic() < blocked_until:
        pass
    assert max([await told.get(), await told.get()]) > 0.03
    task.cancel()
