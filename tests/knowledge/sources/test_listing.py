"""Pages whose links lead to articles."""

from __future__ import annotations

import pytest

from knowledge.errors import SourceError
from knowledge.sources import Document, Problem, Tools
from knowledge.sources.declaring import Kind
from knowledge.sources.listing import links_in
from tests.knowledge.sources.remote import found_at, ids, page, problems
from tests.knowledge.sources.web import Page, Web


def listing(content: str) -> Page:
    return Page(f"<html><head><title>Blog</title></head><body>{content}</body></html>")


def serve(web: Web, *paths: str) -> None:
    for path in paths:
        web.pages[path] = page(path.strip("/").capitalize())


def test_each_linked_page_is_a_document_in_the_order_of_the_page(web: Web, tools: Tools) -> None:
    web.pages["/blog"] = listing("<a href='/b'>B</a> <a href='a'>A</a>")
    serve(web, "/a", "/b")

    found = found_at(web.url("/blog"), Kind.LISTING, tools)

    assert ids(found) == ["b", "a"]
    assert [each.parse().title for each in found if isinstance(each, Document)] == ["B", "A"]
    assert all(isinstance(each, Document) and each.remote for each in found)


def test_the_picture_and_the_title_of_a_card_are_one_link(web: Web, tools: Tools) -> None:
    card = "<a href='/a?utm_source=list'><img src='a.png'></a><h2><a href='/a/#top'>A</a></h2>"
    web.pages["/blog"] = listing(card)
    serve(web, "/a")

    assert ids(found_at(web.url("/blog"), Kind.LISTING, tools)) == ["a"]
    assert web.paths.count("/a?utm_source=list") == 1


def test_the_listing_and_the_front_page_are_no_articles(web: Web, tools: Tools) -> None:
    links = "<a href='/blog'>Blog</a><a href='/blog/#x'>x</a><a href='/'>Home</a>"
    web.pages["/blog"] = listing(f"{links}<a href='/a'>A</a><a href=''>nothing</a>")
    serve(web, "/a")

    assert ids(found_at(web.url("/blog"), Kind.LISTING, tools)) == ["a"]


def test_other_sites_and_other_schemes_are_not_followed(web: Web, tools: Tools) -> None:
    links = "<a href='https://elsewhere.example/x'>x</a><a href='mailto:me@example.org'>me</a>"
    web.pages["/blog"] = listing(f"{links}<a href='javascript:go()'>go</a><a href='/a'>A</a>")
    serve(web, "/a")

    assert ids(found_at(web.url("/blog"), Kind.LISTING, tools)) == ["a"]


def test_only_addresses_that_match_are_followed(web: Web, tools: Tools) -> None:
    links = "<a href='/blog/a'>a</a><a href='/tag/x'>x</a><a href='/blog/b'>b</a>"
    web.pages["/blog"] = listing(links)
    serve(web, "/blog/a", "/blog/b", "/tag/x")

    options = {"include": "/blog/*", "exclude": "*/b"}
    assert ids(found_at(web.url("/blog"), Kind.LISTING, tools, **options)) == ["blog/a"]
    assert web.paths[-1] == "/blog/a"


def test_the_first_addresses_are_the_source_when_there_are_too_many(web: Web, tools: Tools) -> None:
    web.pages["/blog"] = listing("".join(f"<a href='/{name}'>x</a>" for name in "cabd"))
    serve(web, "/a", "/b", "/c", "/d")

    assert ids(found_at(web.url("/blog"), Kind.LISTING, tools, limit=2)) == ["c", "a"]


def test_a_linked_page_that_cannot_be_fetched_is_a_problem(web: Web, tools: Tools) -> None:
    web.pages["/blog"] = listing("<a href='/gone'>x</a><a href='/a'>A</a>")
    serve(web, "/a")

    found = found_at(web.url("/blog"), Kind.LISTING, tools)

    assert ids(found) == ["a"]
    assert [each.article_id for each in problems(found)] == [f"{web.host}/gone"]


def test_pictures_and_downloads_are_not_followed(web: Web, tools: Tools) -> None:
    names = ("a.png", "a.zip", "a.mp4", "transformers.js", "paper.pdf", "page.html")
    web.pages["/blog"] = listing("".join(f"<a href='/{name}'>x</a>" for name in names))

    found = found_at(web.url("/blog"), Kind.LISTING, tools)

    asked = [each.origin.rpartition("/")[2] for each in found if isinstance(each, Problem)]
    assert asked == ["transformers.js", "paper.pdf", "page.html"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_listing_that_cannot_be_read_fails_as_a_whole(
    web: Web, tools: Tools, status: int
) -> None:
    web.pages["/blog"] = Page("no", status)

    with pytest.raises(SourceError, match=str(status)):
        found_at(web.url("/blog"), Kind.LISTING, tools)


@pytest.mark.parametrize("content", ["<form>Log in</form>", "", "<a href='/blog'>Blog</a>"])
def test_a_listing_without_links_fails_and_empties_nothing(
    web: Web, tools: Tools, content: str
) -> None:
    web.pages["/blog"] = Page(content)

    with pytest.raises(SourceError, match=r"no web page|links to no article") as caught:
        found_at(web.url("/blog"), Kind.LISTING, tools)

    assert web.url("/blog") in str(caught.value)


URL = "https://example.org/blog/"


@pytest.mark.parametrize(
    "around",
    [
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        "<aside>{}</aside>",
        "<header>{}</header>",
        "<div role='navigation'><p>{}</p></div>",
        "<article><footer>{}</footer></article>",
    ],
)
def test_links_around_the_main_part_do_not_count(around: str) -> None:
    page_ = f"<body>{around.format('<a href=x>X</a>')}<p><a href='a'>A</a></p></body>"

    assert links_in(page_.encode(), "", URL) == (f"{URL}a",)


def test_the_header_of_a_card_counts() -> None:
    content = b"<article><header><h2><a href='a'>A</a></h2></header></article>"

    assert links_in(content, "", URL) == (f"{URL}a",)


@pytest.mark.parametrize("main", ["<main>{}</main>", "<div role='main'>{}</div>"])
def test_only_the_main_part_counts_where_a_page_marks_it(main: str) -> None:
    content = f"<body><div><a href='menu'>M</a></div>{main.format('<a href=a>A</a>')}</body>"

    assert links_in(content.encode(), "", URL) == (f"{URL}a",)


@pytest.mark.parametrize("relation", ["next", "prev", "tag", "category tag", "AUTHOR"])
def test_links_to_other_lists_do_not_count(relation: str) -> None:
    content = f"<a rel='{relation}' href='x'>X</a><a rel='bookmark' href='a'>A</a>"

    assert links_in(content.encode(), "", URL) == (f"{URL}a",)


def test_links_are_relative_to_the_base_that_a_page_names() -> None:
    content = b"<head><base href='/posts/'></head><a href='a'>A</a>"

    assert links_in(content, "", URL) == ("https://example.org/posts/a",)


def test_an_unknown_charset_does_not_hide_the_links() -> None:
    assert links_in(b"<a href='a'>A</a>", "klingon", URL) == (f"{URL}a",)
