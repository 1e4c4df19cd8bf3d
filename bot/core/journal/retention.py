"""How long what people said is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, true

from bot.core.journal.schema import answers, counts, posts, ratings, tickets
from bot.core.journal.store import Store


class RetentionStore(Store):
    """Deletes what was kept for long enough. Every method is blocking."""

    def purge(self, days: int) -> None:
        """Delete what is older: answers, ratings, where they stood, and finished tickets.

        Args:
            days: how long they are kept; 0 for ever. Counts go as soon as they no longer count.
        """
        with self._writing() as connection:
            connection.execute(delete(counts).where(counts.c.expires < self._clock()))
            if days <= 0:
                return
            limit = self.now() - timedelta(days=days)
            old = answers.c.created < limit
            connection.execute(
                delete(ratings).where(ratings.c.answer_id.in_(select(answers.c.id).where(old)))
            )
            connection.execute(
                delete(posts).where(posts.c.key.in_(select(answers.c.key).where(old)))
            )
            connection.execute(delete(answers).where(old))
            finished = (tickets.c.done == true()) & (tickets.c.created < limit.timestamp())
            connection.execute(delete(tickets).where(finished))
