"""Running commands, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bot import app as wiring


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)

    @property
    def words(self) -> str:
        """What was printed, without line breaks."""
        return " ".join(self.out.split())


Cli = Callable[..., Ended]


def refused(ended: Ended, code: int) -> str:
    """The one line that an error is."""
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.count("\n") == 1, ended.err
    assert ended.err.endswith("\n")
    assert "\x1b" not in ended.err
    return ended.err


def started(
    data_dir: Path, folder: Path, *arguments: str, typed: str = "", script: str = ""
) -> Ended:
    """Run a command in a process of its own, with pipes for everything.

    Args:
        data_dir: the data directory.
        folder: where the process starts.
        arguments: of the command.
        typed: what comes in.
        script: Python that runs the command, in place of ``bot.cli``.
    """
    program = ["-c", script] if script else ["-m", "bot.cli"]
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *program, *arguments],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={
            **os.environ,
            "EXPLAINER_DATA_DIR": str(data_dir),
            "PYTHONPATH": str(Path(wiring.__file__).parent.parent),
        },
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)
