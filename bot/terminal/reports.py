"""Reindexing, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from bot.core import wording
from bot.core.phrasing import report_message
from bot.terminal.rendering import show
from knowledge.reindexing import Progress, Report, Step

MAX_TITLES = 20


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[Progress], None]]:
    """A bar a step, on a terminal only.

    Yields:
        What to call with each progress.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks = {step: bars.add_task(step.value, total=None, visible=False) for step in Step}

        def tell(progress: Progress) -> None:
            bars.update(
                tasks[progress.step],
                completed=progress.done,
                total=progress.total,
                visible=True,
            )

        yield tell


def print_report(console: Console, report: Report, dry_run: bool) -> None:
    """What a reindex changed, or would change."""
    if not dry_run:
        show(console, report_message(report))
        return
    diff = report.diff
    console.print(
        wording.REINDEX_WOULD.format(
            added=len(diff.added),
            changed=len(diff.changed),
            removed=len(diff.removed),
            unchanged=diff.unchanged,
        )
    )
    for mark, ids in (("+", diff.added), ("~", diff.changed), ("-", diff.removed)):
        for id_ in ids[:MAX_TITLES]:
            console.print(f"{mark} {id_}", markup=False)
        if len(ids) > MAX_TITLES:
            console.print(f"{mark} … and {len(ids) - MAX_TITLES:,} more", markup=False)
    for problem in report.problems:
        console.print(f"! {problem}", markup=False)
