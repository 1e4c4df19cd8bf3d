"""Messages that Slack delivers again and again: each is answered once, and none is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from bot.core.conversation import Utterance
from bot.core.journal import LEASE_SECONDS, Journal
from bot.core.messages.message import Message
from bot.core.reply import Reply
from bot.core.request import Address
from tests.bot.slack.serving import Listener, paragraph, serving
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_world import Said
from tests.scripted_responder import NOWHERE

AS_TWO_EVENTS = ("app_mention", "message.channels")
RETRIES = (0, 1)


@dataclass
class Remembering(Listener):
    """A core that keeps tickets in the real journal, as the real core does.

    Args:
        journal: which.
        stuck: whether it takes a ticket and then says nothing any more.
        taken: whose tickets it has taken.
        declined: what was not answered, as the ticket was another's.
    """

    journal: Journal | None = None
    stuck: bool = False
    taken: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)

    async def hear(self, said: Utterance, address: Address = NOWHERE) -> Reply | None:
        self.heard.append(("hear", said))
        return Reply(self._answering(said)) if said.addressed else None

    async def posted(self, said: Utterance, message_ids: Sequence[str]) -> None:
        assert self.journal is not None
        await asyncio.to_thread(self.journal.finish_ticket, said.key)
        await super().posted(said, message_ids)

    @property
    def settled(self) -> int:
        """How many deliveries have found their end."""
        return len(self.posts) + len(self.declined)

    async def _answering(self, said: Utterance) -> AsyncIterator[Message]:
        assert self.journal is not None
        mine = await asyncio.to_thread(self.journal.take_ticket, said.key)
        (self.taken if mine else self.declined).append(said.key)
        self.notify()
        if self.stuck:
            await asyncio.Event().wait()
        if mine:
            yield paragraph(f"To {said.text}")


@dataclass(frozen=True)
class Delivery:
    """One arrival of a message."""

    said: Said
    kind: str
    retry: int

    def arrive(self, server: SlackServer) -> None:
        """Deliver it."""
        server.subscriptions = {self.kind}
        server.deliver(self.said, self.retry)


@contextmanager
def remembering(folder: Path, server: SlackServer) -> Iterator[Remembering]:
    """A core over the journal of a folder, by the server's clock."""
    journal = Journal.open(folder, lambda: server.clock.now)
    try:
        yield Remembering(journal=journal)
    finally:
        journal.close()


def written(server: SlackServer, number: int, random: Random) -> Said:
    """Somebody's message, not delivered yet: in the channel, in a thread, or directly."""
    server.subscriptions = set()
    text = f"{server.bot.mention} number {number}"
    if random.random() < 1 / 4:
        return server.say(text, channel=server.direct(server.ada))
    thread = server.say("Let us talk.") if random.random() < 1 / 2 else None
    return server.say(text, reply_to=thread)


def deliveries(said: Said) -> list[Delivery]:
    """All the times that a message arrives: as both events, and both once more."""
    kinds = ("message.im",) * 2 if said.channel.kind == "im" else AS_TWO_EVENTS
    return [Delivery(said, kind, retry) for kind in kinds for retry in RETRIES]


@pytest.mark.faults(full=500, few=12)
async def test_a_message_is_answered_once_however_often_and_as_what_it_arrives(
    rounds: int, tmp_path: Path
) -> None:
    random = Random(rounds)  # noqa: S311 - no secret
    async with SlackServer() as server:
        said = [written(server, number, random) for number in range(rounds)]
        arrivals = [each for one in said for each in deliveries(one)]
        random.shuffle(arrivals)
        restart = random.randrange(len(arrivals) // 4, 3 * len(arrivals) // 4)
        for part in (arrivals[:restart], arrivals[restart:]):
            with remembering(tmp_path, server) as responder:
                async with serving(server, responder):
                    for arrival in part:
                        arrival.arrive(server)
                    await _settled(server, responder, len(part))
        answers = Counter((post.thread, post.text) for post in server.posts)
    assert answers == Counter(
        (one.thread or one.id, f"To number {n}") for n, one in enumerate(said)
    )


async def _settled(server: SlackServer, responder: Remembering, count: int) -> None:
    """Wait for all of them; progress on the way counts as a sign of life."""
    while (before := responder.settled) < count:
        await server.until(lambda: responder.settled > before)


@pytest.mark.faults(full=50, few=2)
async def test_what_a_crash_left_unanswered_is_answered_by_a_retry(
    seed: int, tmp_path: Path
) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    async with SlackServer() as server:
        said = written(server, seed, random)
        first, *others = random.sample(deliveries(said), 4)
        with remembering(tmp_path, server) as responder:
            responder.stuck = True
            async with serving(server, responder):
                first.arrive(server)
                await server.until(lambda: responder.taken)
        server.clock.advance(LEASE_SECONDS + 1)
        with remembering(tmp_path, server) as responder:
            async with serving(server, responder):
                for arrival in others:
                    arrival.arrive(server)
                await _settled(server, responder, len(others))
        assert [post.text for post in server.posts] == [f"To number {seed}"]
