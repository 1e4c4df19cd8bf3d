"""Reindexing, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from bot.core.messages.reports import duration, report_message
from bot.terminal.rendering import show
from knowledge.library import EditionOverview
from knowledge.reindexing import Progress, Report, Step
from knowledge.reindexing.overview import SourceOverview

MAX_LINES = 20


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


def print_report(console: Console, report: Report) -> None:
    """What a reindex changed, or would change."""
    show(console, report_message(report, most=MAX_LINES))


def sources_table(sources: Sequence[SourceOverview]) -> RenderableType:
    """The sources: what they are, when they were read, and below, what could not be."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("source", "kind", "trust", "every", "articles", "read"):
        table.add_column(column, overflow="fold")
    for source in sources:
        table.add_row(
            escape(source.name),
            source.kind,
            source.trust,
            duration(source.every) if source.every else "–",
            f"{source.articles:,}",
            f"{source.read:%Y-%m-%d %H:%M}" if source.read else "never",
        )
    return Group(table, *map(_trouble, sources))


def _trouble(source: SourceOverview) -> RenderableType:
    """Why a source, or articles of it, could not be read the last time."""
    lines = [Text(source.problem, "red")] if source.problem else []
    lines += [
        Text(f"stale since {article.since:%Y-%m-%d %H:%M}: {article.reason}", "yellow")
        for article in source.stale
    ]
    return Group(*lines)


def editions_table(kept: Sequence[EditionOverview]) -> Table:
    """The editions that are kept, the newest first."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("edition", "made", "state", "articles", "passages", "changes", "who", "why"):
        table.add_column(column, overflow="fold")
    for each in kept:
        note = each.record.note
        table.add_row(
            str(each.record.id),
            f"{each.record.created:%Y-%m-%d %H:%M}",
            _state(each),
            f"{each.articles:,}",
            f"{each.passages:,}",
            f"+{note.added:,} ~{note.changed:,} -{note.removed:,}",
            escape(note.who),
            escape(note.why),
        )
    return table


def _state(edition: EditionOverview) -> str:
    if edition.pinned:
        return f"serving, pinned since {edition.pinned:%Y-%m-%d %H:%M}"
    return "serving" if edition.serving else f"until {edition.replaced:%Y-%m-%d %H:%M}"
