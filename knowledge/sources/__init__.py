"""Where articles come from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from knowledge.errors import SourceError
from knowledge.sources.documents import Document, Problem, Source
from knowledge.sources.folder import FolderSource
from knowledge.sources.jsonl import JsonLinesSource

__all__ = ["Document", "Problem", "Source", "open_sources"]


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
    return JsonLinesSource(path) if path.suffix == ".jsonl" else FolderSource(path)
