"""A sitemap, or an index of sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from knowledge.errors import SourceError
from knowledge.sources.addresses import shown
from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import Document, Problem
from knowledge.sources.following import absolute, follow, id_of, in_sandbox, same_site, select
from knowledge.sources.tools import Tools
from knowledge.sources.unparsed import Unparsed

MOST_ADDRESSES = 50_000
"""What the protocol allows in one sitemap."""

MOST_BYTES = 50 * 2**20
"""What the protocol allows for one sitemap, unpacked."""

MOST_SITEMAPS = 200
"""How many sitemaps are read for one source."""

_ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}

DEEPEST = 2
"""How deep indexes may lie in each other. The protocol allows 1, but some sites do more."""


@dataclass(frozen=True)
class Listed:
    """What a sitemap lists: pages, or more sitemaps if it is an index."""

    index: bool
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class SitemapSource:
    """The pages that a sitemap lists, in its order and on its own site.

    Only the first ``limit`` of them are the source.

    Args:
        declaration: where the sitemap is, and which of its addresses count.
        tools: what it is read with.
    """

    declaration: Declaration
    tools: Tools

    def documents(self) -> Iterator[Document | Problem]:
        """Each listed page. A sitemap of an index that cannot be read is a problem.

        Raises:
            SourceError: the sitemap cannot be read or lists nothing.
        """
        walk = _Walk(self.declaration.url, self.tools)
        articles = select(walk.addresses(), self.declaration)
        if not articles and not walk.problems:
            raise SourceError(
                f"{shown(self.declaration.url)}: no page of this site is listed or wanted."
            )
        yield from walk.problems
        yield from follow(articles, self.tools)


@dataclass
class _Walk:
    """One walk through a sitemap and the sitemaps that it names."""

    start: str
    tools: Tools
    problems: list[Problem] = field(default_factory=list)

    def addresses(self) -> Iterator[str]:
        """The pages, in the order of the sitemaps; they are read as the caller goes on."""
        seen: set[str] = set()
        waiting = [(self.start, 0)]
        while waiting:
            sitemap, depth = waiting.pop()
            if id_of(sitemap) in seen:
                continue
            if len(seen) == MOST_SITEMAPS:
                reason = f"{shown(self.start)}: it names more than {MOST_SITEMAPS} sitemaps."
                self.problems.append(Problem("", reason, self.start))
                return
            seen.add(id_of(sitemap))
            listed = self._read(sitemap, depth)
            own = [url for url in listed.addresses if same_site(url, self.start)]
            if listed.index:
                waiting += [(url, depth + 1) for url in reversed(own)]
            else:
                yield from own

    def _read(self, url: str, depth: int) -> Listed:
        try:
            if depth > DEEPEST:
                raise SourceError(
                    f"{shown(url)}: the indexes of sitemaps lie too deep in each other."
                )
            content = self.tools.fetcher.fetch(url).content
            return in_sandbox(self.tools.sandbox, url, read_sitemap, content, url)
        except SourceError as error:
            if url == self.start:
                raise
            # Which pages it lists is unknown, so no article may be taken for gone.
            self.problems.append(Problem("", str(error), url))
            return Listed(index=False, addresses=())


def read_sitemap(content: bytes, url: str) -> Listed:
    """What a sitemap lists, packed by gzip or not. Runs in the sandbox.

    Args:
        content: the sitemap as it came.
        url: where it was, for addresses that are relative to it.

    Raises:
        Unparsed: it is no sitemap, or larger than the protocol allows.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(_unpacked(content), parser)
    except etree.LxmlError:
        raise Unparsed("it is no sitemap, or a broken one.") from None
    entry = _ENTRIES.get(etree.QName(root).localname)
    if entry is None:
        raise Unparsed("it is no sitemap, but something else.")
    entries = root.findall(f"{{*}}{entry}")
    if len(entries) > MOST_ADDRESSES:
        raise Unparsed(f"it lists more than the {MOST_ADDRESSES} addresses that it may.")
    named = ((each.findtext("{*}loc") or "").strip() for each in entries)
    addresses = (absolute(address, url) for address in named if address)
    return Listed(entry == "sitemap", tuple(filter(None, addresses)))


def _unpacked(content: bytes) -> bytes:
    """Sitemaps packed by gzip are known by their bytes: servers name them in many ways."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        unpacked = unpacker.decompress(content, MOST_BYTES)
    except zlib.error:
        raise Unparsed("it is broken gzip.") from None
    if not unpacker.eof:
        raise Unparsed(f"it is cut off, or larger than {MOST_BYTES >> 20} MB.")
    return unpacked
