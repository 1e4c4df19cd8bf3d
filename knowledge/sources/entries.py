"""The bytes of a feed -> its entries. Runs in the sandbox."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax import SAXException

import feedparser
from lxml.html import document_fromstring

from knowledge.sources.documents import fingerprint
from knowledge.sources.following import absolute
from knowledge.sources.teasers import is_cut_off
from knowledge.sources.text import one_line
from knowledge.sources.unparsed import Unparsed

SHORTEST = 1_000
"""A text of fewer characters is taken for a summary of the page that it links to."""

_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|RDF|channel)\s*>")
_END_WITHIN = 1_000

# What no text may hold: controls, and halves of characters that only references can name.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

# What a common extension of WordPress puts below every excerpt.
_FOOTER = re.compile(r"\s*The post .{1,300} (?:appeared first on|first appeared on) .{1,200}$")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed.

    Args:
        guid: what the feed calls it; may be empty.
        link: the address of its page; empty if it has none.
        title: as plain text.
        html: its longest text.
        whole: whether that is the article, and not only a teaser or summary.
        likeness: the same for entries with the same title and text; empty without text.
        date: the day of its last change, ISO 8601; may be empty.
        author: who wrote it; may be empty.
    """

    guid: str
    link: str
    title: str
    html: str
    whole: bool
    likeness: str
    date: str
    author: str


def entries_in(content: bytes, charset: str, url: str) -> tuple[Entry, ...]:
    """The entries of a feed, in its order.

    Args:
        content: the feed as it came; nothing that it names is fetched.
        charset: what the header said; it goes before what the feed says (RFC 7303, 3.2).
        url: where it was, for links that are relative to it.

    Raises:
        Unparsed: it is no feed, or it is cut off.
    """
    media_type = f"application/xml; charset={charset}" if charset else "application/xml"
    headers = {"content-location": url, "content-type": media_type}
    # A stream, because text could be taken for an address or the name of a file.
    parsed = feedparser.parse(io.BytesIO(content), response_headers=headers, sanitize_html=True)
    if not parsed.version:
        raise Unparsed("it is no RSS or Atom feed.")
    broken = isinstance(parsed.get("bozo_exception"), SAXException)
    if broken and not _END.search(content.replace(b"\0", b"")[-_END_WITHIN:]):
        raise Unparsed("the feed is cut off.")
    return tuple(_entry(entry, url) for entry in parsed.entries)


def _entry(entry: Any, url: str) -> Entry:
    title = one_line(_plain(_html(entry.get("title_detail") or {})))
    best, is_content = max(_texts(entry), key=lambda text: len(text[0]))
    text = _FOOTER.sub("", " ".join(_plain(best).split()))
    link = absolute(entry.get("link", ""), url) if entry.get("link") else ""
    long = len(text) >= SHORTEST or (is_content and not link)
    return Entry(
        guid=one_line(_fit(entry.get("id"))),
        link=link,
        title=title,
        html=best,
        whole=bool(text) and long and not is_cut_off(text),
        likeness=fingerprint(f"{title.casefold()}\0{text}".encode()) if text else "",
        date=_day(entry),
        author=one_line(_fit(entry.get("author"))),
    )


def _texts(entry: Any) -> Iterator[tuple[str, bool]]:
    """Each text of an entry as HTML, and whether the feed calls it the content."""
    yield _html(entry.get("summary_detail") or {}), False
    for content in entry.get("content", ()):
        yield _html(content), True


def _html(detail: Any) -> str:
    value = _fit(detail.get("value"))
    if detail.get("type") != "text/plain":
        return value
    return "".join(f"<p>{html.escape(part)}</p>" for part in value.split("\n\n"))


def _fit(text: str | None) -> str:
    return _UNFIT.sub("", text or "")


def _plain(fragment: str) -> str:
    return _fit(str(document_fromstring(f"<div>{fragment}</div>").text_content()))


def _day(entry: Any) -> str:
    """The day of the last change, or of publication; empty if it is no day."""
    # Asked by 'in', because feedparser's get() answers one date for the other.
    key = "updated_parsed" if "updated_parsed" in entry else "published_parsed"
    parsed = entry.get(key)
    try:
        return date(*parsed[:3]).isoformat() if parsed else ""
    except (ValueError, OverflowError):
        return ""
