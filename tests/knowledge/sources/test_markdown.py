"""Markdown -> plain text under heading paths."""

from __future__ import annotations

import pytest

from knowledge.model import Section
from knowledge.sources.markdown import read_markdown


def text_of(markdown: str) -> str:
    """The text of Markdown without headings."""
    _, (section,) = read_markdown(markdown)
    assert section.headings == ()
    return section.text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        (
            "Some *stressed*, **strong** and _other_ words.",
            "Some stressed, strong and other words.",
        ),
        ("A [link](https://example.org) and <https://b.org>.", "A link and https://b.org."),
        ("![A picture](a.png) shows it.", "A picture shows it."),
        ("Call `model.fit(x)` once.", "Call model.fit(x) once."),
        ("Spans keep `a * b * c` stars.", "Spans keep a * b * c stars."),
        (r"Escaped \*stars\* and &amp; stay.", "Escaped *stars* and & stay."),
        ("One line\ngoes on  \nand on.", "One line goes on and on."),
        ("H<sub>2</sub>O has no tags.", "H2O has no tags."),
        ("One<br>two<br/>three.", "One two three."),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n<!-- a note to the author -->\n\nTwo.", "One.\n\nTwo."),
        ("> Quoted words\n> go on.\n>\n> More.", "Quoted words go on.\n\nMore."),
        ("One.\n\n---\n\nTwo.", "One.\n\nTwo."),
    ],
)
def test_marks_are_taken_off_the_words(markdown: str, plain: str) -> None:
    assert text_of(markdown) == plain


@pytest.mark.parametrize("markdown", ["* One *word*.\n* Two.", "1. One word.\n2. Two."])
def test_list_items_start_with_a_dash(markdown: str) -> None:
    assert text_of(markdown) == "- One word.\n- Two."


def test_a_list_item_of_several_lines_is_one_line() -> None:
    assert (
        text_of("- One line\n  goes on.\n\n  More.\n- Two.") == "- One line goes on. More.\n- Two."
    )


def test_a_table_keeps_its_rows() -> None:
    table = "| Model | Width |\n|:---|---:|\n| **BERT** | 768 |"

    assert text_of(table) == "| Model | Width |\n| BERT | 768 |"


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("```python\nx = *y*\n\nz\n```", "```python\nx = *y*\n\nz\n```"),
        ("~~~\n# not a heading\n~~~", "```\n# not a heading\n```"),
        ("    indented\n    code", "```\nindented\ncode\n```"),
    ],
)
def test_code_stands_between_fences_as_it_was_written(markdown: str, plain: str) -> None:
    assert text_of(markdown) == plain


def test_sections_carry_the_path_of_their_headings() -> None:
    title, sections = read_markdown(
        "# Title\n\nTop.\n\n## A\n\nIn A.\n\n### B *stressed*\n\nIn B.\n\n## C\n\nIn C."
    )

    assert title == "Title"
    assert sections == (
        Section((), "Top."),
        Section(("A",), "In A."),
        Section(("A", "B stressed"), "In B."),
        Section(("C",), "In C."),
    )


def test_a_heading_without_text_of_its_own_is_only_part_of_the_path() -> None:
    _, sections = read_markdown("## A\n\n### B\n\nText.\n\n## Empty\n")

    assert sections == (Section(("A", "B"), "Text."),)


def test_a_skipped_level_does_not_lose_the_path() -> None:
    _, sections = read_markdown("## A\n\n#### D\n\nText.\n\n### B\n\nMore.")

    assert sections == (Section(("A", "D"), "Text."), Section(("A", "B"), "More."))


def test_only_the_first_heading_of_level_one_is_the_title() -> None:
    title, sections = read_markdown("One\n===\n\nText.\n\n# Two\n\nMore.")

    assert title == "One"
    assert sections == (Section((), "Text."), Section(("Two",), "More."))
