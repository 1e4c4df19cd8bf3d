"""One page on the web, and how the articles of all pages are named."""

from __future__ import annotations

import json

import pytest

from knowledge.errors import SourceError
from knowledge.sources import Document, Problem, Tools
from knowledge.sources.declaring import Declaration, Kind
from knowledge.sources.following import Known, absolute, id_of, read_page, same_site, wanted
from tests.knowledge.sources.remote import found_at, only_article, page, prose
from tests.knowledge.sources.web import Page, Web


def test_a_page_is_one_remote_document_with_its_address(web: Web, tools: Tools) -> None:
    web.pages["/blog/attention"] = page("Attention")

    (found,) = found_at(web.url("/blog/attention"), Kind.PAGE, tools)

    assert isinstance(found, Document)
    assert found.remote
    assert found.id == f"{web.host}/blog/attention"
    assert found.origin == web.url("/blog/attention")
    article = found.parse()
    assert (article.id, article.title) == (found.id, "Attention")
    assert article.url == web.url("/blog/attention")
    text = " ".join(section.text for section in article.sections)
    assert prose("Attention")[2] in text
    assert "Imprint" not in text


def test_a_redirected_page_keeps_its_declared_name_and_gets_the_final_address(
    web: Web, tools: Tools
) -> None:
    web.pages["/old"] = Page(status=301, headers={"Location": "/new"})
    web.pages["/new"] = page("Attention")

    (found,) = found_at(web.url("/old"), Kind.PAGE, tools)

    assert isinstance(found, Document)
    assert found.id == f"{web.host}/old"
    assert found.parse().url == web.url("/new")


@pytest.mark.parametrize(
    ("path", "media_type", "content"),
    [
        ("/a", "text/markdown; charset=utf-8", "# Attention\n\nIt weighs words.\n"),
        ("/a.md", "text/plain; charset=utf-8", "# Attention\n\nIt weighs words.\n"),
        ("/attention.txt", "text/plain", "It weighs words."),
        ("/attention", "text/plain", "It weighs words."),
        (
            "/a.ipynb",
            "application/octet-stream",
            json.dumps(
                {
                    "nbformat": 4,
                    "nbformat_minor": 5,
                    "metadata": {},
                    "cells": [
                        {
                            "cell_type": "markdown",
                            "id": "a",
                            "metadata": {},
                            "source": "# Attention\n\nIt weighs words.",
                        }
                    ],
                }
            ),
        ),
    ],
)
def test_a_document_is_read_by_its_media_type_and_then_by_its_ending(
    web: Web, tools: Tools, path: str, media_type: str, content: str
) -> None:
    web.pages[path] = Page(content, headers={"Content-Type": media_type})

    article = only_article(found_at(web.url(path), Kind.PAGE, tools))

    assert article.title == "Attention"
    assert article.sections[0].text == "It weighs words."


def test_a_page_that_cannot_be_fetched_is_a_problem_and_not_gone(web: Web, tools: Tools) -> None:
    (found,) = found_at(web.url("/gone/"), Kind.PAGE, tools)

    assert isinstance(found, Problem)
    assert found.article_id == f"{web.host}/gone"
    assert found.origin == web.url("/gone/")
    assert "404" in found.reason


@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream"])
def test_what_is_no_document_is_a_problem(web: Web, tools: Tools, media_type: str) -> None:
    web.pages["/a"] = Page(b"\x89PNG", headers={"Content-Type": media_type})

    (found,) = found_at(web.url("/a"), Kind.PAGE, tools)

    assert isinstance(found, Problem)
    assert media_type in found.reason


def test_an_address_that_may_not_be_read_fails_without_its_password(tools: Tools) -> None:
    with pytest.raises(SourceError, match="user name") as caught:
        found_at("https://me:secret@example.org/a", Kind.PAGE, tools)

    assert "secret" not in str(caught.value)


def test_the_fingerprint_changes_with_the_content_only(web: Web, tools: Tools) -> None:
    def fingerprint() -> str:
        (found,) = found_at(web.url("/a"), Kind.PAGE, tools)
        assert isinstance(found, Document)
        return found.fingerprint

    web.pages["/a"] = page("Attention")
    first, second = fingerprint(), fingerprint()
    web.pages["/a"] = page("Embeddings")

    assert first == second != fingerprint()


def test_what_is_known_of_a_page_stands_where_the_page_says_nothing(web: Web, tools: Tools) -> None:
    web.pages["/p-1"] = Page(f"<html><body><article>{'<p>It weighs words.</p>' * 9}</article>")
    known = Known("Attention", "2024-02-03", "Ada")

    found = read_page(web.url("/p-1"), tools, known)

    assert isinstance(found, Document)
    article = found.parse()
    assert (article.title, article.date, article.author) == ("Attention", "2024-02-03", "Ada")


def test_what_a_page_says_itself_wins_over_what_was_known(web: Web, tools: Tools) -> None:
    head = "<meta name='author' content='Grace Hopper'><meta name='date' content='2020-05-06'>"
    web.pages["/p-1"] = page("Attention", head)

    found = read_page(web.url("/p-1"), tools, Known("Other", "2024-02-03", "Ada"))

    assert isinstance(found, Document)
    article = found.parse()
    assert (article.title, article.date) == ("Attention", "2020-05-06")
    assert article.author == "Grace Hopper"


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://example.org/blog/attention", "example.org/blog/attention"),
        ("http://example.org/blog/attention", "example.org/blog/attention"),
        ("https://EXAMPLE.org:443/blog/attention/", "example.org/blog/attention"),
        ("https://example.org", "example.org"),
        ("https://example.org/", "example.org"),
        ("https://example.org/a#part", "example.org/a"),
        ("https://example.org/A", "example.org/A"),
        ("https://example.org/a?utm_source=x&utm_medium=y", "example.org/a"),
        ("https://example.org/a?fbclid=1&gclid=2", "example.org/a"),
        ("https://example.org/?p=12&utm_campaign=x", "example.org?p=12"),
        ("https://example.org/a?b=2&a=1", "example.org/a?a=1&b=2"),
        ("https://example.org/a?glossary=bert", "example.org/a?glossary=bert"),
        ("https://example.org/a?source=paper", "example.org/a?source=paper"),
        ("https://example.org:8443/a", "example.org:8443/a"),
    ],
)
def test_an_article_is_named_by_what_tells_its_page_from_others(url: str, id_: str) -> None:
    assert id_of(url) == id_


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("/b", "https://example.org/b"),
        ("b", "https://example.org/blog/b"),
        ("../b#part", "https://example.org/b"),
        ("//other.example/b", "https://other.example/b"),
        (" https://other.example/b ", "https://other.example/b"),
        ("mailto:me@example.org", ""),
        ("javascript:void(0)", ""),
        ("data:text/html,x", ""),
        ("ftp://example.org/b", ""),
        ("https://me@example.org/b", ""),
        ("http://[", ""),
        (f"/{'a' * 3_000}", ""),
        ("https://example.org:port/", ""),
    ],
)
def test_links_lead_to_addresses_on_the_web_or_nowhere(link: str, leads_to: str) -> None:
    assert absolute(link, "https://example.org/blog/a") == leads_to


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://example.org/b", True),
        ("https://www.example.org/b", True),
        ("https://blog.example.org/b", False),
        ("https://example.com/b", False),
        ("https://notexample.org/", False),
    ],
)
def test_a_site_is_one_host(other: str, same: bool) -> None:
    assert same_site("https://example.org/a", other) is same


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ((), (), True),
        (("/blog/*",), (), True),
        (("example.org/blog/*",), (), True),
        (("https://example.org/*",), (), True),
        (("*/atten????",), (), True),
        (("/news/*", "/blog/*"), (), True),
        (("/news/*",), (), False),
        ((), ("*attention",), False),
        (("/blog/*",), ("*attention",), False),
        ((), ("/news/*",), True),
    ],
)
def test_patterns_are_compared_with_the_address_and_with_its_path(
    include: tuple[str, ...], exclude: tuple[str, ...], expected: bool
) -> None:
    declaration = Declaration(location="https://example.org/", include=include, exclude=exclude)

    assert wanted("https://example.org/blog/attention", declaration) is expected
