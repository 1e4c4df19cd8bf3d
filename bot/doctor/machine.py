"""The machine: Python, the data directory, the room on the disk, a bot that runs already."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.core.errors import ExplainerError
from bot.doctor.asking import get
from bot.settings import Settings
from knowledge.database import make_folder, told_to_people

LEAST_FREE = 500_000_000
"""Bytes without which neither databases nor an index can grow."""

EDITIONS_FREE = 2
"""For how many further indexes of the present size there must be room: a reindex makes the next
one beside the last, and may have to make it again."""

LEAST_INODES = 10_000

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - as settings name them


@dataclass(frozen=True)
class Room:
    """What is left on a disk.

    Args:
        free: bytes that may be written.
        inodes: how many files may be made; ``None`` where that has no limit.
    """

    free: int
    inodes: int | None


def python(_settings: Settings) -> str:
    """Which Python runs."""
    return sys.version.split()[0]


def data_dir(settings: Settings) -> str:
    """Whether the data directory can be written."""
    folder = settings.data_dir.resolve()
    make_folder(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ExplainerError(
            f"{folder} cannot be written. Set EXPLAINER_DATA_DIR to a folder that you may write to."
        )
    return str(folder)


def disk(settings: Settings) -> str:
    """Whether the next index will have room."""
    folder = settings.data_dir.resolve()
    make_folder(folder)
    with told_to_people(folder):
        editions = [each for each in folder.glob("editions/*") if each.is_dir()]
        largest = max(map(_size, editions), default=0)
        return judged(_room(folder), _size(folder), largest)


def judged(room: Room, held: int, edition: int) -> str:
    """Whether there is room enough.

    Args:
        room: what is left.
        held: how many bytes the data directory holds.
        edition: how many of them the largest search index takes.

    Raises:
        ExplainerError: there is too little; says how much is needed.
    """
    needed = max(LEAST_FREE, EDITIONS_FREE * edition)
    if room.free < needed:
        raise ExplainerError(
            f"{_told(room.free)} are free, and {_told(needed)} are needed for reindexing: make "
            "room, or set EXPLAINER_DATA_DIR to a folder on a larger disk."
        )
    if room.inodes is not None and room.inodes < LEAST_INODES:
        raise ExplainerError(
            f"only {room.inodes:,} more files can be made on this disk (its inodes are used up): "
            "delete files, or set EXPLAINER_DATA_DIR to a folder on another disk."
        )
    return f"{_told(room.free)} free; {_told(held)} held"


def is_running(data_dir: Path) -> bool:
    """Whether an ``explainer run`` holds the data directory.

    Raises:
        StorageError: that cannot be told.
    """
    file = data_dir / "run.lock"
    if not file.exists():
        return False
    lock = FileLock(file)
    with told_to_people(file):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
    return False


def running_bot(settings: Settings) -> str:
    """Whether a bot runs on this data directory, and whether it is ready."""
    runs = is_running(settings.data_dir)
    if not settings.ops_port:
        return "one runs on this data directory" if runs else "none on this data directory"
    address = _ops_address(settings)
    if not runs:
        _see_that_it_is_free(settings)
        return f"none on this data directory; {address} is free for its health and metrics"
    response = get(f"{address}/readyz")
    if response is None:
        raise ExplainerError(
            f"one runs on this data directory, but nobody answers at {address}/readyz: restart it "
            "if EXPLAINER_OPS_PORT was changed, else look into its log."
        )
    if response.status != 200:
        raise ExplainerError(
            f"one runs on this data directory, but says at {address}/readyz that it is not ready "
            f"({response.status}): look into its log."
        )
    return f"one runs on this data directory, and is ready ({address}/readyz)"


def _ops_address(settings: Settings) -> str:
    host = _EVERYWHERE.get(settings.ops_host, settings.ops_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.ops_port}"


def _see_that_it_is_free(settings: Settings) -> None:
    host, port = settings.ops_host, settings.ops_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise ExplainerError(
            f"{host}:{port} cannot be listened on ({error.strerror or error}): stop what uses it, "
            "or set EXPLAINER_OPS_HOST and EXPLAINER_OPS_PORT to an address of this machine."
        ) from None


def _room(folder: Path) -> Room:
    state = os.statvfs(folder)
    inodes = state.f_favail if state.f_files else None
    return Room(state.f_bavail * state.f_frsize, inodes)


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a reindex removes what is old
            total += file.lstat().st_size
    return total


def _told(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"
