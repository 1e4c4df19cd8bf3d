"""A reindex that is told when to die, and who of it: itself, its child, or both."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import orjson
from sqlalchemy import event

from knowledge.editions import __main__ as editions
from knowledge.editions import building, chroma, embedded, files, verifying
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.errors import ReindexRefused
from knowledge.reindexing import transaction
from tests.faults.transaction.processes import fork_children, start_children
from tests.knowledge.house import House

AT_ONCE = 8
"""Passages a batch, in the reindex as in its child, so that there are many moments to die."""

_CHILD = "child"
"""The file in which the process of the child stands."""

_COME = "come"
"""The folder of a file for each moment that grows by a byte whenever it comes."""


class Moment(StrEnum):
    """When to die."""

    NEVER = "never"
    COMMIT = "before a commit"
    BATCH = "at a batch of the index"
    COPY = "while the index is copied"
    FORGET = "while old editions are removed"


class Victim(StrEnum):
    """Who dies."""

    PARENT = "the reindex"
    CHILD = "its child"
    BOTH = "both"


@dataclass(frozen=True)
class Doom:
    """When a reindex dies.

    Args:
        root: below it are the articles and the data directory.
        moment: what must come for it to die.
        count: the how manieth of them.
        victim: who dies.
        as_users: whether its child is started as users have it, not forked.
    """

    root: Path
    moment: Moment = Moment.NEVER
    count: int = 0
    victim: Victim = Victim.PARENT
    as_users: bool = False


class Approach:
    """Counts moments of one kind, and kills if the last one has come.

    Args:
        moment: the kind.
        doom: which one is the last.
        parent: the process of the reindex.
    """

    def __init__(self, moment: Moment, doom: Doom, parent: int) -> None:
        self._doom = doom
        self._parent = parent
        self._last = doom.count if moment is doom.moment else 0
        self._file = doom.root / _COME / moment
        self._come = 0

    def __call__(self, *_: object) -> None:
        """One more has come."""
        self._come += 1
        with self._file.open("a") as file:
            file.write(".")
        if self._come == self._last:
            self.kill()

    def kill(self) -> None:
        """Kill who is doomed."""
        if self._doom.victim is not Victim.CHILD:
            os.kill(self._parent, signal.SIGKILL)
        if self._doom.victim is not Victim.PARENT:
            os.kill(os.getpid(), signal.SIGKILL)


def reindex(doom: Doom) -> str:
    """Reindex the house below a folder, and perhaps die; returns why it was refused."""
    transaction.EMBED_AT_ONCE = AT_ONCE
    house = House(doom.root, EmbeddedEditions)
    (doom.root / _COME).mkdir(exist_ok=True)
    committing, forgetting = (
        Approach(moment, doom, os.getpid()) for moment in (Moment.COMMIT, Moment.FORGET)
    )
    event.listen(house.library._database.engine, "commit", committing)
    rmtree = partial(_remove, forgetting)
    patch.object(embedded, "shutil", SimpleNamespace(rmtree=rmtree)).start()
    if doom.as_users:
        start_children(__name__, _packed(doom), str(os.getpid()))
    else:
        fork_children(partial(make, doom, os.getpid()), partial(_note, doom.root))
    try:
        house.reindex()
    except ReindexRefused as refused:
        return str(refused)
    finally:
        house.close()
    return ""


def make(doom: Doom, parent: int, arguments: list[str]) -> int:
    """What the child process does, until its end."""
    filling, copying = (Approach(moment, doom, parent) for moment in (Moment.BATCH, Moment.COPY))
    vectors_of = partial(_after, filling, files.vectors_of)
    copy = partial(_after, copying, shutil.copy2)
    copytree = partial(shutil.copytree, copy_function=copy)
    with (
        patch.object(chroma, "BATCH", AT_ONCE),
        patch.object(files, "_AT_ONCE", AT_ONCE),
        patch.object(files, "vectors_of", vectors_of),
        patch.object(verifying, "vectors_of", vectors_of),
        patch.object(building, "shutil", SimpleNamespace(copytree=copytree)),
    ):
        return editions.main(arguments)


def come(root: Path) -> dict[Moment, int]:
    """How often each moment came in a reindex."""
    return {Moment(file.name): file.stat().st_size for file in (root / _COME).iterdir()}


def child_of(root: Path) -> int:
    """The process that makes the index, or made it; 0 if none was started."""
    file = root / _CHILD
    return int(file.read_text() or 0) if file.exists() else 0


def _after(approach: Approach, step: Callable[..., Any], *what: Any, **how: Any) -> Any:
    approach()
    return step(*what, **how)


def _remove(approach: Approach, folder: Path, **_: Any) -> None:
    """Remove a folder, if there is one; or only its first file and then die."""
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
        approach()
    if folder.exists():
        folder.rmdir()


def _note(root: Path, process: int) -> None:
    (root / _CHILD).write_text(str(process))


def _packed(doom: Doom) -> str:
    return orjson.dumps(doom, default=str).decode()


def _unpacked(text: str) -> Doom:
    fields = orjson.loads(text)
    return Doom(
        Path(fields["root"]), Moment(fields["moment"]), fields["count"], Victim(fields["victim"])
    )


if __name__ == "__main__":
    packed, parent, *arguments = sys.argv[1:]
    sys.exit(make(_unpacked(packed), int(parent), arguments))
