"""A local Discord, a scripted core, and the real client between them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.core.conversation import Utterance
from bot.core.messages.message import Message, Paragraph
from bot.core.reply import Correction, Reply
from bot.core.request import Address
from bot.discord.surface import DiscordSurface
from bot.settings import Settings
from tests.platforms.discord_server import DiscordServer
from tests.scripted_responder import NOWHERE, ScriptedResponder


def says(text: str, progress: bool = False) -> Message:
    """A message of one paragraph."""
    return Message((Paragraph(text),), progress)


@dataclass
class PacedResponder(ScriptedResponder):
    """A scripted core that can be made to wait, and that tests can wait for.

    It remembers which posts show an answer, so that questions can be edited and deleted.

    Args:
        pace: each message, and the end, waits for a step of it; ``None`` for no waiting.
        noticed: called when something was heard or noted, so that ``until`` looks again.
        unasked: whether it answers everything, without having been asked.
        removed: the keys of what was deleted.
    """

    pace: asyncio.Semaphore | None = None
    noticed: Callable[[], None] = lambda: None
    unasked: bool = False
    removed: list[str] = field(default_factory=list)

    async def hear(self, said: Utterance, address: Address = NOWHERE) -> Reply | None:
        reply = await super().hear(said, address)
        self.noticed()
        return Reply(self._messages(), unasked=True) if self.unasked else reply

    async def edited(self, said: Utterance) -> Correction | None:
        correction = await super().edited(said)
        self.noticed()
        return correction

    async def deleted(self, key: str) -> tuple[str, ...]:
        self.removed.append(key)
        self.noticed()
        return await super().deleted(key)

    async def posted(self, said: Utterance, message_ids: Sequence[str]) -> None:
        await super().posted(said, message_ids)
        self.answered[said.key] = tuple(message_ids)
        self.noticed()

    async def _messages(self) -> AsyncIterator[Message]:
        for message in self.script:
            if self.pace is not None:
                await self.pace.acquire()
            yield message
        if self.pace is not None:
            await self.pace.acquire()


@pytest.fixture(autouse=True)
def _endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put discord.py's process-wide endpoints back after each test."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
def log(server: DiscordServer) -> Iterator[list[logging.LogRecord]]:
    """What the bot logs as a warning or worse; ``until`` looks again at each."""
    records: list[logging.LogRecord] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)
            server.notify()

    handler = Noting(logging.WARNING)
    logging.getLogger("bot").addHandler(handler)
    yield records
    logging.getLogger("bot").removeHandler(handler)


@pytest.fixture
def responder(server: DiscordServer) -> PacedResponder:
    return PacedResponder(noticed=server.notify)


def settings_for(server: DiscordServer, **changes: Any) -> Settings:
    """Settings that lead to the local server."""
    given: dict[str, Any] = {
        "_env_file": None,
        "discord_token": server.token,
        "discord_api_base": server.api_base,
        "discord_gateway_url": server.gateway_url,
    }
    return Settings(**(given | changes))


@asynccontextmanager
async def serving(
    server: DiscordServer, responder: ScriptedResponder, interval: float = 0, **changes: Any
) -> AsyncIterator[asyncio.Task[None]]:
    """Run the surface until the block is left."""
    surface = DiscordSurface(
        responder, settings_for(server, **changes), edit_interval=interval, grace=0.0
    )
    task = asyncio.create_task(surface.run())
    task.add_done_callback(lambda _: server.notify())
    try:
        await server.until(lambda: task.done() or server.online)
        if task.done():
            await task
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
async def surface(
    server: DiscordServer, responder: PacedResponder
) -> AsyncIterator[asyncio.Task[None]]:
    """The running surface."""
    async with serving(server, responder) as task:
        yield task
