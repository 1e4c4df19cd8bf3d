"""Tickets: whose it is to answer what somebody said."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from bot.core.journal.schema import posts, tickets
from bot.core.journal.store import Store

LEASE_SECONDS = 120.0
"""Longer than any answer takes; after it, what a crash left unfinished is answered anew."""


class TicketStore(Store):
    """Takes and finishes tickets. Every method is blocking."""

    def take_ticket(self, key: str) -> bool:
        """Take the ticket for what somebody said.

        Returns:
            Whether it is ours to answer: nobody did, and nobody is doing so right now.
        """
        now = self._clock()
        fresh = {"key": key, "leased_until": now + LEASE_SECONDS, "done": False}
        with self._writing() as connection:
            made = connection.execute(
                insert(tickets).prefix_with("OR IGNORE").values(fresh)
            ).rowcount
            if made:
                return True
            expired = (
                update(tickets)
                .where(
                    tickets.c.key == key,
                    tickets.c.done.is_(False),
                    tickets.c.leased_until < now,
                )
                .values(leased_until=now + LEASE_SECONDS)
            )
            return connection.execute(expired).rowcount > 0

    def finish_ticket(self, key: str) -> None:
        """Mark what somebody said as answered for good."""
        with self._writing() as connection:
            connection.execute(update(tickets).where(tickets.c.key == key).values(done=True))

    def drop_ticket(self, key: str) -> None:
        """Let what was tried in vain be tried again."""
        with self._writing() as connection:
            connection.execute(delete(tickets).where(tickets.c.key == key))

    def keep_posts(self, key: str, message_ids: Sequence[str]) -> None:
        """Write down which messages show the answer to what somebody said."""
        rows = [
            {"key": key, "number": number, "message_id": id_}
            for number, id_ in enumerate(message_ids)
        ]
        with self._writing() as connection:
            connection.execute(delete(posts).where(posts.c.key == key))
            if rows:
                connection.execute(insert(posts), rows)

    def posts_of(self, key: str) -> tuple[str, ...]:
        """The ids of the messages that show the answer to what somebody said."""
        chosen = select(posts.c.message_id).where(posts.c.key == key).order_by(posts.c.number)
        with self._reading() as connection:
            return tuple(connection.execute(chosen).scalars())
