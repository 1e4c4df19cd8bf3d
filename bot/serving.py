"""``explainer run``: every surface that has its tokens, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.core.errors import SettingsError
from bot.core.surface import Surface
from bot.core.talk.dialogue import Dialogue
from bot.scheduling import Schedule
from knowledge.database import make_folder, told_to_people

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


async def serve(dialogue: Dialogue, surfaces: Sequence[Surface], schedule: Schedule) -> None:
    """Run surfaces until SIGINT or SIGTERM, or until one of them fails for good.

    Raises:
        SettingsError: a platform refuses its token.
    """
    await dialogue.prepare()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    running = [asyncio.create_task(surface.run(), name=surface.name) for surface in surfaces]
    stop = asyncio.create_task(stopping.wait())
    reading = asyncio.create_task(schedule.run(), name="schedule")
    _log.info("Serving %s.", " and ".join(surface.name for surface in surfaces))
    await asyncio.wait([*running, stop], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in running if task.done() and task.exception()]
    for task in [*running, stop, reading]:
        task.cancel()
    await asyncio.gather(*running, stop, reading, return_exceptions=True)
    for task in failed:
        error = task.exception()
        if error:
            raise error
