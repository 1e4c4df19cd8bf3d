"""What travels from question to answer, as plain text."""

from __future__ import annotations

from bot.core.answers.answer import Claim, Verdict, marked, paragraphs, plain_text

ONE = Claim("One.", (1,), Verdict.QUOTED)
TWO = Claim("Two.", (1, 3), Verdict.SUPPORTED)
THREE = Claim("Three.", (), Verdict.QUOTED, paragraph=1)
FOUR = Claim("Four.", (2,), Verdict.QUOTED, paragraph=0)


def test_a_claim_is_marked_with_its_sources() -> None:
    assert marked(TWO) == "Two. [1][3]"


def test_a_claim_without_sources_has_no_mark() -> None:
    assert marked(THREE) == "Three."


def test_claims_that_follow_each_other_in_one_paragraph_stand_together() -> None:
    assert paragraphs((ONE, TWO, THREE, FOUR)) == [[ONE, TWO], [THREE], [FOUR]]


def test_paragraphs_are_parted_by_an_empty_line() -> None:
    assert plain_text((ONE, TWO, THREE)) == "One. [1] Two. [1][3]\n\nThree."


def test_no_claims_are_no_text() -> None:
    assert plain_text(()) == ""
