"""Front matter: what is understood, and what is told about what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.model import Article, Reference, Section
from tests.knowledge.reading import article_in, complaint_about

FULL = """---
title: Perceptron
summary: A perceptron is a neuron with a threshold.
aliases: [Rosenblatt neuron, threshold unit]
topics: [foundations]
level: beginner
prerequisites: [vector]
related: [neural-network]
references:
  - {title: The Perceptron, year: 1958, doi: "10.1037/h0042519"}
  - {title: Adam, year: 2014, arxiv: "1412.6980"}
url: https://example.org/perceptron
date: 2024-05-17
language: en
---

## What it is

A perceptron is a neuron.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "perceptron.md"


def test_every_field_is_read(file: Path) -> None:
    file.write_text(FULL)

    assert article_in(file) == Article(
        id="perceptron",
        title="Perceptron",
        sections=(Section(("What it is",), "A perceptron is a neuron."),),
        summary="A perceptron is a neuron with a threshold.",
        aliases=("Rosenblatt neuron", "threshold unit"),
        topics=("foundations",),
        level="beginner",
        prerequisites=("vector",),
        related=("neural-network",),
        references=(
            Reference("The Perceptron", 1958, doi="10.1037/h0042519"),
            Reference("Adam", 2014, arxiv="1412.6980"),
        ),
        url="https://example.org/perceptron",
        date="2024-05-17",
        language="en",
    )


def test_fields_of_other_tools_are_left_alone(file: Path) -> None:
    file.write_text("---\ntitle: T\nlayout: post\n2024: x\n---\nText.")

    assert article_in(file).title == "T"


@pytest.mark.parametrize(("written", "read"), [("one", ("one",)), ("", ()), ("[a, b]", ("a", "b"))])
def test_a_list_may_be_one_word_or_empty(file: Path, written: str, read: tuple[str, ...]) -> None:
    file.write_text(f"---\naliases: {written}\n---\nText.")

    assert article_in(file).aliases == read


def test_a_rule_further_down_is_not_front_matter(file: Path) -> None:
    file.write_text("Text above.\n\n---\n\ntitle: not this\n")

    assert article_in(file).title == "Perceptron"


def test_broken_yaml_is_told_with_file_and_line(file: Path) -> None:
    file.write_text('---\ntitle: T\nsummary: "never\ndate: closed\n---\nText.')

    assert complaint_about(file).startswith(f"{file}:4: broken front matter: ")


def test_a_bad_indent_is_told_with_its_own_line(file: Path) -> None:
    file.write_text("---\ntitle: T\nlevel: beginner\n bad: indent\n---\nText.")

    assert complaint_about(file).startswith(f"{file}:4: broken front matter: ")


def test_a_control_character_in_the_front_matter_is_told(file: Path) -> None:
    file.write_text("---\ntitle: bell\x07\n---\nText.")

    assert complaint_about(file).startswith(f"{file}:1: broken front matter: ")


def test_front_matter_that_is_a_plain_sentence_is_told(file: Path) -> None:
    file.write_text("---\njust words\n---\nText.")

    assert complaint_about(file).startswith(f"{file}:2: broken front matter: ")


def test_front_matter_that_is_never_closed_is_told(file: Path) -> None:
    file.write_text("---\ntitle: T\n\nText.")

    assert complaint_about(file).startswith(f"{file}:1: the front matter is never closed")


def test_a_day_that_does_not_exist_is_told(file: Path) -> None:
    file.write_text("---\ntitle: T\ndate: 2024-02-30\n---\nText.")

    assert str(file) in complaint_about(file)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", "wizard"),
        ("title", "[not, text]"),
        ("aliases", "{a: b}"),
        ("url", "ftp://example.org"),
        ("references.0.year", "[{title: T, year: 12, arxiv: '1412.6980'}]"),
        ("references.0.arxiv", "[{title: T, year: 2014, arxiv: 'v1'}]"),
        ("references.0.doi", "[{title: T, year: 2014, doi: '11.1'}]"),
        ("references.0.page", "[{title: T, year: 2014, arxiv: '1412.6980', page: 3}]"),
    ],
)
def test_a_wrong_value_is_told_with_field_and_line(file: Path, field: str, value: str) -> None:
    file.write_text(f"---\nsummary: S\n{field.split('.', maxsplit=1)[0]}: {value}\n---\nText.")

    assert complaint_about(file).startswith(f"{file}:3: front matter '{field}': ")


@pytest.mark.parametrize("identifiers", ["", ", arxiv: '1412.6980', doi: '10.1037/h0042519'"])
def test_a_reference_needs_exactly_one_identifier(file: Path, identifiers: str) -> None:
    file.write_text(f"---\nreferences: [{{title: T, year: 2014{identifiers}}}]\n---\nText.")

    assert "needs one of arxiv, doi, isbn, standard and page" in complaint_about(file)


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        (Reference("T", 2014, arxiv="1412.6980"), "https://arxiv.org/abs/1412.6980"),
        (Reference("T", 1958, doi="10.1037/h0042519"), "https://doi.org/10.1037/h0042519"),
    ],
)
def test_a_reference_has_a_lasting_address(reference: Reference, url: str) -> None:
    assert reference.url == url
