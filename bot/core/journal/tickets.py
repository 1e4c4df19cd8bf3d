"""Tickets: whose it is to answer what somebody said."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, delete, false, insert, select, update

from bot.core.journal.schema import posts, tickets
from bot.core.journal.store import Store
from bot.core.request import Request

LEASE_SECONDS = 30.0
"""How long a process may say nothing before others answer what it left."""

RENEW_SECONDS = 3.0
"""How often a process says that it is still at work."""

ATTEMPTS = 4
"""How often an answer is tried before nobody tries again."""

ANSWERED_WITHIN = timedelta(hours=1)
"""After that, an answer comes too late to be of use."""

_AT_ONCE = 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Abandoned:
    """A ticket that was left by a process that died, or that could not post.

    Args:
        request: what is to be answered.
        posts: the ids of the messages in which an answer was begun, as far as they are known.
    """

    request: Request
    posts: tuple[str, ...]


class TicketStore(Store):
    """Takes and finishes tickets. Every method is blocking."""

    def take_ticket(self, key: str, request: Request | None = None) -> bool:
        """Take the ticket for what somebody said.

        Args:
            key: what was said, or the press of a button that counts once.
            request: what is to be answered, so that another process can do it if this one dies.

        Returns:
            Whether it is ours to answer: nobody did, and nobody is doing so right now.
        """
        now = self._clock()
        new = self._database.insert(tickets).values(self._fresh(key, request, now))
        mine = new.on_conflict_do_update(
            index_elements=["key"],
            set_={"leased_until": now + LEASE_SECONDS, "attempts": tickets.c.attempts + 1},
            where=(tickets.c.done == false()) & (tickets.c.leased_until < now),
        )
        with self._writing() as connection:
            return connection.execute(mine.returning(tickets.c.key)).first() is not None

    def renew_tickets(self, keys: Collection[str]) -> list[str]:
        """Say that tickets are still being worked on.

        Returns:
            The names of the replies among them that who asked wants to end now.
        """
        alive = (
            update(tickets)
            .where(tickets.c.key.in_(keys), tickets.c.done == false())
            .values(leased_until=self._clock() + LEASE_SECONDS)
            .returning(tickets.c.name, tickets.c.stopped)
        )
        with self._writing() as connection:
            return [row.name for row in connection.execute(alive) if row.stopped and row.name]

    def hand_over(self, keys: Collection[str]) -> None:
        """Let any process go on at once with what this one leaves."""
        with self._writing() as connection:
            connection.execute(
                update(tickets)
                .where(tickets.c.key.in_(keys), tickets.c.done == false())
                .values(leased_until=0.0)
            )

    def take_abandoned(self, platforms: Collection[str]) -> list[Abandoned]:
        """Take tickets whose lease is over; those that nobody can answer any more are closed.

        Args:
            platforms: those on which this process can post.
        """
        now = self._clock()
        over = (
            select(tickets.c.key)
            .where(
                tickets.c.done == false(),
                tickets.c.leased_until < now,
                tickets.c.platform.in_(platforms),
            )
            .order_by(tickets.c.created)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(tickets)
            .where(tickets.c.key.in_(over.scalar_subquery()))
            .values(leased_until=now + LEASE_SECONDS, attempts=tickets.c.attempts + 1)
            .returning(tickets)
        )
        with self._writing() as connection:
            rows = connection.execute(taken).all()
        too_old = now - ANSWERED_WITHIN.total_seconds()
        late = [row for row in rows if row.attempts > ATTEMPTS or row.created < too_old]
        for row in late:
            _log.error("%s is given up after %d attempts.", row.key, row.attempts - 1)
            self.finish_ticket(row.key)
        return [
            Abandoned(request, self.posts_of(row.key))
            for row in rows
            if row not in late and (request := self._request(row))
        ]

    def stop_reply(self, name: str, asker: str) -> None:
        """Note that who asked wants a reply to end, whichever process works on it."""
        with self._writing() as connection:
            connection.execute(
                update(tickets)
                .where(tickets.c.name == name, tickets.c.asker == self.person(asker))
                .values(stopped=True)
            )

    def finish_ticket(self, key: str) -> None:
        """Mark what somebody said as answered for good; whose words it was is no longer needed."""
        with self._writing() as connection:
            connection.execute(
                update(tickets)
                .where(tickets.c.key == key)
                .values(done=True, request=None, asker=None)
            )

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

    def _fresh(self, key: str, request: Request | None, now: float) -> dict[str, Any]:
        row = {
            "key": key,
            "leased_until": now + LEASE_SECONDS,
            "done": False,
            "attempts": 1,
            "created": now,
            "stopped": False,
        }
        if request is None:
            return row
        return row | {
            "name": name_of(key),
            "platform": request.said.place.platform,
            "asker": self.person(request.said.asker),
            "request": request.written(),
        }

    def _request(self, row: Row[Any]) -> Request | None:
        try:
            return Request.read(row.request)
        except ValueError:  # written by another release
            _log.error("%s cannot be answered any more.", row.key)
            self.finish_ticket(row.key)
            return None


def name_of(key: str) -> str:
    """A short name for the reply to something said, which fits into a button."""
    return blake2b(key.encode(), digest_size=9).hexdigest()
