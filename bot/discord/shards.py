"""Staying connected: each shard comes back by itself, and sessions start no faster than allowed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import chain, repeat
from time import monotonic
from typing import Any, NoReturn

import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.discord.delivery import PLATFORM_ERRORS, one_line
from bot.settings import ShardRange

HEARTBEAT_TIMEOUT = 60.0
"""Seconds without a word from Discord after which a connection is given up."""
_CONNECT_WITHIN = 60.0
# Seconds before the next connection, by how many ended in a row before they were settled.
_PAUSES = (0, 1, 2, 5, 10, 30, 60, 120)
_SETTLED = 60.0
# So many attempts to resume a session without any success end it.
_RESUMES = 8
# Discord lets one session start in five seconds.
_BETWEEN_STARTS = 5.0

_log = logging.getLogger(__name__)


class ShardedClient(discord.AutoShardedClient):
    """A client that keeps each of its shards connected.

    discord.py would give a session up, and what was said meanwhile, when the first attempt to
    come back fails; would let shards wait for each other; and would start sessions without end
    where each fails at once, until Discord takes the token away. So that loop is our own.

    Args:
        shards: which shards; all that Discord recommends if nobody says.
        intents: what events to ask for.
        options: of discord.py's client.
    """

    def __init__(
        self, shards: ShardRange | None, *, intents: discord.Intents, **options: Any
    ) -> None:
        super().__init__(intents=intents, heartbeat_timeout=HEARTBEAT_TIMEOUT, **options)
        self._range = shards

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - always
        """Serve all shards until cancelled.

        Raises:
            ConnectionClosed: Discord ends a connection for good.
            PLATFORM_ERRORS: Discord could not be asked how many shards it recommends.
        """
        recommended, *_ = await self.http.get_bot_gateway()
        shards = self._range or ShardRange(0, recommended - 1, recommended)
        numbers = range(shards.first, shards.last + 1)
        self.shard_count = self._connection.shard_count = shards.total
        self._connection.shard_ids = numbers
        starts = _Starts(self)
        try:
            async with asyncio.TaskGroup() as group:
                for number in numbers:
                    group.create_task(_Shard(self, number, starts).stay())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Nothing: a shard waits for its turn before it connects."""


class _Starts:
    """Lets one session start after the other, and only as many as Discord allows in a day."""

    def __init__(self, client: ShardedClient) -> None:
        self._client, self._lock, self._next = client, asyncio.Lock(), 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until a session may start, which happens inside."""
        async with self._lock:
            await asyncio.sleep(max(0.0, self._next - monotonic()))
            await self._allowed()
            try:
                yield
            finally:
                self._next = monotonic() + _BETWEEN_STARTS

    async def _allowed(self) -> None:
        try:
            limits = await self._client.fetch_session_start_limits()
        except PLATFORM_ERRORS:
            return  # The gateway will tell.
        if limits.remaining < 1:
            seconds = limits.reset_after / 1000
            _log.warning("Discord lets no session start for %.0f minutes", seconds / 60)
            await asyncio.sleep(seconds)


class _Shard:
    """One shard, over as many connections as it takes."""

    def __init__(self, client: ShardedClient, number: int, starts: _Starts) -> None:
        self._client, self._number, self._starts = client, number, starts
        self._latest: DiscordWebSocket | None = None
        self._resumes = 0

    async def stay(self) -> NoReturn:
        """Connect, and come back after whatever ends a connection but Discord's last word."""
        pauses = _pauses()
        while True:
            begun = monotonic()
            try:
                await self._listen()
            except ReconnectWebSocket:
                pass
            except discord.ConnectionClosed:
                raise
            except PLATFORM_ERRORS as error:
                _log.warning("Discord's gateway cannot be reached: %s", one_line(error))
            if monotonic() - begun > _SETTLED:
                pauses = _pauses()
            await asyncio.sleep(next(pauses))

    async def _listen(self) -> NoReturn:
        socket = self._latest = await self._connection()
        sequence, code = socket.sequence, 4000
        try:
            while True:
                await socket.poll_event()
                if socket.sequence != sequence:
                    self._resumes = 0
        except asyncio.CancelledError:
            code = 1000  # Ends the session, too.
            raise
        finally:
            await socket.close(code=code)

    async def _connection(self) -> DiscordWebSocket:
        """Resume the session if there is one, or start another."""
        latest = self._latest
        if latest is None or latest.session_id is None or self._resumes >= _RESUMES:
            self._latest, self._resumes = None, 0
            async with self._starts.turn(), asyncio.timeout(_CONNECT_WITHIN):
                return await DiscordWebSocket.from_client(self._client, shard_id=self._number)
        self._resumes += 1
        async with asyncio.timeout(_CONNECT_WITHIN):
            return await DiscordWebSocket.from_client(
                self._client,
                shard_id=self._number,
                gateway=latest.gateway,
                session=latest.session_id,
                sequence=latest.sequence,
                resume=True,
            )


def _pauses() -> Iterator[float]:
    return chain(_PAUSES, repeat(_PAUSES[-1]))
