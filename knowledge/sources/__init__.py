"""Where articles come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from knowledge.errors import SourceError
from knowledge.sources.declaring import Declaration, Kind
from knowledge.sources.documents import Document, Problem, Source
from knowledge.sources.feed import FeedSource
from knowledge.sources.folder import FolderSource
from knowledge.sources.git import GitSource
from knowledge.sources.jsonl import JsonLinesSource
from knowledge.sources.listing import ListingSource
from knowledge.sources.page import PageSource
from knowledge.sources.sandbox import Sandbox
from knowledge.sources.sitemap import SitemapSource
from knowledge.sources.tools import Tools

__all__ = [
    "Declaration",
    "Document",
    "Kind",
    "Problem",
    "Source",
    "Tools",
    "open_source",
    "open_sources",
]

_ON_THE_WEB: Mapping[Kind, Callable[[Declaration, Tools], Source]] = MappingProxyType(
    {
        Kind.PAGE: PageSource,
        Kind.LISTING: ListingSource,
        Kind.SITEMAP: SitemapSource,
        Kind.FEED: FeedSource,
    }
)


def open_source(declaration: Declaration, tools: Tools) -> Source:
    """Make the source that is declared; nothing on the web is asked for yet.

    Args:
        declaration: what the source is.
        tools: what it is read with.

    Raises:
        SourceError: it is a path that leads nowhere.
    """
    if declaration.kind in _ON_THE_WEB:
        return _ON_THE_WEB[declaration.kind](declaration, tools)
    path = Path(declaration.location).expanduser()
    if not path.exists():
        raise SourceError(f"{path}: there is no such folder or file.")
    if declaration.kind is Kind.GIT:
        return GitSource(declaration, tools)
    if declaration.kind is Kind.CORPUS:
        return JsonLinesSource(path)
    return FolderSource(path, tools.sandbox, declaration.include, declaration.exclude)


def open_sources(names: Iterable[str]) -> tuple[Source, ...]:
    """Make a source of each name: a folder, a file or a ``.jsonl`` corpus.

    Raises:
        SourceError: a name is none of these, or none is given.
    """
    sources = tuple(map(_open, names))
    if not sources:
        raise SourceError("No sources: set EXPLAINER_SOURCES to a folder of articles.")
    return sources


def _open(name: str) -> Source:
    if "://" in name:
        raise SourceError(f"{name}: sources are folders and files; save the page to a folder.")
    path = Path(name).expanduser()
    if not path.exists():
        raise SourceError(f"{path}: there is no such folder or file.")
    return JsonLinesSource(path) if path.suffix == ".jsonl" else FolderSource(path, Sandbox())
