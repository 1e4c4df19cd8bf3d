"""Reindexing, as the terminal shows it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.terminal.reports import MAX_TITLES, print_report, progress_bar
from knowledge.reindexing import Diff, Progress, Report, Step


def printed(report: Report, dry_run: bool) -> str:
    file = io.StringIO()
    print_report(Console(file=file, width=100), report, dry_run)
    return file.getvalue()


def report(diff: Diff, problems: tuple[str, ...] = ()) -> Report:
    return Report(diff, problems, 3, 1.5, 2, published=True)


def test_a_report_tells_what_was_published() -> None:
    text = " ".join(printed(report(Diff(("a",), (), (), 4)), dry_run=False).split())
    assert text.startswith("Edition 2 is published: 1 added, 0 changed, 0 removed, 4 unchanged")


def test_a_dry_run_tells_what_would_be_published() -> None:
    first, *_ = printed(report(Diff(("a",), ("b", "c"), (), 4)), dry_run=True).split("\n")
    assert first == "Would be published: 1 added, 2 changed, 0 removed, 4 unchanged."


def test_a_dry_run_names_each_article() -> None:
    text = printed(report(Diff(("new",), ("[red]",), ("gone",))), dry_run=True)
    assert text.split("\n")[1:4] == ["+ new", "~ [red]", "- gone"]


def test_a_dry_run_names_no_more_than_a_screenful() -> None:
    ids = tuple(f"article-{number:03}" for number in range(MAX_TITLES + 7))
    text = printed(report(Diff(ids)), dry_run=True)
    assert text.count("article-") == MAX_TITLES
    assert "+ … and 7 more" in text


@pytest.mark.parametrize("dry_run", [True, False])
def test_problems_are_told(dry_run: bool) -> None:
    assert "notes.md:3: broken." in printed(report(Diff(), ("notes.md:3: broken.",)), dry_run)


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
