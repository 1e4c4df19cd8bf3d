"""Declarations, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from dulwich import porcelain

from knowledge.errors import SourceError
from knowledge.sources import Document, Problem, Tools, open_source
from knowledge.sources.declaring import Declaration, Kind
from tests.knowledge.sources.remote import page, xml
from tests.knowledge.sources.web import Page, Web


def found_in(location: Path | str, tools: Tools, **options: Any) -> list[Document | Problem]:
    declaration = Declaration(location=str(location), **options)
    return list(open_source(declaration, tools).documents())


def ids_in(location: Path | str, tools: Tools, **options: Any) -> list[str]:
    return [each.id for each in found_in(location, tools, **options) if isinstance(each, Document)]


@pytest.mark.parametrize("kind", [Kind.FOLDER, Kind.CORPUS, Kind.GIT])
def test_a_path_that_leads_nowhere_is_told(tools: Tools, tmp_path: Path, kind: Kind) -> None:
    missing = tmp_path / "missing"

    with pytest.raises(SourceError, match="there is no such folder or file") as caught:
        open_source(Declaration(location=str(missing), kind=kind), tools)

    assert str(caught.value).startswith(f"{missing}: ")


def test_a_folder_is_read_with_its_patterns(tools: Tools, tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "draft.md", "c.txt"):
        (tmp_path / name).write_text("Text.")

    assert ids_in(tmp_path, tools, include="*.md", exclude="draft*") == ["a", "b"]


def test_a_corpus_is_read_line_by_line(tools: Tools, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"_id": "b", "text": "Text."}\n{"_id": "a", "text": "Text."}\n')

    assert ids_in(corpus, tools) == ["b", "a"]


def test_a_checkout_is_read_as_one(tools: Tools, tmp_path: Path) -> None:
    porcelain.init(str(tmp_path)).close()
    (tmp_path / ".gitignore").write_text("b.md\n")
    (tmp_path / "a.md").write_text("Text.")
    (tmp_path / "b.md").write_text("Text.")

    assert ids_in(tmp_path, tools) == ["a"]
    assert ids_in(tmp_path, tools, kind="folder") == ["a", "b"]


def test_each_kind_of_address_is_read_as_what_it_is(tools: Tools, web: Web) -> None:
    web.pages["/a"] = page("A")
    web.pages["/list"] = Page("<main><a href='/a'>A</a></main>")
    web.pages["/sitemap.xml"] = xml(f"<urlset><url><loc>{web.url('/a')}</loc></url></urlset>")
    item = "<item><title>A</title><link>/a</link></item>"
    web.pages["/feed"] = xml(f"<rss version='2.0'><channel>{item}</channel></rss>")

    a = [f"{web.host}/a"]
    assert ids_in(web.url("/a"), tools) == a
    assert ids_in(web.url("/list"), tools, kind="listing") == a
    assert ids_in(web.url("/sitemap.xml"), tools) == a
    assert ids_in(web.url("/feed"), tools) == a


def test_nothing_is_asked_for_before_the_documents_are(tools: Tools, web: Web) -> None:
    for kind in (Kind.PAGE, Kind.LISTING, Kind.SITEMAP, Kind.FEED):
        open_source(Declaration(location=web.url("/a"), kind=kind), tools)

    assert web.paths == []


def test_a_tilde_names_the_home_folder(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.md").write_text("Text.")

    assert ids_in("~", tools, kind="folder") == ["a"]


def test_a_folder_that_vanishes_after_opening_fails_as_a_whole(
    tools: Tools, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    source = open_source(Declaration(location=str(folder)), tools)
    folder.rmdir()

    with pytest.raises(SourceError, match="there is no such folder or file"):
        list(source.documents())


def test_a_corpus_that_vanishes_after_opening_fails_as_a_whole(
    tools: Tools, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"_id": "a", "text": "Text."}))
    source = open_source(Declaration(location=str(corpus)), tools)
    corpus.unlink()

    with pytest.raises(SourceError, match="No such file"):
        list(source.documents())
