"""Conversations during which the gateway, or the HTTP API, is disturbed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

import discord
import pytest

from bot.core.messages.message import Message
from bot.discord import delivery, shards
from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.platforms.changes import Clock
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_sessions import (
    INVALID,
    INVALID_BUT_RESUMABLE,
    RECONNECT,
    Ending,
    Moment,
)
from tests.platforms.discord_world import Said
from tests.platforms.hurry import Hurry

SILENCE: Ending = -1
"""Not an end: nothing comes any more, no acknowledgement of a heartbeat either."""

RESUMABLE: tuple[Ending, ...] = (
    *(4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 1000, 1001, None),
    RECONNECT,
    INVALID_BUT_RESUMABLE,
)
"""What a session survives; ``None`` is what clients see as 1006."""

SCRIPT = (says("Searching…", progress=True), says("Found."))


_WORDS = tuple(f"word{number}" for number in range(24))
LAST = " ".join(_WORDS)
"""What an answer says in the end that grows."""


class When(StrEnum):
    """At which point of the first question's answer it happens."""

    BEFORE = "before it was heard"
    HEARD = "before anything was said"
    GROWING = "while the answer grows"
    AFTER = "when it was answered"


@dataclass(frozen=True)
class Disturbance:
    """What happens to the gateway.

    Args:
        when: at which point.
        ending: how the connection ends; ``SILENCE`` if it doesn't.
        trips: what happens to the next connections on their way.
    """

    when: When
    ending: Ending
    trips: tuple[tuple[Moment, Ending], ...] = field(default=())

    @property
    def session_lost(self) -> bool:
        """Whether Discord forgets the session."""
        return self.ending == INVALID or (Moment.RESUME, INVALID) in self.trips

    @property
    def identifies(self) -> int:
        """How many sessions have to be started, the first one included."""
        interrupted = sum(moment is Moment.IDENTIFY for moment, _ in self.trips)
        return 1 + self.session_lost + interrupted


def hurry(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Hurry:
    """Let the connection live by the platform's clock."""
    hurry = Hurry(clock)
    monkeypatch.setattr(shards, "asyncio", hurry)
    monkeypatch.setattr(shards, "monotonic", lambda: clock.now)
    return hurry


def retry_at_once(monkeypatch: pytest.MonkeyPatch, server: DiscordServer) -> None:
    """Let discord.py and the bot wait by the platform's clock before they repeat a request."""
    for module in (discord.http, delivery):
        monkeypatch.setattr(module, "asyncio", Hurry(server.clock))
    server.limits.now = lambda: server.clock.now


def growing() -> tuple[Message, ...]:
    """An answer that grows word by word."""
    return tuple(says(" ".join(_WORDS[: count + 1])) for count in range(len(_WORDS)))


async def let_it_grow(responder: PacedResponder, answers: int = 1) -> None:
    """Let every word be seen or skipped, until the answers stand."""
    assert responder.pace is not None
    while len(responder.posts) < answers:
        responder.pace.release()
        await asyncio.sleep(0.001)


async def converse(disturbance: Disturbance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask before, during and after a disturbance.

    Raises:
        AssertionError: a question was not answered, or not once; or sessions were started
            without need, or too soon after each other.
    """
    async with DiscordServer() as server:
        hurry(monkeypatch, server.clock)
        if disturbance.ending == SILENCE:
            monkeypatch.setattr(shards, "HEARTBEAT_TIMEOUT", 1.0)
            server.gateway.heartbeat = 100
        responder = PacedResponder(SCRIPT, noticed=server.notify, pace=asyncio.Semaphore(0))
        async with serving(server, responder):
            asked = await _ask(server, responder, disturbance)
            await server.until(lambda: not server.gateway.trips_left and server.online)
            _let_go(responder)
            asked.append(_say(server))
            await server.until(lambda: len(responder.posts) == len(asked))
        assert [post.reply_to for post in server.posts] == [said.id for said in asked]
        assert {post.text for post in server.posts} == {"Found."}
        assert [said.key for _, said in responder.heard] == [f"discord:{s.id}" for s in asked]
        assert len(server.gateway.identified) == disturbance.identifies
        assert all(pause >= 5 for pause in server.gateway.pauses)


async def _ask(
    server: DiscordServer, responder: PacedResponder, disturbance: Disturbance
) -> list[Said]:
    """Ask a question, and let the disturbance happen at its point of the answer."""
    for trip in disturbance.trips:
        server.gateway.trip(*trip)
    if disturbance.when is When.BEFORE:
        _disturb(server, disturbance)
        return [] if disturbance.session_lost else [_say(server)]
    asked = [_say(server)]
    await server.until(lambda: responder.heard)
    if disturbance.when is When.GROWING:
        _let_go(responder, steps=1)
        await server.reading("Searching…")
    elif disturbance.when is When.AFTER:
        _let_go(responder)
        await server.until(lambda: responder.posts)
    _disturb(server, disturbance)
    return asked if disturbance.session_lost else [*asked, _say(server)]


def _disturb(server: DiscordServer, disturbance: Disturbance) -> None:
    if disturbance.ending == SILENCE:
        server.gateway.fall_silent()
    else:
        server.cut(disturbance.ending)


def _let_go(responder: PacedResponder, steps: int = 100) -> None:
    assert responder.pace is not None
    for _ in range(steps):
        responder.pace.release()


def _say(server: DiscordServer) -> Said:
    return server.say(f"{server.bot.mention} What is attention?")
