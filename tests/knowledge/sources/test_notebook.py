"""Jupyter notebooks: texts and code, without outputs."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbformat import v3, v4

from knowledge.errors import SourceError
from knowledge.model import Article, Section
from knowledge.sources.formats import Format, Raw, read


def _read(content: bytes) -> Article:
    return read(Raw(content, Format.NOTEBOOK, "lesson", "lessons/first_lesson.ipynb"))


def _book(*cells: Any, **metadata: Any) -> bytes:
    book = v4.new_notebook(cells=list(cells), metadata=metadata)  # type: ignore[no-untyped-call]
    return str(nbformat.writes(book)).encode()  # type: ignore[no-untyped-call]


def _text(source: str) -> Any:
    return v4.new_markdown_cell(source)  # type: ignore[no-untyped-call]


def _code(source: str, *outputs: Any) -> Any:
    return v4.new_code_cell(source, outputs=list(outputs))  # type: ignore[no-untyped-call]


def test_texts_and_code_are_read_under_their_headings() -> None:
    content = _book(
        _text("# Perceptrons\n\nA neuron."),
        _text("## In code"),
        _code("x = 1\n\nprint(x)"),
        language_info={"name": "python"},
    )

    article = _read(content)

    assert article.title == "Perceptrons"
    assert article.sections == (
        Section((), "A neuron."),
        Section(("In code",), "```python\nx = 1\n\nprint(x)\n```"),
    )


def test_what_the_code_put_out_is_left_out() -> None:
    output = v4.new_output("stream", text="a secret")  # type: ignore[no-untyped-call]

    assert "secret" not in str(_read(_book(_text("Text."), _code("run()", output))))


def test_the_first_heading_is_the_title_whatever_its_level() -> None:
    assert _read(_book(_text("### A lesson"), _text("Text."))).title == "A lesson"


def test_a_notebook_without_headings_is_named_after_its_file() -> None:
    assert _read(_book(_text("Text."))).title == "First lesson"


def test_authors_are_read() -> None:
    assert (
        _read(_book(_text("Text."), authors=[{"name": "Ada"}, {"name": "Bo"}])).author == "Ada, Bo"
    )


def test_code_that_holds_a_fence_does_not_end_early() -> None:
    (section,) = _read(_book(_code('text = """\n```\n# no heading\n```\n"""'))).sections

    assert "# no heading" in section.text


def test_an_older_version_of_the_format_is_read() -> None:
    sheet = v3.new_worksheet(  # type: ignore[no-untyped-call]
        cells=[
            v3.new_text_cell("markdown", source="# Old"),  # type: ignore[no-untyped-call]
            v3.new_code_cell(input="x = 1"),  # type: ignore[no-untyped-call]
        ]
    )
    book = v3.new_notebook(worksheets=[sheet])  # type: ignore[no-untyped-call]

    article = _read(str(v3.writes_json(book)).encode())  # type: ignore[no-untyped-call]

    assert article.title == "Old"
    assert "x = 1" in article.sections[0].text


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b'{"nbformat": 4}', b'{"nbformat": 4, "cells": [1]}']
)
def test_what_is_no_notebook_is_told(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^lessons/first_lesson\.ipynb: it is not a Jupyter"):
        _read(content)


def test_a_notebook_without_text_is_told() -> None:
    with pytest.raises(SourceError, match=r"first_lesson\.ipynb: the article has no text\."):
        _read(_book())
