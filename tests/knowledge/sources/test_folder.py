"""Folders and files of Markdown, text, HTML, PDF and notebooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from knowledge.errors import SourceError
from knowledge.model import Article, Section
from knowledge.sources import Document, Problem
from knowledge.sources.folder import FolderSource
from knowledge.sources.sandbox import Sandbox

T = TypeVar("T")

UNUSED = Sandbox()
"""Never started: most of what is read here is parsed in this process."""


def found_in(path: Path) -> list[Document | Problem]:
    return list(FolderSource(path, UNUSED).documents())


def articles_in(source: Path | FolderSource) -> dict[str, Article]:
    folder = FolderSource(source, UNUSED) if isinstance(source, Path) else source
    return {
        document.id: document.parse()
        for document in folder.documents()
        if isinstance(document, Document)
    }


def article_in(path: Path) -> Article:
    (article,) = articles_in(path).values()
    return article


def complaint_about(path: Path) -> str:
    (document,) = found_in(path)
    assert isinstance(document, Document)
    with pytest.raises(SourceError) as caught:
        document.parse()
    return str(caught.value)


def test_a_markdown_file_needs_no_front_matter(tmp_path: Path) -> None:
    (tmp_path / "perceptron.md").write_text("# The perceptron\n\nA neuron with a threshold.\n")

    article = article_in(tmp_path)

    assert article.id == "perceptron"
    assert article.title == "The perceptron"
    assert article.sections == (Section((), "A neuron with a threshold."),)


def test_the_title_of_the_front_matter_wins_over_the_heading(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Front\n---\n# Heading\n\nText.\n")

    assert article_in(tmp_path).title == "Front"


def test_a_file_without_any_title_is_named_after_itself(tmp_path: Path) -> None:
    (tmp_path / "gradient-descent_basics.md").write_text("Text.\n")

    assert article_in(tmp_path).title == "Gradient descent basics"


def test_a_text_file_is_taken_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("# not a heading\n\nTwo *stars*.\n")

    article = article_in(tmp_path)

    assert article.title == "Notes"
    assert article.sections == (Section((), "# not a heading\n\nTwo *stars*."),)


def test_articles_in_nested_folders_are_named_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "nlp" / "models").mkdir(parents=True)
    (tmp_path / "nlp" / "models" / "bert.md").write_text("Text.")
    (tmp_path / "top.md").write_text("Text.")

    assert sorted(articles_in(tmp_path)) == ["nlp/models/bert", "top"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.md").write_text("Text.")
    (tmp_path / ".draft.md").write_text("Text.")
    (tmp_path / "shown.md").write_text("Text.")

    assert list(articles_in(tmp_path)) == ["shown"]


def test_a_folder_below_a_hidden_one_is_read_when_it_is_the_source(tmp_path: Path) -> None:
    folder = tmp_path / ".cache" / "articles"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("Text.")

    assert list(articles_in(folder)) == ["a"]


def test_files_of_other_kinds_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "a.md").write_text("Text.")

    assert list(articles_in(tmp_path)) == ["a"]


@pytest.mark.parametrize("name", ["a.md", "a.MD", "a.markdown", "a.txt"])
def test_readable_files_are_known_by_their_ending(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Text.")

    assert article_in(tmp_path).sections == (Section((), "Text."),)


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Text.")
    (tmp_path / "b.md").write_text("Text.")

    assert list(articles_in(tmp_path / "a.md")) == ["a"]


def test_files_that_differ_only_in_their_ending_are_two_articles(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("In Markdown.")
    (tmp_path / "a.txt").write_text("In plain text.")

    texts = {id_: article.sections[0].text for id_, article in articles_in(tmp_path).items()}

    assert texts == {"a": "In Markdown.", "a.txt": "In plain text."}


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in "cab":
        (tmp_path / f"{name}.md").write_text("Text.")

    assert list(articles_in(tmp_path)) == ["a", "b", "c"]


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"First line.\n\nCaf\xe9 is Latin-1.\n")

    assert complaint_about(tmp_path) == f"{file}:3: the file is not UTF-8 text."


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\ntitle: Marked\n---\nText.")

    assert article_in(tmp_path).title == "Marked"


def test_windows_line_ends_are_read_like_others(tmp_path: Path) -> None:
    unix = "---\ntitle: Ends\naliases: [a, b]\n---\n\n## One\n\nText\ngoes on.\n\n```\nx\ny\n```\n"
    (tmp_path / "unix.md").write_bytes(unix.encode())
    (tmp_path / "windows.md").write_bytes(unix.replace("\n", "\r\n").encode())

    articles = articles_in(tmp_path)

    assert articles["windows"].sections == articles["unix"].sections
    assert articles["windows"].aliases == ("a", "b")


def test_windows_line_ends_in_a_text_file_still_part_its_paragraphs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"One.\r\n\r\nTwo.\r\n")

    assert article_in(tmp_path).sections == (Section((), "One.\n\nTwo."),)


@pytest.mark.parametrize("text", ["", "\n \n", "---\ntitle: Nothing\n---\n", "# Only a title\n"])
def test_an_article_without_text_cannot_be_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(text)

    assert complaint_about(tmp_path) == f"{file}: the article has no text."


def test_a_file_that_cannot_be_opened_is_a_problem_of_its_article_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.md").write_text("Text.")
    (tmp_path / "good.md").write_text("Text.")
    read_bytes = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.name == "bad.md":
            raise PermissionError(13, "Permission denied", str(self))
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    bad, good = found_in(tmp_path)

    assert bad == Problem(
        "bad", f"{tmp_path / 'bad.md'}: Permission denied.", str(tmp_path / "bad.md")
    )
    assert isinstance(good, Document)


def test_a_folder_below_that_cannot_be_listed_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in it is not gone, so reading has to fail or to tell of a problem."""
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.md").write_text("Text.")
    (tmp_path / "open.md").write_text("Text.")
    scandir = os.scandir

    def refuse(path: Any = ".") -> Iterator[os.DirEntry[str]]:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    try:
        told = [found.reason for found in found_in(tmp_path) if isinstance(found, Problem)]
    except SourceError as error:
        told = [str(error)]

    assert any("closed" in reason for reason in told)


def test_a_folder_that_is_named_like_an_article_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    (tmp_path / "a.md" / "b.md").write_text("Text.")

    assert list(articles_in(tmp_path)) == ["a.md/b"]


def test_the_fingerprint_changes_with_the_bytes_and_with_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.md"

    def fingerprint() -> str:
        (document,) = found_in(tmp_path)
        assert isinstance(document, Document)
        return document.fingerprint

    file.write_text("One.")
    first = fingerprint()
    file.write_text("Two.")
    second = fingerprint()
    os.utime(file, (0, 0))
    touched = fingerprint()

    assert first != second == touched


def test_pages_and_notebooks_are_parsed_in_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>A neuron with a threshold.</p></body></html>")
    (tmp_path / "b.ipynb").write_text(
        '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells":'
        ' [{"cell_type": "markdown", "metadata": {}, "source": "# A lesson\\n\\nText."}]}'
    )

    with Sandbox() as sandbox:
        articles = articles_in(FolderSource(tmp_path, sandbox))

    assert articles["a"].sections == (Section((), "A neuron with a threshold."),)
    assert articles["b"].title == "A lesson"


def test_a_large_text_is_parsed_in_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A neuron. " * 10_000)
    used: list[object] = []

    class Counting(Sandbox):
        def run(self, function: Callable[..., T], *args: object) -> T:
            used.append(function)
            return super().run(function, *args)

    with Counting() as sandbox:
        articles = articles_in(FolderSource(tmp_path, sandbox))

    assert len(used) == len(articles) == 1


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ((), (), ["docs/a", "docs/deep/b", "readme"]),
        (("docs/*",), (), ["docs/a", "docs/deep/b"]),
        (("*.md",), ("docs/deep/*",), ["docs/a", "readme"]),
        ((), ("readme.*", "*/b.md"), ["docs/a"]),
        (("readme.md", "docs/a.*"), (), ["docs/a", "readme"]),
        (("DOCS/*",), (), []),
    ],
)
def test_patterns_tell_which_files_are_meant(
    tmp_path: Path, include: tuple[str, ...], exclude: tuple[str, ...], expected: list[str]
) -> None:
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    for name in ("readme.md", "docs/a.md", "docs/deep/b.md"):
        (tmp_path / name).write_text("Text.")

    assert list(articles_in(FolderSource(tmp_path, UNUSED, include, exclude))) == expected


def test_a_link_that_leads_out_of_the_folder_is_a_problem(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("A secret.")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")

    (problem,) = found_in(folder)

    assert isinstance(problem, Problem)
    assert problem.article_id == "link"
    assert problem.reason.startswith(f"{folder / 'link.md'}: the link leads out of the folder")


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.md").write_text("Text.")
    (tmp_path / "link.md").symlink_to("real/a.md")

    assert list(articles_in(tmp_path)) == ["link", "real/a"]


def test_a_link_that_is_the_source_itself_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("Text.")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")

    assert list(articles_in(tmp_path / "link.md")) == ["link"]


@pytest.mark.parametrize("target", ["nowhere.md", "link.md"])
def test_a_link_to_nothing_is_a_problem(tmp_path: Path, target: str) -> None:
    (tmp_path / "link.md").symlink_to(tmp_path / target)

    (problem,) = found_in(tmp_path)

    assert isinstance(problem, Problem)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")

    assert found_in(tmp_path) == [
        Problem("pipe", f"{tmp_path / 'pipe.md'}: it is not a file.", str(tmp_path / "pipe.md"))
    ]


def test_a_file_that_is_too_large_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.sources.folder.LARGEST", 1 << 20)
    (tmp_path / "a.md").write_bytes(b"a" * ((1 << 20) + 1))

    (problem,) = found_in(tmp_path)

    assert isinstance(problem, Problem)
    assert problem.reason.endswith("a.md: it is larger than 1 MB.")
