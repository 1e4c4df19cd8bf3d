"""What the commands have in common."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from benchmarks.errors import BenchmarkError
from knowledge.errors import KnowledgeError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def told_in_one_line(work: Callable[[], None]) -> int:
    """Do something; if it cannot be done, say why on stderr.

    Returns:
        The exit code: 1 for a failure. What was measured never makes one.
    """
    try:
        work()
    except (BenchmarkError, KnowledgeError, OSError) as error:
        err.print(" ".join(str(error).split()), style="red", markup=False, soft_wrap=True)
        return 1
    return 0


def positive(text: str) -> int:
    """Read a number from 1 of the command line."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
