"""What the commands have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.errors import BenchmarkError
from benchmarks.tables import markdown
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


def show(tables: Iterable[Table], file: Path | None) -> None:
    """Print tables as they are made; write them to a file as Markdown, too, if there is one."""
    if file:
        file.write_text("")
    for table in tables:
        out.print(table)
        if file:
            with file.open("a", encoding="utf-8") as lines:
                lines.write(markdown(table) + "\n")


def positive(text: str) -> int:
    """Read a number from 1 of the command line."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
