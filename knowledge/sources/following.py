"""Addresses on the web -> documents: what pages, listings, sitemaps and feeds have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.addresses import parse, shown
from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import Document, Problem, fingerprint
from knowledge.sources.fetching import Fetched
from knowledge.sources.formats import ACCEPTED, Raw, format_of, read_untrusted
from knowledge.sources.sandbox import Sandbox
from knowledge.sources.text import title_of
from knowledge.sources.tools import Tools
from knowledge.sources.unparsed import Unparsed

T = TypeVar("T")

LONGEST_LINK = 2_000
"""Characters of a link; no page worth reading has a longer address."""

_TRACKER = re.compile(r"(utm|mtm|pk|mc|hsa)_.*|_hs(enc|mi)|(fb|g|ms|tw|dc|yc)clid|igshid")


@dataclass(frozen=True)
class Known:
    """What is known of a page before it is read: it stands where the page says nothing."""

    title: str = ""
    date: str = ""
    author: str = ""

    def complete(self, article: Article, name: str) -> Article:
        """The article with what it lacks; a title that was made of the page's name is none."""
        has_none = article.title == title_of(name)
        return replace(
            article,
            title=(self.title if has_none else "") or article.title,
            date=article.date or self.date,
            author=article.author or self.author,
        )


NOTHING_KNOWN = Known()


def id_of(url: str) -> str:
    """The id of the article at an address: ``example.org/blog/attention``.

    Scheme, fragment, trailing slash and the parameters that only track readers make no other
    page of it.

    Raises:
        SourceError: it is no address that may be read.
    """
    address = parse(url)
    path, _, query = address.target.partition("?")
    telling = sorted(_telling(query))
    page = f"{address.authority}{path.rstrip('/')}"
    return f"{page}?{urlencode(telling)}" if telling else page


def without_trackers(url: str) -> str:
    """An address without the parameters that only track readers, and without fragment."""
    base, _, query = url.partition("#")[0].partition("?")
    telling = _telling(query)
    return f"{base}?{urlencode(telling)}" if telling else base


def _telling(query: str) -> list[tuple[str, str]]:
    """The parameters that tell pages apart."""
    parameters = parse_qsl(query, keep_blank_values=True)
    return [each for each in parameters if not _TRACKER.fullmatch(each[0].lower())]


def absolute(link: str, base: str) -> str:
    """Where a link of a page leads on the web; empty if it leads nowhere there."""
    if len(link) > LONGEST_LINK:
        return ""
    try:
        return parse(urljoin(base, link.strip())).url
    except (SourceError, ValueError):  # urljoin raises the latter for odd brackets
        return ""


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are on one host, with or without ``www``."""
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    return hosts[0] == hosts[1]


def wanted(url: str, declaration: Declaration) -> bool:
    """Whether an address, or its path, matches what a declaration includes and excludes."""
    names = (url, id_of(url), urlsplit(url).path)

    def matches(patterns: Iterable[str]) -> bool:
        return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)

    return (not declaration.include or matches(declaration.include)) and not matches(
        declaration.exclude
    )


def select(urls: Iterable[str], declaration: Declaration) -> list[str]:
    """The first addresses that are wanted, each page once; as many as the declaration allows."""
    each: dict[str, str] = {}
    for url in urls:
        if wanted(url, declaration):
            each.setdefault(id_of(url), url)
        if len(each) == declaration.limit:
            break
    return list(each.values())


def in_sandbox(sandbox: Sandbox, url: str, function: Callable[..., T], *args: object) -> T:
    """Call a parser in the sandbox; what it complains about is told with the address.

    Raises:
        SourceError: it could not parse what it was given.
    """
    try:
        return sandbox.run(function, *args)
    except Unparsed as error:
        raise error.of(shown(url)) from None


def follow(urls: Iterable[str], tools: Tools) -> Iterator[Document | Problem]:
    """The documents at some addresses, one after the other."""
    for url in urls:
        yield read_page(url, tools)


def read_page(url: str, tools: Tools, known: Known = NOTHING_KNOWN) -> Document | Problem:
    """The document at an address, or why it could not be fetched."""
    article_id = id_of(url)
    try:
        fetched = tools.fetcher.fetch(url, ACCEPTED)
        raw = _raw(fetched, article_id)
    except SourceError as error:
        return Problem(article_id, str(error), url)
    read_as = repr((article_id, raw.format, raw.charset, raw.url, known))
    return Document(
        article_id,
        url,
        fingerprint(read_as.encode() + raw.content),
        lambda: known.complete(read_untrusted(raw, tools.sandbox), raw.name),
        remote=True,
    )


def _raw(fetched: Fetched, article_id: str) -> Raw:
    name = shown(fetched.url)
    format_ = format_of(fetched.url, fetched.media_type)
    if format_ is None:
        raise SourceError(f"{name}: {fetched.media_type or 'this'} is nothing that can be read.")
    url = without_trackers(fetched.url)
    return Raw(fetched.content, format_, article_id, name, url=url, charset=fetched.charset)
