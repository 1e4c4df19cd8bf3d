"""A reindex in a process of its own, which may be told to die on the way.

Run as ``python -m tests.knowledge.doomed ROOT [MOMENT COUNT]``: the reindex of the house
below ROOT is killed before the COUNTth commit (moment ``commit``), or together with the child
process that makes the index when that has come to its COUNTth batch (moment ``batch``).
"""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from knowledge.editions import __main__ as child
from knowledge.editions import chroma, files, verifying
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.reindexing import transaction
from tests.knowledge.house import House

AT_ONCE = 8
"""Passages a batch, in the reindex as in its child, so that there are many moments to die."""


def main(root: Path, moment: str = "", count: int = 0) -> None:
    """Reindex the house below a folder, and perhaps die."""
    transaction.EMBED_AT_ONCE = AT_ONCE
    house = House(root, EmbeddedEditions)
    if moment == "commit":
        event.listen(house.library._engine, "commit", _death(count, _kill_this))
    if moment == "batch":
        _let_the_child_die(root, count)
    house.reindex()
    house.close()


def _let_the_child_die(root: Path, count: int) -> None:
    file = root / "python"
    file.write_text(
        f'#!/bin/sh\nexec {sys.executable} -m tests.knowledge.doomed child {count} "$@"\n'
    )
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    sys.executable = str(file)


def _child(count: int, arguments: list[str]) -> int:
    """What the child process does, until its end."""
    vectors_of, die = files.vectors_of, _death(count, _kill_both)

    def counted(*what: Any) -> Any:
        die()
        return vectors_of(*what)

    with (
        patch.object(chroma, "BATCH", AT_ONCE),
        patch.object(files, "_AT_ONCE", AT_ONCE),
        patch.object(files, "vectors_of", counted),
        patch.object(verifying, "vectors_of", counted),
    ):
        return child.main(arguments)


def _death(count: int, kill: Callable[[], None]) -> Callable[..., None]:
    left = count

    def approach(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            kill()

    return approach


def _kill_this() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_both() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    _kill_this()


if __name__ == "__main__":
    if sys.argv[1] == "child":
        sys.exit(_child(int(sys.argv[2]), sys.argv[5:]))
    moment, count = sys.argv[2:] or ("", "0")
    main(Path(sys.argv[1]), moment, int(count))
