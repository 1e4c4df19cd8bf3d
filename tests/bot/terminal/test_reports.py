"""Reindexing, as the terminal shows it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot.terminal.reports import (
    MAX_LINES,
    editions_table,
    print_report,
    progress_bar,
    sources_table,
)
from knowledge.library import EditionOverview, EditionRecord, Note, StaleArticle
from knowledge.reindexing import Diff, Progress, Report, Step
from knowledge.reindexing.overview import SourceOverview

THEN = datetime(2026, 5, 4, 3, 2, tzinfo=UTC)


def printed(report: Report) -> str:
    file = io.StringIO()
    print_report(Console(file=file, width=100), report)
    return file.getvalue()


def report(diff: Diff, problems: tuple[str, ...] = (), dry_run: bool = False) -> Report:
    return Report(diff, problems, 3, 1.5, 2, published=not dry_run, dry_run=dry_run)


def test_a_report_tells_what_was_published() -> None:
    text = " ".join(printed(report(Diff(("a",), (), (), 4))).split())
    assert text.startswith("Edition 2 is published: 1 added, 0 changed, 0 removed, 4 unchanged")


def test_a_dry_run_tells_what_would_be_published() -> None:
    first, *_ = printed(report(Diff(("a",), ("b", "c"), (), 4), dry_run=True)).split("\n")
    assert first == "Would be published: 1 added, 2 changed, 0 removed, 4 unchanged."


def test_a_dry_run_names_no_more_than_a_screenful() -> None:
    ids = tuple(f"article-{number:03}" for number in range(MAX_LINES + 7))
    text = printed(report(Diff(ids), dry_run=True))
    assert text.count("article-") == MAX_LINES
    assert "… and 7 more" in text


@pytest.mark.parametrize("dry_run", [True, False])
def test_problems_are_told(dry_run: bool) -> None:
    assert "notes.md:3: broken." in printed(report(Diff(), ("notes.md:3: broken.",), dry_run))


def test_a_pipe_gets_no_progress() -> None:
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=False)) as tell:
        tell(Progress(Step.EMBED, 1, 2))
    assert file.getvalue() == ""


def test_a_terminal_gets_a_bar_for_each_step() -> None:
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=True, width=100)) as tell:
        tell(Progress(Step.GATHER, 7))
        tell(Progress(Step.EMBED, 1, 2))
    assert Step.GATHER.value in file.getvalue()
    assert Step.EMBED.value in file.getvalue()
    assert "1/2" in file.getvalue()


def rows(table: object) -> list[str]:
    """What a table shows, a line each, with single spaces."""
    file = io.StringIO()
    Console(file=file, width=200).print(table)
    lines = (" ".join(line.split()) for line in file.getvalue().splitlines())
    return [line for line in lines if line][2:]


def source(**changes: object) -> SourceOverview:
    given: dict[str, object] = {
        "name": "handbook",
        "location": "/srv/handbook",
        "kind": "folder",
        "trust": "high",
        "every": None,
        "articles": 1_234,
        "repeated": 0,
        "tried": THEN,
        "read": THEN,
        "problem": "",
        "stale": (),
    }
    return SourceOverview(**(given | changes))  # type: ignore[arg-type]  # one table for all


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({}, "handbook folder high – 1,234 2026-05-04 03:02"),
        ({"every": 21_600.0}, "handbook folder high 6 h 1,234 2026-05-04 03:02"),
        ({"read": None}, "handbook folder high – 1,234 never"),
        ({"name": "[red]"}, "[red] folder high – 1,234 2026-05-04 03:02"),
    ],
    ids=["read", "scheduled", "never", "markup"],
)
def test_a_source_has_a_row(changes: dict[str, object], row: str) -> None:
    assert rows(sources_table([source(**changes)])) == [row]


def test_what_could_not_be_read_stands_below_the_sources() -> None:
    stale = StaleArticle("handbook", "kite", "kite.md", "kite.md: [not] UTF-8.", THEN)
    _, *below = rows(sources_table([source(stale=(stale,), problem="It is [closed].")]))
    assert below == ["It is [closed].", "stale since 2026-05-04 03:02: kite.md: [not] UTF-8."]


def edition(**changes: object) -> EditionOverview:
    record = EditionRecord(7, "hashing@1", "f", ("a",), THEN, Note("[ada]", "first use", 5, 4, 3))
    given: dict[str, object] = {
        "record": record,
        "articles": 12,
        "passages": 3_456,
        "replaced": None,
        "serving": True,
        "pinned": None,
    }
    return EditionOverview(**(given | changes))  # type: ignore[arg-type]  # one table for all


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "serving"),
        ({"pinned": THEN}, "serving, pinned since 2026-05-04 03:02"),
        ({"serving": False, "replaced": THEN}, "until 2026-05-04 03:02"),
    ],
    ids=["serving", "pinned", "replaced"],
)
def test_an_edition_has_a_row(changes: dict[str, object], state: str) -> None:
    [row] = rows(editions_table([edition(**changes)]))
    assert row == f"7 2026-05-04 03:02 {state} 12 3,456 +5 ~4 -3 [ada] first use"
