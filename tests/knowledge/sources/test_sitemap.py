"""Sitemaps and indexes of sitemaps."""

from __future__ import annotations

import gzip
from collections.abc import Iterable

import pytest

from knowledge.errors import SourceError
from knowledge.sources import Document, Tools
from knowledge.sources.declaring import Kind
from knowledge.sources.sitemap import MOST_SITEMAPS, read_sitemap
from tests.knowledge.sources.remote import found_at, ids, page, problems, xml
from tests.knowledge.sources.web import Page, Web

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
URL = "https://example.org/sitemap.xml"


def sitemap(addresses: Iterable[str]) -> str:
    entries = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f'<?xml version="1.0"?><urlset xmlns="{NAMESPACE}">{entries}</urlset>'


def index(addresses: Iterable[str]) -> str:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f'<?xml version="1.0"?><sitemapindex xmlns="{NAMESPACE}">{entries}</sitemapindex>'


def serve(web: Web, *paths: str) -> list[str]:
    for path in paths:
        web.pages[path] = page(path.strip("/").capitalize())
    return [web.url(path) for path in paths]


def test_each_listed_page_is_a_document_in_the_order_of_the_sitemap(web: Web, tools: Tools) -> None:
    web.pages["/sitemap.xml"] = xml(sitemap(serve(web, "/b", "/a")))

    found = found_at(web.url("/sitemap.xml"), Kind.SITEMAP, tools)

    assert ids(found) == ["b", "a"]
    assert [each.parse().title for each in found if isinstance(each, Document)] == ["B", "A"]


def test_a_page_that_is_listed_twice_is_one_document(web: Web, tools: Tools) -> None:
    (url,) = serve(web, "/a")
    web.pages["/sitemap.xml"] = xml(sitemap([url, f"{url}/", f"{url}#part"]))

    assert ids(found_at(web.url("/sitemap.xml"), Kind.SITEMAP, tools)) == ["a"]


def test_a_packed_sitemap_is_known_by_its_bytes(web: Web, tools: Tools) -> None:
    packed = gzip.compress(sitemap(serve(web, "/a")).encode())
    web.pages["/sitemap.xml.gz"] = Page(packed, headers={"Content-Type": "application/x-gzip"})
    web.pages["/sitemap.xml"] = xml(packed)

    for path in ("/sitemap.xml.gz", "/sitemap.xml"):
        assert ids(found_at(web.url(path), Kind.SITEMAP, tools)) == ["a"]


def test_the_sitemaps_of_an_index_are_read_in_its_order(web: Web, tools: Tools) -> None:
    web.pages["/sitemap.xml"] = xml(index([web.url("/one.xml"), web.url("/two.xml")]))
    web.pages["/one.xml"] = xml(sitemap(serve(web, "/b")))
    web.pages["/two.xml"] = xml(sitemap(serve(web, "/a", "/b")))

    assert ids(found_at(web.url("/sitemap.xml"), Kind.SITEMAP, tools)) == ["b", "a"]


def test_an_index_may_lie_in_an_index(web: Web, tools: Tools) -> None:
    web.pages["/0"] = xml(index([web.url("/1")]))
    web.pages["/1"] = xml(index([web.url("/2")]))
    web.pages["/2"] = xml(sitemap(serve(web, "/a")))

    assert ids(found_at(web.url("/0"), Kind.SITEMAP, tools)) == ["a"]


def test_indexes_that_lie_deeper_are_not_read_and_nothing_is_taken_for_gone(
    web: Web, tools: Tools
) -> None:
    web.pages["/0"] = xml(index([web.url("/1"), web.url("/map")]))
    web.pages["/map"] = xml(sitemap(serve(web, "/a")))
    web.pages["/1"] = xml(index([web.url("/2")]))
    web.pages["/2"] = xml(index([web.url("/3")]))

    found = found_at(web.url("/0"), Kind.SITEMAP, tools)

    assert ids(found) == ["a"]
    (problem,) = problems(found)
    assert (problem.article_id, problem.origin) == ("", web.url("/3"))
    assert "too deep" in problem.reason
    assert "/3" not in web.paths


def test_a_sitemap_of_an_index_that_fails_takes_nothing_for_gone(web: Web, tools: Tools) -> None:
    web.pages["/sitemap.xml"] = xml(index([web.url("/one.xml"), web.url("/two.xml")]))
    web.pages["/one.xml"] = Page("no", 404)
    web.pages["/two.xml"] = xml(sitemap(serve(web, "/a")))

    found = found_at(web.url("/sitemap.xml"), Kind.SITEMAP, tools)

    assert ids(found) == ["a"]
    (problem,) = problems(found)
    assert (problem.article_id, problem.origin) == ("", web.url("/one.xml"))


def test_a_listed_page_that_fails_concerns_only_itself(web: Web, tools: Tools) -> None:
    web.pages["/sitemap.xml"] = xml(sitemap([web.url("/gone"), *serve(web, "/a")]))

    found = found_at(web.url("/sitemap.xml"), Kind.SITEMAP, tools)

    assert ids(found) == ["a"]
    assert [each.article_id for each in problems(found)] == [f"{web.host}/gone"]


def test_pages_and_sitemaps_of_other_sites_do_not_count(web: Web, tools: Tools) -> None:
    web.pages["/0"] = xml(index(["https://elsewhere.example/x.xml", web.url("/map")]))
    web.pages["/map"] = xml(sitemap(["https://elsewhere.example/x", *serve(web, "/a")]))

    found = found_at(web.url("/0"), Kind.SITEMAP, tools)

    assert (ids(found), problems(found)) == (["a"], [])


def test_the_first_wanted_addresses_are_the_source(web: Web, tools: Tools) -> None:
    urls = serve(web, "/blog/a", "/news/b", "/blog/draft", "/blog/c", "/blog/d")
    web.pages["/0"] = xml(index([web.url("/map"), web.url("/not-needed")]))
    web.pages["/map"] = xml(sitemap(urls))

    options = {"include": "/blog/*", "exclude": "*draft", "limit": 2}
    found = found_at(web.url("/0"), Kind.SITEMAP, tools, **options)

    assert (ids(found), problems(found)) == (["blog/a", "blog/c"], [])
    assert "/not-needed" not in web.paths


@pytest.mark.parametrize(
    "answer",
    [
        Page("no", 404),
        Page("<html><body>Log in</body></html>"),
        xml("<rss/>"),
        xml(""),
        xml(sitemap([])),
        xml(sitemap(["https://elsewhere.example/"])),
        xml(sitemap(["https://example.org/a"])[:-9]),
    ],
    ids=["missing", "a page", "a feed", "nothing", "empty", "of another site", "cut off"],
)
def test_a_sitemap_that_lists_nothing_readable_fails_as_a_whole(
    web: Web, tools: Tools, answer: Page
) -> None:
    web.pages["/sitemap.xml"] = answer

    with pytest.raises(SourceError) as caught:
        found_at(web.url("/sitemap.xml"), Kind.SITEMAP, tools)

    assert str(caught.value).startswith(web.url("/sitemap.xml"))
    assert "\n" not in str(caught.value)


def test_an_index_of_very_many_sitemaps_is_read_in_part(web: Web, tools: Tools) -> None:
    names = [f"/{number}.xml" for number in range(MOST_SITEMAPS + 5)]
    for name in names:
        web.pages[name] = xml(sitemap([]))
    web.pages["/0"] = xml(index(map(web.url, names)))

    (problem,) = found_at(web.url("/0"), Kind.SITEMAP, tools)

    assert problems([problem])[0].article_id == ""
    assert len([path for path in web.paths if path.endswith(".xml")]) == MOST_SITEMAPS - 1


def test_the_addresses_of_pictures_are_no_pages() -> None:
    content = (
        f'<urlset xmlns="{NAMESPACE}" xmlns:image="{IMAGES}"><url>'
        "<image:image><image:loc>https://example.org/a.png</image:loc></image:image>"
        "<loc>\n  https://example.org/a?x=1&amp;y=2\n </loc></url></urlset>"
    )

    assert read_sitemap(content.encode(), URL).addresses == ("https://example.org/a?x=1&y=2",)


@pytest.mark.parametrize("namespace", ["", f' xmlns="{NAMESPACE}"', ' xmlns="urn:own"'])
def test_sitemaps_are_read_in_any_namespace(namespace: str) -> None:
    content = f"<urlset{namespace}><url><loc>/a</loc></url></urlset>"

    assert read_sitemap(content.encode(), URL).addresses == ("https://example.org/a",)


def test_entries_without_an_address_are_left_out() -> None:
    content = b"<urlset><url/><url><loc/></url><url><loc>/a</loc></url><loc>/b</loc></urlset>"

    assert read_sitemap(content, URL).addresses == ("https://example.org/a",)
