"""Names of sources, and what is made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.sources import Document, open_sources


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "missing"

    with pytest.raises(SourceError, match="there is no such folder or file") as caught:
        open_sources([str(missing)])

    assert str(missing) in str(caught.value)


def test_an_address_on_the_web_is_refused_with_what_to_do() -> None:
    with pytest.raises(SourceError, match=r"^https://example\.org/page: .*save the page"):
        open_sources(["https://example.org/page"])


def test_no_source_at_all_is_told() -> None:
    with pytest.raises(SourceError, match="EXPLAINER_SOURCES"):
        open_sources([])


def test_sources_are_opened_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.md").write_text("Text.")
    (tmp_path / "corpus.jsonl").write_text('{"_id": "b", "text": "Text."}\n')

    sources = open_sources([str(tmp_path / "corpus.jsonl"), str(tmp_path / "folder")])
    found = [document for source in sources for document in source.documents()]

    assert [document.id for document in found if isinstance(document, Document)] == ["b", "a"]


def test_a_tilde_names_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.md").write_text("Text.")
    (source,) = open_sources(["~"])

    assert [found.id for found in source.documents() if isinstance(found, Document)] == ["a"]


def test_a_folder_that_vanishes_after_opening_fails_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (source,) = open_sources([str(folder)])
    folder.rmdir()

    with pytest.raises(SourceError, match="there is no such folder or file"):
        list(source.documents())


def test_a_corpus_that_vanishes_after_opening_fails_as_a_whole(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.touch()
    (source,) = open_sources([str(corpus)])
    corpus.unlink()

    with pytest.raises(SourceError, match="No such file"):
        list(source.documents())
