"""How reading the sources went: which were read, and which articles could not be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from knowledge.database import Store
from knowledge.library.records import SourceState, StaleArticle, to_time
from knowledge.library.schema import sources, stale


class SourceStore(Store):
    """The part of the library that remembers how its sources were read."""

    def source_states(self) -> dict[str, SourceState]:
        """How reading each source went the last time, by their names."""
        with self._reading() as connection:
            return {
                row.name: SourceState(
                    row.name, to_time(row.tried) or row.tried, to_time(row.read), row.problem
                )
                for row in connection.execute(select(sources))
            }

    def stale_articles(self) -> list[StaleArticle]:
        """The articles that could not be read again, by source."""
        chosen = select(stale).order_by(stale.c.source, stale.c.article_id)
        with self._reading() as connection:
            return [
                StaleArticle(
                    row.source,
                    row.article_id,
                    row.origin,
                    row.reason,
                    to_time(row.since) or row.since,
                )
                for row in connection.execute(chosen)
            ]

    def note_sources(
        self,
        states: Iterable[SourceState],
        articles: Iterable[StaleArticle],
        declared: Collection[str],
    ) -> None:
        """Remember how reading went.

        Args:
            states: of the sources that were read.
            articles: those of them that could not be read.
            declared: the names of all sources; what is known of others is forgotten.
        """
        read = {state.name: state for state in states}
        with self._writing() as connection:
            for table, column in ((sources, sources.c.name), (stale, stale.c.source)):
                gone = column.in_(read) | column.not_in(declared)
                connection.execute(delete(table).where(gone))
            if read:
                connection.execute(insert(sources), [asdict(state) for state in read.values()])
            if rows := [asdict(article) for article in articles]:
                connection.execute(insert(stale), rows)
