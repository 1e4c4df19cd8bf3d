"""Beginnings of texts that stand elsewhere."""

from __future__ import annotations

import pytest

from knowledge.errors import SourceError
from knowledge.model import Section
from knowledge.sources.teasers import is_cut_off, without_teasers

WHOLE = " ".join(["A perceptron is a neuron with a threshold."] * 10)


@pytest.mark.parametrize(
    "text",
    [
        "Researchers have found out that models…",
        "Researchers have found out that models …",
        "Researchers have found out that models...",
        "Researchers have found out that models . . .",
        "Researchers have found out that models ....",
        "Researchers have found out that models […]",
        "Researchers have found out that models [...]",
        "Researchers have found out that models (…)",
        "Researchers have found out that models [&…]",
        "“Researchers have found out that models…”",
        "Researchers have found out that models… \n",
        "Researchers have found out that models…\u00a0»",
        "Researchers have found out for text, images, …",
        "Researchers have found a model. Read more",
        "Researchers have found a model. Read more »",
        "Researchers have found a model. READ MORE →",
        "Researchers have found that models… Read more",
        "Researchers have found that models … more",
        "Researchers have found that models (more)",
        "Researchers have found that models [read more]",
        "Researchers have found a model. Continue reading",
        "Researchers have found a model. Continue reading “How models grow”",
        "Researchers have found a model. Continue reading How models grow →",
        "Researchers have found a model. Read the full article at example.org",
        "Researchers have found a model. Read the rest",
        "Forscher haben ein Modell gefunden. Weiterlesen",
        "Read more",
        "- Models grow. Learn more",
    ],
)
def test_a_text_that_breaks_off_is_a_teaser(text: str) -> None:
    assert is_cut_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A perceptron is a neuron.",
        "It waits… and then it fires.",
        "It waits ... and then it fires.",
        "The numbers 1, 2, 3, …",
        "The inputs x1, x2, ...",
        "The inputs (x_1, x_2, …)",
        "The list [0, 1, 2, ...]",
        "Children who read more learn more.",
        "They learned to read more",
        "To keep up, read more papers",
        "Read more papers than you write",
        "Goal: read more papers",
        "Models learn from more data and more",
        "Less is more",
        "Read more about attention in chapter 2. It holds all of it.",
        "To be continued in the next section.",
        "The [CLS] token",
        "Continue training until the loss is flat",
        "A call ends with `...` in Python: see below.",
    ],
)
def test_ordinary_prose_is_none(text: str) -> None:
    assert not is_cut_off(text)


def test_cut_off_paragraphs_go_and_the_others_stay() -> None:
    sections = (Section((), f"{WHOLE}\n\nAnother model has been found which…\n\nThe end."),)

    assert without_teasers(sections) == (Section((), f"{WHOLE}\n\nThe end."),)


def test_cut_off_items_of_a_list_go_and_the_others_stay() -> None:
    sections = (Section((), f"{WHOLE}\n\n- A whole item.\n- An item that…\n- The last."),)

    assert without_teasers(sections) == (Section((), f"{WHOLE}\n\n- A whole item.\n- The last."),)


def test_code_is_left_as_it_is() -> None:
    code = "```python\ndef later():\n\n    ...\n\nx = [1, ...\n```"
    sections = (Section(("Code",), f"{WHOLE}\n\n{code}"),)

    assert without_teasers(sections) == sections


def test_a_heading_that_is_repeated_below_itself_is_said_once() -> None:
    sections = (Section(("Models", "How  models grow"), f"How models Grow\n\n{WHOLE}"),)

    assert without_teasers(sections) == (Section(("Models", "How  models grow"), WHOLE),)


def test_a_section_of_which_nothing_is_left_goes() -> None:
    sections = (Section((), WHOLE), Section(("More",), "More\n\nAnother model which…"))

    assert without_teasers(sections) == (Section((), WHOLE),)


def test_a_page_of_teasers_is_refused_with_what_to_do() -> None:
    sections = tuple(
        Section((f"Title {n}",), f"Title {n}\n\nResearchers have found out that model {n} …")
        for n in range(10)
    )

    with pytest.raises(SourceError, match=r'holds only teasers .* kind = "listing"'):
        without_teasers(sections)


def test_titles_that_are_left_of_teasers_make_no_article() -> None:
    teaser = "Researchers have found out at great length that models grow when they are fed and…"
    sections = tuple(
        Section((), f"What number {n} of them says of it\n\n{teaser}") for n in range(20)
    )

    with pytest.raises(SourceError, match="holds only teasers"):
        without_teasers(sections)


def test_a_short_article_with_one_teaser_below_stays() -> None:
    text = "A perceptron is a neuron with a hard threshold that separates two classes."

    kept = without_teasers((Section((), f"{text}\n\nNext: what a network…"),))

    assert kept == (Section((), text),)


def test_a_page_without_teasers_is_left_as_it_is() -> None:
    sections = (Section((), "Short"), Section(("A",), "- one\n- two"))

    assert without_teasers(sections) == sections
