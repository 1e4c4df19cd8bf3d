"""What was found for a question, and why it is covered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.demonstration import Demonstration, ImageFormat, Kind, Options, Showing
from bot.core.errors import DemonstrationRefused
from bot.demonstrations.retrieval import MOST, show_retrieval
from knowledge.calibration import Calibration
from knowledge.coverage import decide
from knowledge.model import Evidence, FoundPassage, Passage

FITTED = Calibration(subject=0.7, reading=0.04, answer=0.9)


def hit(title: str, score: float, dense: float, lexical: float) -> FoundPassage:
    return FoundPassage(Passage(title, title, ("How it works",), "Text."), score, dense, lexical)


FOUND = (hit("A", 0.9, 0.6, 4.0), hit("B", 0.8, 0.5, 7.5), hit("C", 0.7, 0.55, 0.0))


def evidence(
    *,
    found: tuple[FoundPassage, ...] = FOUND,
    share: float = 0.5,
    answer: float | None = None,
    question: str = "What is it?",
) -> Evidence:
    dense = max((each.dense for each in found), default=0.0)
    return Evidence(question, found, decide(dense, share, answer, FITTED), 7)


def show(shown: Evidence, options: Options | None = None) -> Demonstration:
    return show_retrieval(Showing(Kind.RETRIEVAL, (shown.question,), options or {}), shown)


def labels(shown: Demonstration) -> list[str]:
    start = shown.words.index("meaning   words  together  passage") + 1
    return [line[27] for line in shown.words[start : shown.words.index("", start)]]


def test_a_covered_question_is_told_with_its_numbers() -> None:
    shown = show(evidence())

    assert shown.title == "Covered: the passages reach 0.85 of the needed 0.70"
    assert (
        shown.findings[0] == "Covered: meaning 0.60 and words 0.25 make 0.85, and 0.70 is needed."
    )
    assert shown.title in shown.alt


def test_what_reading_found_is_a_part_of_the_sum() -> None:
    shown = show(evidence(answer=-2.5))

    assert shown.title == "Not covered: the passages reach 0.75 of the needed 0.90"
    assert "reading -0.10 make 0.75" in shown.findings[0]
    assert "  -0.10  reading: log-odds -2.5" in shown.words


def test_a_reader_that_is_very_sure_counts_as_less() -> None:
    shown = show(evidence(answer=-8.0))

    assert "  -0.20  reading: log-odds -8.0, counts as -5" in shown.words
    assert "   0.65  sum" in shown.words


def test_the_parts_make_the_sum() -> None:
    lines = show(evidence(answer=3.0)).words
    end = next(number for number, line in enumerate(lines) if line.endswith("sum"))
    parts = [float(line.split()[0]) for line in lines[end - 3 : end]]

    assert float(lines[end].split()[0]) == pytest.approx(sum(parts), abs=0.02)


def test_a_question_that_only_names_topics_needs_no_sum() -> None:
    named = evidence(share=0.0)
    shown = show(replace(named, coverage=replace(named.coverage, covered=True)))

    assert shown.title == "Covered: the question names a topic that has an article"
    assert shown.findings[0].startswith("Covered, as the question only names topics")


@pytest.mark.parametrize(
    ("dense", "lexical", "said"),
    [
        (0.6, 4.0, "Mostly meaning found “A › How it works”: by meaning it is number 1 of 3"),
        (0.6, 9.0, "Meaning and words both found"),
        (0.4, 9.0, "Mostly words found"),
        (0.6, 0.0, "no word of the question stands in it"),
    ],
)
def test_it_is_told_whether_words_or_meaning_found_the_first_passage(
    dense: float, lexical: float, said: str
) -> None:
    found = (hit("A", 0.9, dense, lexical), *FOUND[1:])

    assert said in show(evidence(found=found)).findings[1]


@pytest.mark.parametrize(
    ("by", "order"), [("together", "ABC"), ("meaning", "ACB"), ("words", "BAC")]
)
def test_the_passages_can_be_put_in_order_by_each_score(by: str, order: str) -> None:
    shown = show(evidence(), {"by": by})

    assert "".join(labels(shown)) == order
    assert len(shown.steps) == 2
    assert {"by": by} not in [step.options for step in shown.steps]


def test_no_more_passages_are_shown_than_fit() -> None:
    many = tuple(hit("ABCDEFGHIJ"[n], 1 - n / 10, 0.5, 1.0) for n in range(10))

    assert len(labels(show(evidence(found=many)))) == MOST


def test_a_passage_without_title_is_named_by_its_text() -> None:
    found = (FoundPassage(Passage("1", "", (), "Bread rises slowly."), 1, 0.5, 1),)

    assert "Bread rises slowly." in show(evidence(found=found)).words[3]


def test_nothing_found_is_nothing_to_show() -> None:
    with pytest.raises(DemonstrationRefused, match="Nothing was found"):
        show(evidence(found=()))


def test_an_unknown_order_is_refused_with_those_there_are() -> None:
    with pytest.raises(DemonstrationRefused, match="together, meaning, words, but not “luck”"):
        show(evidence(), {"by": "luck"})


@pytest.mark.parametrize(
    "shown",
    [
        evidence(question="$x^2$ {0} %s <b> \\frac " * 40),
        evidence(question="日本の首都は 😀 عاصمة"),
        evidence(found=(hit("L" * 500, 0.0, -0.2, 0.0),), share=0.0, answer=-9.0),
        Evidence("q", FOUND[2:], replace(decide(0.0, 0.0, None, FITTED), threshold=0.0), 1),
    ],
)
def test_anything_can_be_drawn(shown: Evidence) -> None:
    drawn = show(shown)

    assert drawn.picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(drawn.picture) < 300_000
    assert all(len(line) <= 100 for line in drawn.words)


def test_an_svg_is_one() -> None:
    showing = Showing(Kind.RETRIEVAL, ("q",))

    assert b"<svg" in show_retrieval(showing, evidence(), ImageFormat.SVG).picture
