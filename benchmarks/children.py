"""Measuring in child processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.measuring import peaks_of_children_mib

_GAUGE_SECONDS = 0.1
_THEIR_SETTINGS = ("EXPLAINER_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_")


def run_module(module: str, arguments: Sequence[str], log: Path) -> float:
    """Run a module of this project in a process of its own.

    Args:
        module: its name.
        arguments: what it is given.
        log: the file that what it prints goes to.

    Returns:
        The most memory that the largest of its own children had, in MiB.

    Raises:
        BenchmarkError: it failed; the text is the last line that it printed.
    """
    peaks: dict[int, float] = {}
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own module with our own arguments
            [sys.executable, "-m", module, *arguments],
            stdout=output,
            stderr=output,
            cwd=Path(__file__).parent.parent,
            env=_environment(),
        ) as child,
    ):
        while _running(child):
            peaks |= peaks_of_children_mib(child.pid)
    if child.returncode:
        reason = log.read_text(errors="replace").strip().rsplit("\n", 1)[-1]
        raise BenchmarkError(reason or f"exit code {child.returncode}")
    return max(peaks.values(), default=0.0)


def _environment() -> dict[str, str]:
    """The contenders run as they are shipped, whatever this machine's settings are."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_THEIR_SETTINGS)
    }


def _running(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(_GAUGE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False
