"""Feeds and sitemaps that are made to break their reader, or to have it read what it may not."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.sources import Document, Problem, Tools
from knowledge.sources.declaring import Kind
from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox, SandboxLimits
from tests.knowledge.sources.remote import found_at, only_article, page, prose, xml
from tests.knowledge.sources.web import Page, Request, Web, Writer, serving

SECRET = "what nobody may read"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n"

Payload = Callable[[str, str], str | bytes]
"""A document that wants the file and the address given to it."""


@pytest.fixture(scope="module")
def strict() -> Iterator[Sandbox]:
    """A child that is given little time."""
    with Sandbox(SandboxLimits(seconds=5)) as sandbox:
        yield sandbox


@pytest.fixture
def tools(web: Web, strict: Sandbox, tmp_path: Path) -> Iterator[Tools]:
    responses = Responses(tmp_path / "responses")
    with Fetcher(responses, allowed=[web.host], sleep=lambda _: None) as fetcher:
        yield Tools(fetcher, strict)


@pytest.fixture
def canary() -> Iterator[Web]:
    """A server that nobody may ask for anything."""
    with serving() as canary:
        canary.pages["/x"] = Page(SECRET)
        yield canary


def feed(inner: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel>{inner}</channel></rss>'


def item(inner: str) -> str:
    return f"<item><title>Bomb</title>{inner}</item>"


def sitemap(inner: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<urlset xmlns="{NAMESPACE}">{inner}</urlset>'


def laughs(root: str) -> str:
    """Ten entities of which each is ten of the one before (CVE-2003-1564)."""
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "ha">{levels}]>'


def blowup(root: str) -> str:
    """One entity of a megabyte."""
    return f'<!DOCTYPE {root} [<!ENTITY big "{"a" * 1_000_000}">]>'


def external(root: str, where: str) -> str:
    return f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{where}">]>'


def parameter(root: str, where: str) -> str:
    return f'<!DOCTYPE {root} [<!ENTITY % x SYSTEM "{where}"> %x;]>'


FEEDS: dict[str, Payload] = {
    "billion laughs": lambda *_: feed(item("<description>&l9;</description>"), laughs("rss")),
    "quadratic blowup": lambda *_: feed(
        item(f"<description>{'&big;' * 10_000}</description>"), blowup("rss")
    ),
    "a file as entity": lambda file, _: feed(
        item("<description>&x;</description>"), external("rss", file)
    ),
    "an address as entity": lambda _, url: feed(
        item("<description>&x;</description>"), external("rss", url)
    ),
    "a parameter entity": lambda _, url: feed(item(""), parameter("rss", url)),
    "a foreign document type": lambda _, url: feed(item(""), f'<!DOCTYPE rss SYSTEM "{url}">'),
    "an inclusion": lambda file, _: feed(
        item(
            "<description><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' parse='text' "
            f"href='{file}'/></description>"
        )
    ),
    "a stylesheet": lambda _, url: feed(item(""), f"<?xml-stylesheet href='{url}'?>"),
    "a foreign content": lambda _, url: (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Bomb</title>"
        f"<content type='text/html' src='{url}'/></entry></feed>"
    ),
    "deep elements": lambda *_: feed("<a>" * 100_000 + "</a>" * 100_000),
    "deep elements that never end": lambda *_: feed("<a>" * 5_000),
    "deep markup": lambda *_: feed(
        item(f"<description><![CDATA[{'<div>' * 20_000}x]]></description>")
    ),
    "many entries": lambda *_: feed("<item/>" * 1_000_000),
    "many attributes": lambda *_: feed(
        item(f"<a {' '.join(f'a{n}={n!r}' for n in map(str, range(3_000)))}/>")
    ),
    "a large attribute": lambda *_: feed(item(f"<a b='{'c' * 9_000_000}'/>")),
    "a large title": lambda *_: feed(f"<item><title>{'&amp;lt;' * 100_000}</title></item>"),
    "a large link": lambda *_: feed(item(f"<link>/{'../' * 1_000_000}</link>")),
    "a large date": lambda *_: feed(item(f"<pubDate>{'2024-02-03T' * 500_000}</pubDate>")),
    "a large number": lambda *_: feed(item(f"<pubDate>{'9' * 5_000_000}</pubDate>")),
    "an open comment": lambda *_: feed(item(f"<!--{'<!--' * 2_000_000}")),
    "open angles": lambda *_: feed(item("<" * 50_000)),
    "open entities": lambda *_: feed(item("&" * 100_000)),
    "many declarations": lambda *_: feed(
        "", f"<!DOCTYPE rss [{''.join(f'<!ENTITY e{n} {n!r}>' for n in map(str, range(100_000)))}]>"
    ),
    "null bytes": lambda *_: b"\0" * 9_000_000,
    "null bytes within": lambda *_: feed(item("<link>/\0a</link>")).replace("Bomb", "\0" * 99),
    "two encodings": lambda *_: feed(item("")).encode("utf-16") + feed(item("")).encode(),
    "a wrong encoding": lambda *_: (
        b'<?xml version="1.0" encoding="utf-32"?><rss version="2.0">\xff\xfe\xfa</rss>'
    ),
    "an odd encoding": lambda *_: '<?xml version="1.0" encoding="zlib_codec"?><rss/>',
    "half a character": lambda *_: feed(item("<link>&nbsp;&#xD800;</link>")),
    "a character beyond all": lambda *_: feed(item(f"<link>&nbsp;&#{'9' * 5_000};</link>")),
    "cut off": lambda *_: feed(item("<description>Text"))[:-30],
    "another root": lambda *_: "<html><body>Log in</body></html>",
    "packed twice": lambda *_: gzip.compress(gzip.compress(bytes(10_000_000))),
}

SITEMAPS: dict[str, Payload] = {
    "billion laughs": lambda *_: sitemap("<url><loc>&l9;</loc></url>", laughs("urlset")),
    "quadratic blowup": lambda *_: sitemap(
        f"<url><loc>{'&big;' * 10_000}</loc></url>", blowup("urlset")
    ),
    "a file as entity": lambda file, _: sitemap(
        "<url><loc>/&x;</loc></url>", external("urlset", file)
    ),
    "an address as entity": lambda _, url: sitemap(
        "<url><loc>/&x;</loc></url>", external("urlset", url)
    ),
    "a parameter entity": lambda _, url: sitemap("", parameter("urlset", url)),
    "a foreign document type": lambda _, url: sitemap("", f'<!DOCTYPE urlset SYSTEM "{url}">'),
    "deep elements": lambda *_: sitemap("<a>" * 100_000 + "</a>" * 100_000),
    "100,000 addresses": lambda *_: sitemap("<url><loc>/a</loc></url>" * 100_000),
    "5 million entries": lambda *_: gzip.compress(
        sitemap("<url><loc>/a</loc></url>" * 5_000_000).encode(), 1
    ),
    "many elements": lambda *_: sitemap("<a/>" * 2_000_000),
    "a large address": lambda *_: sitemap(f"<url><loc>/{'a' * 9_000_000}</loc></url>"),
    "megabytes of zeros": lambda *_: gzip.compress(bytes(1 << 27), 1),
    "packed twice": lambda *_: gzip.compress(gzip.compress(bytes(1 << 26))),
    "packed and cut off": lambda *_: gzip.compress(sitemap("").encode())[:-9],
    "broken gzip": lambda *_: b"\x1f\x8b" + bytes(100),
    "null bytes": lambda *_: b"\0" * 9_000_000,
    "two encodings": lambda *_: sitemap("").encode("utf-16") + sitemap("").encode(),
    "cut off": lambda *_: sitemap("<url><loc>/a</loc></url>")[:-20],
    "another root": lambda *_: "<rss/>",
    "addresses of other kinds": lambda file, _: sitemap(
        f"<url><loc>{file}</loc></url><url><loc>javascript:x</loc></url><url><loc>[</loc></url>"
    ),
}


def everything_said(url: str, kind: Kind, tools: Tools) -> str:
    """All that comes of a source: the texts of its articles, and what could not be read."""
    said = []
    try:
        for each in found_at(url, kind, tools):
            said.append(each.id if isinstance(each, Document) else each.reason)
            if isinstance(each, Document):
                with suppress(SourceError):
                    said += [each.parse().title, *(part.text for part in each.parse().sections)]
    except SourceError as error:
        said.append(str(error))
    return "\n".join(said)


def assert_unharmed(web: Web, tools: Tools) -> None:
    """A good feed is read as if nothing had been."""
    web.pages["/good"] = xml(feed("<item><title>Good</title><link>/page</link></item>"))
    web.pages["/page"] = page("Attention")

    article = only_article(found_at(web.url("/good"), Kind.FEED, tools))

    assert prose("Attention")[0] in article.sections[0].text


@pytest.mark.parametrize(
    ("kind", "bomb"),
    [
        *(pytest.param(Kind.FEED, bomb, id=f"feed: {name}") for name, bomb in FEEDS.items()),
        *(pytest.param(Kind.SITEMAP, bomb, id=f"map: {name}") for name, bomb in SITEMAPS.items()),
    ],
)
def test_a_bomb_harms_nobody(
    web: Web, canary: Web, tools: Tools, tmp_path: Path, kind: Kind, bomb: Payload
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    web.pages["/bomb"] = xml(bomb(secret.as_uri(), canary.url("/x")))

    said = everything_said(web.url("/bomb"), kind, tools)

    assert said
    assert len(said) < 100_000
    assert SECRET not in said
    assert canary.paths == []
    assert_unharmed(web, tools)


@pytest.mark.parametrize("kind", [Kind.FEED, Kind.SITEMAP])
def test_an_endless_answer_ends(web: Web, tools: Tools, kind: Kind) -> None:
    opening = {Kind.FEED: b"<rss version='2.0'><channel>", Kind.SITEMAP: b"<urlset>"}[kind]

    def endless(out: Writer) -> None:
        out.write(HEAD + opening)
        while True:
            out.write(b"<item><title>More</title></item>" * 1_000)

    web.pages["/bomb"] = Page(raw=endless)

    with pytest.raises(SourceError, match="larger than"):
        found_at(web.url("/bomb"), kind, tools)
    assert_unharmed(web, tools)


def test_a_packed_answer_of_zeros_is_not_unpacked(web: Web, tools: Tools) -> None:
    headers = {"Content-Type": "application/xml", "Content-Encoding": "gzip"}
    web.pages["/bomb"] = Page(gzip.compress(bytes(1 << 27), 1), headers=headers)

    with pytest.raises(SourceError, match="larger than"):
        found_at(web.url("/bomb"), Kind.FEED, tools)
    assert_unharmed(web, tools)


def index(*addresses: str) -> Page:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return xml(f'<sitemapindex xmlns="{NAMESPACE}">{entries}</sitemapindex>')


def test_an_index_that_names_itself_is_read_once(web: Web, tools: Tools) -> None:
    web.pages["/bomb"] = index(web.url("/bomb"), web.url("/bomb/"), web.url("/bomb#x"))

    with pytest.raises(SourceError, match="no page"):
        found_at(web.url("/bomb"), Kind.SITEMAP, tools)
    assert web.paths.count("/bomb") == 1


def test_indexes_that_name_each_other_are_read_once_each(web: Web, tools: Tools) -> None:
    web.pages["/a"] = index(web.url("/b"))
    web.pages["/b"] = index(web.url("/a"), web.url("/b"))

    with pytest.raises(SourceError, match="no page"):
        found_at(web.url("/a"), Kind.SITEMAP, tools)
    assert [path for path in web.paths if path != "/robots.txt"] == ["/a", "/b"]


def test_indexes_that_name_ever_more_indexes_come_to_an_end(web: Web, tools: Tools) -> None:
    def more(request: Request) -> Page:
        return index(*(f"{web.url(request.path)}{number}" for number in range(1_000)))

    for number in range(1_000):
        web.pages[f"/{number}"] = more
        web.pages[f"/{number}0"] = more
    web.pages["/bomb"] = index(*(web.url(f"/{number}") for number in range(1_000)))

    found = found_at(web.url("/bomb"), Kind.SITEMAP, tools)

    assert all(isinstance(each, Problem) and each.article_id == "" for each in found)
    assert len(web.paths) < 300
