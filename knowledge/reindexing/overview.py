"""The sources as operators see them: when each was read, and what could not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.library import Library, StaleArticle
from knowledge.sources.declaring import Declaration


@dataclass(frozen=True)
class SourceOverview:
    """A source and how reading it went.

    Args:
        name: what people call it.
        location: where it is.
        kind: how it is read.
        trust: whose word counts where the same text has several origins.
        every: seconds after which a running bot reads it again; ``None``: only when told to.
        articles: how many of the published edition come from it.
        repeated: how many of its documents only repeat the text of an article.
        tried: when it was last read.
        read: when it was last read whole.
        problem: why it could not be read as a whole the last time; empty if it could.
        stale: the articles that could not be read again, and serve as they were before.
    """

    name: str
    location: str
    kind: str
    trust: str
    every: float | None
    articles: int
    repeated: int
    tried: datetime | None
    read: datetime | None
    problem: str
    stale: tuple[StaleArticle, ...]


def overview(sources: Sequence[Declaration], library: Library) -> list[SourceOverview]:
    """The declared sources, in their order."""
    published, states = library.published(), library.source_states()
    members = library.members(published.id).values() if published else ()
    found = Counter(member.source for member in members if not member.same_as)
    repeated = Counter(member.source for member in members if member.same_as)
    stale = library.stale_articles()
    return [
        SourceOverview(
            source.name,
            source.location,
            source.kind,
            source.trust,
            source.every.total_seconds() if source.every else None,
            found[source.name],
            repeated[source.name],
            state.tried if (state := states.get(source.name)) else None,
            state.read if state else None,
            state.problem if state else "",
            tuple(article for article in stale if article.source == source.name),
        )
        for source in sources
    ]
