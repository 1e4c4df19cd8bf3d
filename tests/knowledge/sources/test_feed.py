"""RSS and Atom feeds, in all their dialects."""

from __future__ import annotations

from html import escape

import pytest

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources import Document, Problem, Tools
from knowledge.sources.declaring import Kind
from knowledge.sources.entries import Entry, entries_in
from tests.knowledge.sources.remote import (
    body,
    found_at,
    ids,
    only_article,
    page,
    problems,
    prose,
    xml,
)
from tests.knowledge.sources.web import Page, Web

URL = "https://example.org/blog/feed"
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def rss(*items: str) -> str:
    joined = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {CONTENT}><channel><title>Blog</title>{joined}</channel></rss>'


def atom(*entries: str) -> str:
    joined = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>{joined}</feed>'


def whole(subject: str) -> str:
    """The whole text of an entry."""
    return f"<content:encoded><![CDATA[{body(subject)}]]></content:encoded>"


def entries(feed: str) -> tuple[Entry, ...]:
    return entries_in(feed.encode(), "", URL)


def text_of(article: Article) -> str:
    return "\n".join(section.text for section in article.sections)


def test_an_entry_with_the_whole_text_is_read_as_it_stands_in_the_feed(
    web: Web, tools: Tools
) -> None:
    head = f"<title>Attention</title><link>{web.url('/a')}</link><author>Ada</author>"
    date = "<pubDate>Sat, 03 Feb 2024 23:00:00 GMT</pubDate>"
    web.pages["/feed"] = xml(rss(f"{head}{date}<description>Short.</description>{whole('It')}"))

    (found,) = found_at(web.url("/feed"), Kind.FEED, tools)

    assert isinstance(found, Document)
    assert (found.id, found.origin, found.remote) == (f"{web.host}/a", web.url("/a"), True)
    article = found.parse()
    assert (article.title, article.date, article.author) == ("Attention", "2024-02-03", "Ada")
    assert article.url == web.url("/a")
    assert text_of(article) == "\n\n".join(prose("It"))
    assert "/a" not in web.paths


@pytest.mark.parametrize(
    "teaser",
    [
        "Attention weighs words.",
        f"{' '.join(prose('Attention'))} And then […]",
        f"{' '.join(prose('Attention'))} Continue reading",
        f"{' '.join(prose('Attention'))} [&#8230;] The post Attention appeared first on Blog.",
        "",
    ],
    ids=["short", "ellipsis", "continue", "WordPress", "empty"],
)
def test_of_an_entry_that_only_teases_the_linked_page_is_read(
    web: Web, tools: Tools, teaser: str
) -> None:
    item = f"<title>Attention</title><link>/a</link><description>{teaser}</description>"
    web.pages["/feed"] = xml(rss(item))
    web.pages["/a"] = page("Self-attention")

    article = only_article(found_at(web.url("/feed"), Kind.FEED, tools))

    assert article.title == "Self-attention"
    assert prose("Self-attention")[-1] in text_of(article)


def test_the_feed_fills_what_the_linked_page_lacks(web: Web, tools: Tools) -> None:
    web.pages["/feed"] = xml(
        atom(
            "<title>Attention</title><link href='/p-7'/><summary>Short.</summary>"
            "<author><name>Ada</name></author><updated>2024-02-03T01:00:00Z</updated>"
        )
    )
    web.pages["/p-7"] = Page(f"<html><body><article>{body('It')}</article></body></html>")

    article = only_article(found_at(web.url("/feed"), Kind.FEED, tools))

    assert (article.title, article.date, article.author) == ("Attention", "2024-02-03", "Ada")


def test_a_teaser_is_never_indexed_when_its_page_cannot_be_fetched(web: Web, tools: Tools) -> None:
    web.pages["/feed"] = xml(rss("<title>A</title><link>/gone</link><description>x…</description>"))

    (found,) = found_at(web.url("/feed"), Kind.FEED, tools)

    assert isinstance(found, Problem)
    assert (found.article_id, found.origin) == (f"{web.host}/gone", web.url("/gone"))


def test_a_teaser_without_a_link_is_a_problem(web: Web, tools: Tools) -> None:
    web.pages["/feed"] = xml(rss("<title>Attention</title><description>Short.</description>"))

    (found,) = found_at(web.url("/feed?key=secret"), Kind.FEED, tools)

    assert isinstance(found, Problem)
    assert found.article_id == f"{web.host}/feed#Attention"
    assert "'Attention' is only a teaser" in found.reason
    assert "secret" not in found.reason


def test_an_entry_without_a_link_is_named_by_the_feed(web: Web, tools: Tools) -> None:
    guid = '<guid isPermaLink="false">tag:77</guid>'
    web.pages["/feed"] = xml(rss(f"{guid}<title>A</title>{whole('It')}"))

    (found,) = found_at(web.url("/feed?key=secret"), Kind.FEED, tools)

    assert isinstance(found, Document)
    assert found.id == f"{web.host}/feed#tag:77"
    assert found.parse().title == "A"


def test_entries_that_repeat_collapse(web: Web, tools: Tools) -> None:
    web.pages["/feed"] = xml(
        rss(
            f"<title>A</title><link>/a?utm_source=feed</link>{whole('It')}",
            f"<title>A, again</title><link>/a/#top</link>{whole('Other')}",
            f"<title>a</title><link>/copy</link>{whole('It')}",
            f"<title>B</title><link>/b</link>{whole('It')}",
        )
    )

    assert ids(found_at(web.url("/feed"), Kind.FEED, tools)) == ["a", "b"]


def test_entries_of_one_title_without_text_are_not_taken_for_one(web: Web, tools: Tools) -> None:
    items = ("<title>News</title><link>/a</link>", "<title>News</title><link>/b</link>")
    web.pages["/feed"] = xml(rss(*items))
    web.pages["/a"], web.pages["/b"] = page("A"), page("B")

    assert ids(found_at(web.url("/feed"), Kind.FEED, tools)) == ["a", "b"]


def test_the_newest_entries_are_the_source_when_there_are_too_many(web: Web, tools: Tools) -> None:
    dated = [
        f"<link>/{name}</link><pubDate>{day} Feb 2024 00:00:00 GMT</pubDate>{whole(name)}"
        for name, day in (("a", "03"), ("b", "05"), ("c", "01"), ("d", "04"))
    ]
    web.pages["/feed"] = xml(rss(f"<link>/undated</link>{whole('It')}", *dated))

    assert ids(found_at(web.url("/feed"), Kind.FEED, tools, limit=2)) == ["b", "d"]


def test_only_entries_whose_address_matches_count(web: Web, tools: Tools) -> None:
    items = [f"<link>/{path}</link>{whole(path)}" for path in ("blog/a", "news/b", "blog/c")]
    web.pages["/feed"] = xml(rss(*items))

    options = {"include": "/blog/*", "exclude": "*/c"}
    assert ids(found_at(web.url("/feed"), Kind.FEED, tools, **options)) == ["blog/a"]


def test_an_entry_is_new_when_its_text_changes(web: Web, tools: Tools) -> None:
    def fingerprint(subject: str) -> str:
        web.pages["/feed"] = xml(rss(f"<link>/a</link>{whole(subject)}"))
        (found,) = found_at(web.url("/feed"), Kind.FEED, tools)
        assert isinstance(found, Document)
        return found.fingerprint

    assert fingerprint("It") == fingerprint("It") != fingerprint("Other")


@pytest.mark.parametrize(
    "answer",
    [
        Page("no", 404),
        Page("<html><body>Log in</body></html>"),
        xml("<urlset/>"),
        xml(""),
        xml(rss()),
        xml(rss(f"<link>/a</link>{whole('It')}")[:-80]),
        xml(atom("<title>A &nbsp; B</title>", "<title>B</title>")[:-12]),
    ],
    ids=["missing", "a page", "a sitemap", "nothing", "empty", "cut off", "cut off and broken"],
)
def test_a_feed_that_holds_nothing_readable_fails_as_a_whole(
    web: Web, tools: Tools, answer: Page
) -> None:
    web.pages["/feed"] = answer

    with pytest.raises(SourceError) as caught:
        found_at(web.url("/feed"), Kind.FEED, tools)

    assert str(caught.value).startswith(web.url("/feed"))
    assert "\n" not in str(caught.value)


RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Blog</title><item><title>Attention</title>
<link>http://example.org/a</link><description>It.</description></item></channel></rss>"""
RSS_10 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://example.org/"><title>Blog</title></channel>
<item rdf:about="http://example.org/a"><title>Attention</title><link>http://example.org/a</link>
<dc:date>2024-02-03</dc:date><dc:creator>Ada</dc:creator></item></rdf:RDF>"""
RSS_20 = rss(
    '<title>Attention</title><guid isPermaLink="true">http://example.org/a</guid>'
    "<pubDate>Sat, 03 Feb 2024 08:00:00 +0000</pubDate>"
    '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ada</dc:creator>'
)
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Blog</title><entry>
<title>Attention</title><link rel="alternate" href="http://example.org/a"/>
<modified>2024-02-03T08:00:00Z</modified><author><name>Ada</name></author></entry></feed>"""
ATOM_10 = atom(
    "<title>Attention</title><link rel='self' href='/self'/>"
    "<link rel='alternate' href='http://example.org/a'/><published>2020-01-01T00:00:00Z</published>"
    "<updated>2024-02-03T08:00:00Z</updated><author><name>Ada</name></author>"
)


@pytest.mark.parametrize("feed", [RSS_10, RSS_20, ATOM_03, ATOM_10])
def test_every_dialect_has_title_link_date_and_author(feed: str) -> None:
    (entry,) = entries(feed)

    assert (entry.title, entry.date, entry.author) == ("Attention", "2024-02-03", "Ada")
    assert entry.link == "http://example.org/a"


def test_the_oldest_dialect_is_read_without_its_document_type() -> None:
    (entry,) = entries(RSS_091)

    assert (entry.title, entry.link, entry.date) == ("Attention", "http://example.org/a", "")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (rss(f"<description>{escape(body('It'))}</description>"), True),
        (rss(f"<description><![CDATA[{body('It')}]]></description>"), True),
        (rss(f"<description>Short.</description>{whole('It')}"), True),
        (atom(f"<content type='html'>{escape(body('It'))}</content>"), True),
        (atom(f"<content type='text'>{' '.join(prose('It'))}</content>"), True),
        (
            atom(
                "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
                f"{body('It')}</div></content>"
            ),
            True,
        ),
        (atom("<content type='text'>A short note, complete.</content>"), True),
        (atom("<link href='/a'/><content type='text'>A short note, complete.</content>"), False),
        (atom("<summary>A short note, complete.</summary>"), False),
        (atom("<content type='text'>It goes on…</content>"), False),
        (atom("<content type='image/png' src='/a.png'/>"), False),
        (rss("<title>Nothing but a title</title>"), False),
    ],
)
def test_whether_an_entry_holds_the_whole_text(content: str, expected: bool) -> None:
    (entry,) = entries(content)

    assert entry.whole is expected


def test_scripts_do_not_survive() -> None:
    (entry,) = entries(rss(f"<description>{escape('<p>A</p><script>b()</script>')}</description>"))

    assert "script" not in entry.html
    assert "b()" not in entry.html


def test_plain_text_is_not_taken_for_markup() -> None:
    (entry,) = entries(atom("<content type='text'>if a &lt;b&gt; c</content>"))

    assert entry.html == "<p>if a &lt;b&gt; c</p>"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Q&amp;A", "Q&A"),
        ("Q&amp;amp;A", "Q&A"),
        ("Caf&#233;", "Café"),
        ("<![CDATA[The <b>bold</b> one]]>", "The bold one"),
        ("Two\n  lines", "Two lines"),
        ("&amp;#8220;Quoted&amp;#8221;", "“Quoted”"),
        ("", ""),
    ],
)
def test_titles_are_plain_text(title: str, expected: str) -> None:
    (entry,) = entries(rss(f"<title>{title}</title><link>/a</link>"))

    assert entry.title == expected


@pytest.mark.parametrize("unfit", ["&amp;#xD800;", "&#27;", "&amp;#27;", "&#0;"])
def test_what_no_text_may_hold_is_left_out(unfit: str) -> None:
    parts = f"<title>A{unfit}B</title><guid>A{unfit}B</guid><author>A{unfit}B</author>"

    (entry,) = entries(rss(f"{parts}<description>A{unfit}B&nbsp;</description>"))

    said = f"{entry.title} {entry.guid} {entry.author} {entry.html}"
    said.encode()
    assert "\x1b" not in said
    assert "\x00" not in said


@pytest.mark.parametrize("markup", ["", "<!-- -->", "</div>", "<?php ?>", "<p", "<html><body>A"])
def test_odd_markup_of_an_entry_leaves_the_others_alone(markup: str) -> None:
    odd = f"<description>{escape(markup)}</description>"

    assert [entry.title for entry in entries(rss(odd, "<title>B</title>"))] == ["", "B"]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Sat, 03 Feb 2024 08:00:00 GMT", "2024-02-03"),
        ("2024-02-03T08:00:00Z", "2024-02-03"),
        ("3 Feb 2024", "2024-02-03"),
        ("yesterday", ""),
        ("Thu, 31 Feb 2024 08:00:00 GMT", ""),
        ("0000-00-00", ""),
        ("", ""),
    ],
)
def test_dates_are_days_or_unknown(date: str, day: str) -> None:
    (entry,) = entries(rss(f"<title>A</title><pubDate>{date}</pubDate>"))

    assert entry.date == day


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a", "https://example.org/a"),
        ("a", "https://example.org/blog/a"),
        ("//other.example/a", "https://other.example/a"),
        ("javascript:alert(1)", ""),
        ("mailto:me@example.org", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_links_are_relative_to_the_feed(link: str, address: str) -> None:
    (entry,) = entries(rss(f"<title>A</title><link>{link}</link>"))

    assert entry.link == address


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_feed_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    feed = f'<?xml version="1.0" encoding="{encoding}"?>{rss("<title>Café</title>")}'

    (entry,) = entries_in(feed.encode(encoding), "", URL)

    assert entry.title == "Café"


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes() -> None:
    found = entries(rss("<title>A&nbsp;B</title><link>/a</link>", "<title>C <br> D</title>"))

    assert [entry.title for entry in found] == ["A B", "C D"]


def test_a_followed_page_that_fails_leaves_the_others_alone(web: Web, tools: Tools) -> None:
    web.pages["/feed"] = xml(rss("<link>/gone</link>", "<link>/a</link>"))
    web.pages["/a"] = page("A")

    found = found_at(web.url("/feed"), Kind.FEED, tools)

    assert ids(found) == ["a"]
    assert [each.article_id for each in problems(found)] == [f"{web.host}/gone"]
