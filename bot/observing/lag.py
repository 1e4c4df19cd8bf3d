"""How late the event loop comes to what is due: what blocks it delays every reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY = 0.5
"""Seconds between two looks."""


async def measure_lag(tell: Callable[[float], None], every: float = EVERY) -> None:
    """Tell, again and again until cancelled, how many seconds too late this task was woken."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        tell(max(0.0, loop.time() - due))
