"""Clocks and gauges."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

Samples = dict[str, list[float]]
"""What was measured, by name; several runs of one thing are several figures."""

_TICK_SECONDS = 0.005
_T = TypeVar("_T")


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cpu_seconds() -> float:
    """The processor time of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


async def milliseconds_each(
    ask: Callable[[str], Awaitable[None]], questions: Iterable[str], concurrency: int
) -> list[float]:
    """Ask questions, a constant number of them at a time, and time each one."""
    spent: list[float] = []
    waiting = iter(questions)

    async def asker() -> None:
        for question in waiting:
            started = time.perf_counter()
            await ask(question)
            spent.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(asker() for _ in range(concurrency)))
    return spent


async def with_longest_stall(work: Awaitable[_T]) -> tuple[_T, float]:
    """Await something; its result, and by how many ms it made a ticking task late at worst."""
    worst = 0.0

    async def tick() -> None:
        nonlocal worst
        while True:
            due = time.perf_counter() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            worst = max(worst, time.perf_counter() - due)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        result = await work
        await asyncio.sleep(2 * _TICK_SECONDS)
    finally:
        ticking.cancel()
    return result, worst * 1000


def own_peak_mib() -> float:
    """The most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def private_mib() -> float:
    """The memory that is this process's alone, without mapped files; where ``/proc`` tells."""
    status = _status(Path("/proc/self/status"))
    return int(status.get("RssAnon", "0").split()[0]) / (1 << 10)


def resident_mib(process: int) -> float:
    """The memory that a process has now; where ``/proc`` tells."""
    status = _status(Path(f"/proc/{process}/status"))
    return int(status.get("VmRSS", "0").split()[0]) / (1 << 10)


def folder_mib(folder: Path) -> float:
    """The size of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / (1 << 20)


def in_child(work: Callable[..., _T], *arguments: object) -> _T:
    """Do something in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def peaks_of_children_mib(parent: int) -> dict[int, float]:
    """The most memory that each child of a process has had so far, where ``/proc`` tells.

    ``RUSAGE_CHILDREN`` would not do: a child's ``ru_maxrss`` counts the memory of the process
    that it was forked from.
    """
    return {
        int(status["Pid"]): int(status["VmHWM"].split()[0]) / (1 << 10)
        for status in map(_status, Path("/proc").glob("[0-9]*/status"))
        if status.get("PPid") == str(parent) and "VmHWM" in status
    }


def _status(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text().splitlines()
    except OSError:  # it has ended
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
