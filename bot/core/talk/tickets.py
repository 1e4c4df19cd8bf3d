"""The replies that this process is working on, and the tickets that it holds for them."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from bot.core.conversation import Utterance
from bot.core.journal import RENEW_SECONDS, Journal
from bot.core.observer import Observer
from bot.core.request import Request
from knowledge.errors import KnowledgeError

_REMEMBERED = 1000

_log = logging.getLogger(__name__)


@dataclass
class Work:
    """A reply that is being worked on.

    Args:
        kind: what sort of request it answers.
        keys: of the tickets that are held for it: for what was said, and for what may be
            done once only.
        taken: when the ticket was taken, by the monotonic clock.
        acknowledged: when the surface knew that there will be a reply.
        outcome: how it ended, if that is known before it is written down.
    """

    kind: str
    keys: tuple[str, ...]
    taken: float
    acknowledged: float = 0.0
    outcome: str = ""


class Tickets:
    """Takes tickets, says again and again that they are worked on, and finishes them.

    Args:
        journal: where they are kept for all processes.
        stop: ends a reply early, by its name.
        observer: is told how replies end.
    """

    def __init__(self, journal: Journal, stop: Callable[[str], None], observer: Observer) -> None:
        self._journal = journal
        self._stop = stop
        self._observer = observer
        self._works: dict[str, Work] = {}
        self._excused: deque[str] = deque(maxlen=_REMEMBERED)

    def __len__(self) -> int:
        """How many replies are under way."""
        return len(self._works)

    async def take(self, request: Request) -> bool:
        """Take the ticket for what somebody wants.

        Returns:
            Whether it is ours to answer.

        Raises:
            KnowledgeError: nobody can tell; raised once for each request.
        """
        key = request.said.key
        begun = monotonic()
        try:
            mine = await asyncio.to_thread(self._journal.take_ticket, key, request)
        except KnowledgeError:
            if key in self._excused:
                return False
            self._excused.append(key)
            raise
        if mine:
            self.hold(request, begun)
        return mine

    def hold(self, request: Request, begun: float) -> None:
        """Work on something whose ticket was taken.

        Args:
            request: what is answered.
            begun: when it was, by the monotonic clock.
        """
        key = request.said.key
        self._works[key] = Work(request.kind, (key,), begun, monotonic())
        self._observer.working(len(self._works))

    async def take_once(self, said: Utterance, key: str) -> bool:
        """Take the ticket for something that may be done once only.

        Raises:
            KnowledgeError: nobody can tell.
        """
        mine = await asyncio.to_thread(self._journal.take_ticket, key)
        work = self._works.get(said.key)
        if mine and work:
            work.keys = (*work.keys, key)
        return mine

    async def drop_once(self, said: Utterance) -> None:
        """What may be done once failed: let it be tried again."""
        work = self._works.get(said.key)
        dropped = work.keys[1:] if work else ()
        if work:
            work.keys = work.keys[:1]
        for key in dropped:
            await asyncio.to_thread(self._journal.drop_ticket, key)

    def note(self, said: Utterance, outcome: str) -> None:
        """Remember how a reply ended."""
        if work := self._works.get(said.key):
            work.outcome = outcome

    async def done(self, said: Utterance, message_ids: Sequence[str]) -> None:
        """What was said is answered for good.

        Raises:
            KnowledgeError: that can't be written down.
        """
        work = self._works.pop(said.key, None)
        keys = work.keys if work else (said.key,)

        def write() -> str:
            self._journal.keep_posts(said.key, message_ids)
            for key in keys:
                self._journal.finish_ticket(key)
            return self._journal.status_of(said.key) or "said"

        found = await asyncio.to_thread(write)
        self._observer.working(len(self._works))
        if work:
            since = monotonic() - work.taken
            acknowledged = work.acknowledged - work.taken
            self._observer.replied(said, work.kind, work.outcome or found, acknowledged, since)

    def let_go(self, said: Utterance) -> None:
        """The reply could not be posted: whoever finds the ticket expired tries again."""
        work = self._works.pop(said.key, None)
        self._observer.working(len(self._works))
        if work:
            since = monotonic() - work.taken
            self._observer.replied(said, work.kind, "failed", work.acknowledged - work.taken, since)

    async def keep(self) -> None:
        """Say every few seconds that all this is still worked on, until cancelled."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self.renew()

    async def renew(self) -> None:
        """Say that all this is still worked on; end what who asked no longer wants."""
        keys = [key for work in self._works.values() for key in work.keys]
        if not keys:
            return
        try:
            for name in await asyncio.to_thread(self._journal.renew_tickets, keys):
                self._stop(name)
        except KnowledgeError as error:
            _log.error("%s", error)

    async def hand_over(self) -> None:
        """Let other processes go on at once with what is left."""
        keys = [key for work in self._works.values() for key in work.keys]
        self._works.clear()
        if keys:
            try:
                await asyncio.to_thread(self._journal.hand_over, keys)
            except KnowledgeError as error:
                _log.error("%s", error)
