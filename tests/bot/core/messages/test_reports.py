"""What happens to the library, as messages."""

from __future__ import annotations

import pytest

from bot.core.messages.message import Bullets, Paragraph
from bot.core.messages.phrasing import say
from bot.core.messages.reports import (
    MAX_PROBLEMS,
    duration,
    in_a_chat,
    progress_message,
    report_message,
)
from knowledge.reindexing import Diff, Progress, Report, Step


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(Step.EMBED, 1_500, 3_000), "embedding new passages, 1,500 of 3,000"),
        (Progress(Step.GATHER, 12), "reading the sources, 12 so far"),
        (Progress(Step.EMBED, 100, 400, seconds=1.9), "new passages, 100 of 400…"),
        (Progress(Step.EMBED, 100, 400, seconds=2), "400, 50 a second, about 6 s left…"),
        (Progress(Step.EMBED, 100, 40_000, seconds=4), "40,000, 25 a second, about 27 min left…"),
        (Progress(Step.EMBED, 0, 400, seconds=9), "new passages, 0 of 400…"),
        (Progress(Step.GATHER, 12, seconds=60), "reading the sources, 12 so far…"),
    ],
)
def test_progress_tells_the_step_and_how_far_it_is(progress: Progress, text: str) -> None:
    [block] = progress_message(progress).blocks
    assert isinstance(block, Paragraph)
    assert text in block.text


@pytest.mark.parametrize(("done", "full"), [(0, 0), (100, 10), (199, 20), (200, 20)])
def test_progress_is_a_bar_where_its_end_is_known(done: int, full: int) -> None:
    [block] = progress_message(Progress(Step.EMBED, done, 200)).blocks
    assert isinstance(block, Paragraph)
    assert block.text.startswith("█" * full + "░" * (20 - full) + " ")


def test_progress_without_an_end_has_no_bar() -> None:
    [block] = progress_message(Progress(Step.GATHER, 12)).blocks
    assert isinstance(block, Paragraph)
    assert "░" not in block.text


def report(problems: tuple[str, ...] = (), published: bool = True) -> Report:
    diff = Diff(("a", "b"), ("c",), ("d", "e", "f"), 1_234)
    return Report(diff, problems, 56, 7.84, 9, published)


def test_a_report_counts_what_changed() -> None:
    [block] = report_message(report()).blocks
    assert block == Paragraph(
        "Edition 9 is published: 2 added, 1 changed, 3 removed, 1,234 unchanged; 56 passages "
        "embedded in 7.8 s."
    )


def test_a_report_of_no_change_says_so() -> None:
    [block] = report_message(report(published=False)).blocks
    assert isinstance(block, Paragraph)
    assert block.text.startswith("Nothing changed: 1,234 articles are up to date")


def test_a_report_names_the_first_problems_and_counts_all() -> None:
    problems = tuple(f"file_{number}.md: broken." for number in range(MAX_PROBLEMS + 5))
    _, count, names = report_message(report(problems)).blocks
    assert count == Paragraph(f"Could not be read ({MAX_PROBLEMS + 5}):")
    assert isinstance(names, Bullets)
    first = tuple(f"file\\_{n}.md: broken." for n in range(MAX_PROBLEMS))
    assert names.items == (*first, "… and 5 more")


def test_a_dry_run_names_what_would_change_by_its_title() -> None:
    titles = {"a": "Kite", "b": "Top", "c": "Yo-yo", "d": "gone"}
    diff = Diff(("a", "b"), ("c",), ("d",), 7, titles=titles)
    message = report_message(Report(diff, (), 0, 1.0, 9, published=False, dry_run=True))
    assert message.blocks == (
        Paragraph("Would be published: 2 added, 1 changed, 1 removed, 7 unchanged."),
        Paragraph("Added:"),
        Bullets(("Kite", "Top")),
        Paragraph("Changed:"),
        Bullets(("Yo-yo",)),
        Paragraph("Removed:"),
        Bullets(("gone",)),
    )


def test_a_dry_run_without_changes_says_so() -> None:
    message = report_message(Report(Diff(unchanged=7), (), 0, 1.0, 9, False, dry_run=True))
    assert message == say("Nothing would change: 7 articles are up to date.")


def test_a_report_names_no_title_of_what_was_published() -> None:
    diff = Diff(("a",), titles={"a": "Kite"})
    [block] = report_message(Report(diff, (), 1, 1.0, 9, published=True)).blocks
    assert "Kite" not in str(block)


def test_a_report_counts_the_documents_that_repeat_an_article() -> None:
    diff = Diff(("a",), repeated=2)
    _, told = report_message(Report(diff, (), 1, 1.0, 9, published=True)).blocks
    assert told == Paragraph("Repetitions, found under the article that they repeat: 2.")


@pytest.mark.parametrize(
    ("advice", "told"),
    [
        ("If so, run `explainer reindex --force`.", "If so, press “Publish all the same”."),
        ("With `explainer rollback --release`.", "With “explainer rollback release”."),
        ("Run `explainer reindex` again.", "Run “reindex” again."),
        ("Nothing to do.", "Nothing to do."),
    ],
)
def test_advice_names_the_command_of_a_chat(advice: str, told: str) -> None:
    assert in_a_chat(advice) == told


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (119.4, "119 s"), (120, "2 min"), (7_199, "120 min"), (86_400, "24 h")],
)
def test_a_duration_is_told_in_a_unit_that_fits(seconds: float, text: str) -> None:
    assert duration(seconds) == text
