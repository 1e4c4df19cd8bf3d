"""A web page -> an article, without menus and other boilerplate."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import trafilatura
from lxml.html import HtmlElement

from knowledge.model import Article
from knowledge.sources.login_walls import is_login_wall
from knowledge.sources.markdown import read_markdown
from knowledge.sources.raw import Raw
from knowledge.sources.teasers import without_teasers
from knowledge.sources.text import decode_page, one_line, title_of
from knowledge.sources.unparsed import Unparsed

_PRIMARY_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z])")
_BEFORE_SITE_NAME = r"\s+[|·•–—»:-]+\s+"


def read_html(raw: Raw) -> Article:
    """Extract the main text of a page with its title, date, author, language and address.

    The article has no sections if the page holds no text.

    Raises:
        Unparsed: the page is a login wall, or holds only teasers of other pages.
    """
    tree = trafilatura.load_html(decode_page(raw.content, raw.charset))
    if tree is None:
        return Article(raw.article_id, title_of(raw.name), ())
    body = trafilatura.extract(
        tree, url=raw.url or None, output_format="markdown", include_comments=False
    )
    heading, sections = read_markdown(body or "")
    metadata = trafilatura.extract_metadata(tree, default_url=raw.url or None)
    title = _without_site(one_line(metadata.title), one_line(metadata.sitename))
    if is_login_wall(tree, title, sections):
        raise Unparsed("the page asks for a login; save what it shows after it, or leave it out.")
    return Article(
        id=raw.article_id,
        title=title or one_line(heading) or title_of(raw.name),
        sections=without_teasers(sections),
        url=_address(metadata.url or "", raw.url),
        date=metadata.date or "",
        language=_language(tree),
        author=one_line(metadata.author),
    )


def _without_site(title: str, site: str) -> str:
    if not site:
        return title
    return re.sub(f"{_BEFORE_SITE_NAME}{re.escape(site)}$", "", title, flags=re.IGNORECASE)


def _language(tree: HtmlElement) -> str:
    """The primary subtag (BCP 47) of the language that the page declares."""
    declared = tree.get("lang") or tree.get("xml:lang") or ""
    found = _PRIMARY_LANGUAGE.match(declared)
    return found.group(1).lower() if found else ""


def _address(canonical: str, fetched: str) -> str:
    """The canonical address, if the page's own host or a parent of it may claim it."""
    try:
        scheme, host = urlsplit(canonical).scheme, urlsplit(canonical).hostname or ""
        own = urlsplit(fetched).hostname or ""
    except ValueError:
        return fetched
    if scheme not in ("http", "https") or not host:
        return fetched
    parent = "." in host and f".{own}".endswith(f".{host.removeprefix('www.')}")
    return canonical if not own or host == own or parent else fetched
