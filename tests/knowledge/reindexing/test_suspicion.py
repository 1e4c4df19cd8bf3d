"""Pages that turn into something else than the article that they were."""

from __future__ import annotations

import pytest

from knowledge.model import Article, Section
from knowledge.reindexing.suspicion import suspect
from tests.knowledge.sources.remote import prose

TITLE = "Gradient descent"
TEXT = "\n\n".join(prose(TITLE))
ELSEWHERE = (
    "Our online shop delivers fresh bread, cheese and olives every morning before seven. "
    "Order until midnight; payment by invoice is possible for regular customers."
)


def _now(title: str, text: str) -> Article:
    return Article("page", title, (Section((), text),))


def test_a_page_that_is_about_something_else_is_suspected() -> None:
    reason = suspect(TITLE, TEXT[:600], _now("Fresh bread", ELSEWHERE))

    assert reason == f"it was “{TITLE}” and is now about something else, “Fresh bread”"


@pytest.mark.parametrize(
    "notice", ["This page has moved.", "Gradient descent: log in to read.", ""]
)
def test_a_page_that_shrinks_to_a_notice_is_suspected(notice: str) -> None:
    assert suspect(TITLE, TEXT, _now(TITLE, notice)) == f"hardly any text is left of “{TITLE}”"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, TEXT),
        (TITLE, "\n\n".join(prose(TITLE)[:5])),
        ("Steepest descent, explained", TEXT),
        ("Gradient Descent (updated)", ELSEWHERE),
    ],
    ids=["unchanged", "shortened", "another title", "rewritten under its title"],
)
def test_a_revision_is_taken(title: str, text: str) -> None:
    assert suspect(TITLE, TEXT[:600], _now(title, text)) == ""


def test_a_short_note_may_become_shorter() -> None:
    assert suspect("Note", "Two words that were here.", _now("Note", "Two words.")) == ""
