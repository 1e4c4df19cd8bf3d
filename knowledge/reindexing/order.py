"""What a reindex is asked to do, what it works with, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.editions import Editions
from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.reindexing.diff import Diff
from knowledge.sources import Tools


@dataclass(frozen=True)
class Order:
    """What is asked of a reindex.

    Args:
        who: who asks, as ``editions`` lists it.
        why: what for.
        dry_run: only say what would change.
        force: publish even if many articles are lost, a page turned into another article,
            nothing changed, or the published edition is pinned.
        only: names of the sources to read; empty: all.
    """

    who: str = "terminal"
    why: str = "reindex"
    dry_run: bool = False
    force: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a reindex did, or would do.

    Args:
        diff: the articles.
        problems: what could not be read, one line each.
        embedded: how many passages were embedded.
        seconds: how long it took.
        edition: the edition that serves now; ``None`` if there is none.
        published: whether a new edition was published.
        dry_run: whether it only tells what would change.
    """

    diff: Diff
    problems: tuple[str, ...]
    embedded: int
    seconds: float
    edition: int | None
    published: bool
    dry_run: bool = False


@dataclass(frozen=True)
class Parts:
    """What a reindex works with.

    Args:
        data_dir: the data directory.
        library: the library in it.
        editions: the search indexes in it.
        embedder: embeds what is new.
        tools: what sources read with.
    """

    data_dir: Path
    library: Library
    editions: Editions
    embedder: Embedder
    tools: Tools
