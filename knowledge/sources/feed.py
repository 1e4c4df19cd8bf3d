"""An RSS or Atom feed. A teaser is never taken for the article that it leads to."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.addresses import shown
from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import Document, Problem, fingerprint
from knowledge.sources.entries import Entry, entries_in
from knowledge.sources.following import Known, id_of, in_sandbox, read_page, wanted
from knowledge.sources.formats import Format, Raw, read_untrusted
from knowledge.sources.tools import Tools


@dataclass(frozen=True)
class FeedSource:
    """The newest ``limit`` entries of a feed.

    An entry that holds the whole text is read as it stands in the feed. Of one that only
    teases, the linked page is read; if that cannot be done it is a problem.

    Args:
        declaration: where the feed is, and which of its links count.
        tools: what it is read with.
    """

    declaration: Declaration
    tools: Tools

    def documents(self) -> Iterator[Document | Problem]:
        """Each entry once, the newest first.

        Raises:
            SourceError: the feed cannot be read or is empty.
        """
        feed = self.tools.fetcher.fetch(self.declaration.url)
        entries = in_sandbox(
            self.tools.sandbox, feed.url, entries_in, feed.content, feed.charset, feed.url
        )
        if not entries:
            raise SourceError(f"{shown(self.declaration.url)}: the feed has no entries.")
        for article_id, entry in self._newest(entries).items():
            yield self._document(article_id, entry)

    def _newest(self, entries: Sequence[Entry]) -> dict[str, Entry]:
        """The entries that are wanted, by their articles' ids; what repeats is left out."""
        newest: dict[str, Entry] = {}
        told: set[str] = set()
        for entry in sorted(entries, key=lambda entry: entry.date, reverse=True):
            article_id = id_of(entry.link) if entry.link else self._id_within(entry)
            again = article_id in newest or entry.likeness in told
            if again or not wanted(entry.link or self.declaration.url, self.declaration):
                continue
            newest[article_id] = entry
            told |= {entry.likeness} - {""}
        return dict(list(newest.items())[: self.declaration.limit])

    def _id_within(self, entry: Entry) -> str:
        """The id of an entry that has no address of its own."""
        feed = urlsplit(self.declaration.url)._replace(query="").geturl()
        return f"{id_of(feed)}#{entry.guid or entry.title or fingerprint(entry.html.encode())}"

    def _document(self, article_id: str, entry: Entry) -> Document | Problem:
        feed = shown(self.declaration.url)
        if entry.whole:
            return Document(
                article_id,
                entry.link or feed,
                fingerprint(repr(entry).encode()),
                lambda: self._article(article_id, entry),
                remote=True,
            )
        if entry.link:
            known = Known(entry.title, entry.date, entry.author)
            return read_page(entry.link, self.tools, known)
        reason = f"{feed}: the entry '{entry.title}' is only a teaser, without a link."
        return Problem(article_id, reason, feed)

    def _article(self, article_id: str, entry: Entry) -> Article:
        """The article of an entry that holds the whole text."""
        page = (
            f"<html><head><title>{html.escape(entry.title)}</title></head>"
            f"<body><article>{entry.html}</article></body></html>"
        )
        name = shown(entry.link) or f"{shown(self.declaration.url)}: '{entry.title}'"
        raw = Raw(page.encode(), Format.HTML, article_id, name, url=entry.link, charset="utf-8")
        article = read_untrusted(raw, self.tools.sandbox)
        return replace(
            article,
            title=entry.title or article.title,
            url=entry.link or article.url,
            date=entry.date or article.date,
            author=entry.author or article.author,
        )
