"""``explainer run``: every surface that has its tokens, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.core.errors import SettingsError
from bot.core.journal import Journal
from bot.core.surface import Surface
from bot.core.talk.dialogue import Dialogue
from knowledge.database import make_folder, told_to_people
from knowledge.errors import KnowledgeError

LOOK_SECONDS = 3.0
"""How often it is looked whether another edition was published."""
PURGE_SECONDS = 3600.0

_log = logging.getLogger(__name__)


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for one running bot; reading beside it works.

    Raises:
        SettingsError: another bot runs on it.
        StorageError: it cannot be written.
    """
    make_folder(data_dir)
    lock = FileLock(data_dir / "run.lock")
    with told_to_people(data_dir):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise SettingsError(
                f"Another `explainer run` is using {data_dir.resolve()}: stop it first, or set "
                "EXPLAINER_DATA_DIR to another folder for this one."
            ) from None
    try:
        yield
    finally:
        lock.release()


async def serve(
    dialogue: Dialogue, surfaces: Sequence[Surface], beside: Sequence[Coroutine[Any, Any, None]]
) -> None:
    """Run surfaces until SIGINT or SIGTERM, or until one of them fails for good.

    Told to stop, they hear no more and finish what is under way; what isn't done in time is
    handed over to other processes.

    Args:
        dialogue: what they talk to.
        surfaces: they.
        beside: what goes on meanwhile.

    Raises:
        SettingsError: a platform refuses its token.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await dialogue.prepare()
    running = [asyncio.create_task(surface.run(), name=surface.name) for surface in surfaces]
    stop = asyncio.create_task(stopping.wait())
    working = [asyncio.create_task(work) for work in beside]
    keeping = asyncio.create_task(dialogue.tickets.keep())
    _log.info("Serving %s.", " and ".join(surface.name for surface in surfaces))
    await asyncio.wait([*running, stop], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in running if task.done() and task.exception()]
    await _cancelled([stop, *working])
    await _cancelled(running)
    await _cancelled([keeping])
    await dialogue.tickets.hand_over()
    for task in failed:
        error = task.exception()
        if error:
            raise error


async def stay_current(dialogue: Dialogue) -> None:
    """Take up an edition that another process published within seconds, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await dialogue.prepare()
        except KnowledgeError as error:
            _log.error("%s", error)


async def forget_in_time(journal: Journal, days: int) -> None:
    """Delete what was kept for long enough, every hour, until cancelled.

    Args:
        journal: what is kept.
        days: for how long; 0 for ever.
    """
    while True:
        try:
            await asyncio.to_thread(journal.purge, days)
        except KnowledgeError as error:
            _log.error("%s", error)
        await asyncio.sleep(PURGE_SECONDS)


async def _cancelled(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
