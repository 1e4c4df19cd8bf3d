"""A web page whose links lead to the articles."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from knowledge.errors import SourceError
from knowledge.sources.addresses import shown
from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import Document, Problem
from knowledge.sources.fetching import Fetched
from knowledge.sources.following import absolute, follow, id_of, in_sandbox, same_site, select
from knowledge.sources.formats import format_of
from knowledge.sources.text import decode_page
from knowledge.sources.tools import Tools
from knowledge.sources.unparsed import Unparsed

_PAGES = ("text/html", "application/xhtml+xml")

# The header of a card in a list holds its link; the header of the page holds a menu.
_AROUND = """
    ancestor::nav or ancestor::footer or ancestor::aside
    or ancestor::header[not(ancestor::article or ancestor::main)]
    or ancestor::*[@role='navigation' or @role='banner' or @role='contentinfo'
                   or @role='complementary']
"""
_LINKS = f".//a[@href][not({_AROUND})]"
_MAIN = "//main | //*[@role='main']"

_ELSEWHERE = {"author", "category", "next", "prev", "search", "tag"}
"""Relations of links that lead to no article (https://html.spec.whatwg.org/#linkTypes)."""


@dataclass(frozen=True)
class ListingSource:
    """The pages of one site that a page links to in its main part, in the page's order.

    Only the first ``limit`` of them are the source.

    Args:
        declaration: where the page is, and which of its links count.
        tools: what it is read with.
    """

    declaration: Declaration
    tools: Tools

    def documents(self) -> Iterator[Document | Problem]:
        """Each linked page.

        Raises:
            SourceError: the page cannot be read or links to nothing.
        """
        page = self.tools.fetcher.fetch(self.declaration.url, _PAGES)
        articles = select(self._links(page), self.declaration)
        if not articles:
            where = shown(self.declaration.url)
            raise SourceError(f"{where}: it links to no article of this site that is wanted.")
        yield from follow(articles, self.tools)

    def _links(self, page: Fetched) -> Iterator[str]:
        itself = {id_of(self.declaration.url), id_of(page.url)}
        found = in_sandbox(
            self.tools.sandbox, page.url, links_in, page.content, page.charset, page.url
        )
        for url in found:
            if same_site(url, page.url) and id_of(url) not in itself and _may_be_article(url):
                yield url


def links_in(content: bytes, charset: str, url: str) -> tuple[str, ...]:
    """The addresses that a page links to in its main part, in its order. Runs in the sandbox.

    Raises:
        Unparsed: it is no web page.
    """
    text = decode_page(content, charset).encode(errors="replace")
    try:
        page = html.document_fromstring(text, html.HTMLParser(encoding="utf-8"))
    except etree.LxmlError:
        raise Unparsed("it is no web page.") from None
    base = absolute(_base_of(page), url) or url
    mains = page.xpath(_MAIN) or [page]
    links = [link for main in mains for link in main.xpath(_LINKS)]
    found = (
        absolute(link.get("href"), base)
        for link in links
        if not _ELSEWHERE & set(link.get("rel", "").lower().split())
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _base_of(page: html.HtmlElement) -> str:
    base = page.find(".//base[@href]")
    return "" if base is None else base.get("href", "")


def _may_be_article(url: str) -> bool:
    """Whether it is neither the front page nor, by its suffix, a picture or a download."""
    path = urlsplit(url).path
    media_type = mimetypes.guess_type(path)[0] or ""
    opaque = media_type.startswith(("image/", "audio/", "video/", "font/", "application/"))
    return path.strip("/") != "" and not (opaque and format_of(media_type=media_type) is None)
