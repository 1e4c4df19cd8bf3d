"""A disk of a few megabytes, and what happens on it when it is full."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.editions.embedded import EmbeddedEditions
from knowledge.errors import KnowledgeError
from knowledge.reindexing import Order
from tests.faults.transaction.processes import CONTEXT, Elsewhere, elsewhere, fork_children
from tests.faults.transaction.witness import Seen, look
from tests.knowledge.house import House

PLENTY = 32 << 20
"""Bytes of the whole disk beside what a house takes."""

DONE = "done"


@dataclass(frozen=True)
class Outcome:
    """What happened on a full disk.

    Args:
        ended: the line with which the reindex ended; or that it was done.
        served: how many answers the bot that ran throughout gave.
        astray: the questions to it that did not find the passage that they repeat.
        started: the line with which another bot refused to start; or that it was done.
        taken: the most bytes that the reindex took at a time, as far as it was heard.
        seen: what a fresh process saw when there was room again.
    """

    ended: str
    served: int
    astray: list[str]
    started: str
    taken: int
    seen: Seen


def answer(pipe: int) -> None:
    """Try out houses in a process that may mount a disk, until the other end is closed.

    Args:
        pipe: its number; a house and the bytes of room come in, an :class:`Outcome` goes out.
    """
    with closing(Connection(pipe)) as asked, suppress(EOFError):
        while True:
            asked.send(try_out(*asked.recv()))


def try_out(house: Path, room: int) -> Outcome:
    """Reindex a copy of a house on a disk with so many bytes left, then make room."""
    with TemporaryDirectory() as place, _mounted(Path(place)) as disk:
        root = Path(shutil.copytree(house, disk / "house"))
        here, there = CONTEXT.Pipe()
        bot = Elsewhere(serve_until, root, there)
        here.recv()
        _leave(room, disk)
        free = _free(disk)
        ended, least = elsewhere(reindex, root)
        started = elsewhere(start, root)
        here.send("enough")
        served, astray = bot.result()
        (disk / "filler").unlink()
        return Outcome(ended, served, astray, started, free - least, elsewhere(look, root))


def reindex(root: Path) -> tuple[str, int]:
    """Reindex; returns the line with which that ended, and the least room that there was."""
    fork_children()
    room = [_free(root)]
    try:
        with closing(House(root, EmbeddedEditions)) as house:
            house.reindexer().run(Order(), lambda _: room.append(_free(root)))
    except KnowledgeError as error:
        return str(error), min(room)
    return DONE, min(room)


def start(root: Path) -> str:
    """Start as the bot does; returns the line with which that ended."""
    fork_children()
    try:
        with closing(House(root, EmbeddedEditions)) as house:
            house.base().probe()
            assert house.lost() == []
    except KnowledgeError as error:
        return str(error)
    return DONE


def serve_until(root: Path, gate: Connection) -> tuple[int, list[str]]:
    """Open an edition, and when the gate says so ask it for each of its passages."""
    fork_children()
    with closing(House(root, EmbeddedEditions)) as house:
        base = house.base()
        base.probe()
        texts = [text for passages in house.served().values() for text in passages]
        base.retrieve(texts[0])
        gate.send("open")
        gate.recv()
        found = {text: [hit.passage.text for hit in base.retrieve(text).passages] for text in texts}
        new = {text for passages in house.served().values() for text in passages}
        return len(found), [text for text in new & found.keys() if text not in found[text]]


@contextmanager
def _mounted(place: Path) -> Iterator[Path]:
    size = f"size={2 * PLENTY}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(place)], check=True)  # noqa: S603, S607
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607


def _leave(room: int, disk: Path) -> None:
    with (disk / "filler").open("wb") as filler:
        if (taken := _free(disk) - room) > 0:
            os.posix_fallocate(filler.fileno(), 0, taken)


def _free(disk: Path) -> int:
    state = os.statvfs(disk)
    return state.f_bavail * state.f_frsize
