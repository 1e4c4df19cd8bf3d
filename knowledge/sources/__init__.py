"""Where articles come from."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import SourceError
from knowledge.sources.declaring import Declaration, Kind
from knowledge.sources.documents import Document, Problem, Source
from knowledge.sources.folder import FolderSource
from knowledge.sources.jsonl import JsonLinesSource
from knowledge.sources.tools import Tools

__all__ = ["Declaration", "Document", "Kind", "Problem", "Source", "Tools", "open_source"]


def open_source(declaration: Declaration, tools: Tools) -> Source:
    """Make the source that is declared; nothing on the web is asked for yet.

    Args:
        declaration: what the source is.
        tools: what it is read with.

    Raises:
        SourceError: it is a path that leads nowhere.
    """
    if declaration.remote:
        return _on_the_web(declaration, tools)
    path = Path(declaration.location).expanduser()
    if not path.exists():
        raise SourceError(f"{path}: there is no such folder or file.")
    if declaration.kind is Kind.CORPUS:
        return JsonLinesSource(path)
    if declaration.kind is Kind.GIT:
        from knowledge.sources.git import GitSource

        return GitSource(declaration, tools)
    return FolderSource(path, tools.sandbox, declaration.include, declaration.exclude)


def _on_the_web(declaration: Declaration, tools: Tools) -> Source:
    """A source on the web; their parsers take long to import, and most bots need few of them."""
    match declaration.kind:
        case Kind.FEED:
            from knowledge.sources.feed import FeedSource

            return FeedSource(declaration, tools)
        case Kind.SITEMAP:
            from knowledge.sources.sitemap import SitemapSource

            return SitemapSource(declaration, tools)
        case Kind.LISTING:
            from knowledge.sources.listing import ListingSource

            return ListingSource(declaration, tools)
        case _:
            from knowledge.sources.page import PageSource

            return PageSource(declaration, tools)
