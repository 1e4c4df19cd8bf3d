"""Corpora in BEIR's form."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.model import Section
from knowledge.sources import Problem
from tests.knowledge.reading import article_in, articles_in, complaint_about, found_in


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return tmp_path / "corpus.jsonl"


def test_a_record_becomes_an_article(corpus: Path) -> None:
    corpus.write_text(
        '{"_id": "d1", "title": " Title ", "text": "Some text.", "metadata": {},'
        ' "url": "https://example.org/d1"}\n'
    )

    article = article_in(corpus)

    assert (article.id, article.title) == ("d1", "Title")
    assert article.sections == (Section((), "Some text."),)
    assert article.url == "https://example.org/d1"


def test_a_record_needs_no_title(corpus: Path) -> None:
    corpus.write_text('{"_id": "d1", "text": "Some text."}\n')

    assert article_in(corpus).title == ""


def test_a_number_may_be_the_id(corpus: Path) -> None:
    corpus.write_text('{"_id": 4983, "text": "Some text."}\n')

    assert list(articles_in(corpus)) == ["4983"]


def test_empty_lines_and_windows_line_ends_are_passed_over(corpus: Path) -> None:
    corpus.write_bytes(b'{"_id": "1", "text": "One."}\r\n\r\n{"_id": "2", "text": "Two."}\r\n')

    texts = [article.sections[0].text for article in articles_in(corpus).values()]

    assert texts == ["One.", "Two."]


def test_a_byte_order_mark_before_the_first_record_is_passed_over(corpus: Path) -> None:
    corpus.write_bytes(b'\xef\xbb\xbf{"_id": "1", "text": "One."}\n')

    assert list(articles_in(corpus)) == ["1"]


@pytest.mark.parametrize("line", ['{"_id": "2", "text": ', "\x00", '{"_id": "2"} {}'])
def test_a_line_that_is_not_json_is_told_with_its_number(corpus: Path, line: str) -> None:
    corpus.write_text('{"_id": "1", "text": "One."}\n' + line + '\n{"_id": "3", "text": "3."}\n')

    _, problem, third = found_in(corpus)

    assert isinstance(problem, Problem)
    assert problem.reason.startswith(f"{corpus}:2: not valid JSON")
    assert problem.article_id == ""
    assert not isinstance(third, Problem)


@pytest.mark.parametrize(
    "line", ['{"text": "x"}', '{"_id": null, "text": "x"}', '["d1"]', '{"_id": "", "text": "x"}']
)
def test_a_record_without_an_id_is_told_with_its_number(corpus: Path, line: str) -> None:
    corpus.write_text(f"\n{line}\n")

    assert found_in(corpus) == [Problem("", f"{corpus}:2: the record has no '_id'.")]


@pytest.mark.parametrize("text", ['""', '"  "', "null"])
def test_a_record_without_text_is_told(corpus: Path, text: str) -> None:
    corpus.write_text(f'{{"_id": "1", "title": "T", "text": {text}}}\n')

    assert complaint_about(corpus) == f"{corpus}:1: the article has no text."


@pytest.mark.parametrize("fields", ['"text": 5', '"text": "x", "title": ["T"]'])
def test_fields_that_are_not_text_are_told(corpus: Path, fields: str) -> None:
    corpus.write_text(f'{{"_id": "1", {fields}}}\n')

    assert complaint_about(corpus) == f"{corpus}:1: 'title' and 'text' must be text."


def test_an_address_that_is_not_on_the_web_is_left_out(corpus: Path) -> None:
    corpus.write_text('{"_id": "1", "text": "x", "url": "javascript:alert(1)"}\n')

    assert article_in(corpus).url == ""
