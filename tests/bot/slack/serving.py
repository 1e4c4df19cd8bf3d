"""A surface that serves against the local Slack, and cores that tests can wait for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from bot.core.action import Action
from bot.core.conversation import Utterance
from bot.core.messages.message import Message, Paragraph
from bot.core.reply import Reply
from bot.core.request import Address
from bot.settings import Settings
from bot.slack import SlackSurface
from tests.platforms.slack_server import SlackServer
from tests.scripted_responder import NOWHERE, ScriptedResponder

FOREVER = 3_600.0

Serve = Callable[..., AbstractAsyncContextManager[None]]


def paragraph(text: str, progress: bool = False) -> Message:
    """A message of one paragraph."""
    return Message((Paragraph(text),), progress)


@dataclass
class Listener(ScriptedResponder):
    """A scripted core whose doings can be waited for at the server."""

    notify: Callable[[], None] = lambda: None

    async def hear(self, said: Utterance, address: Address = NOWHERE) -> Reply | None:
        self.notify()
        return await super().hear(said, address)

    async def command(
        self,
        said: Utterance,
        name: str,
        options: Mapping[str, str],
        address: Address = NOWHERE,
    ) -> Reply | None:
        self.notify()
        return await super().command(said, name, options, address)

    async def press(
        self, said: Utterance, action: Action, address: Address = NOWHERE
    ) -> Reply | None:
        self.notify()
        return await super().press(said, action, address)

    async def posted(self, said: Utterance, message_ids: Sequence[str]) -> None:
        await super().posted(said, message_ids)
        self.notify()

    @property
    def words(self) -> list[str]:
        """The texts that were heard."""
        return [said.text for _, said in self.heard]

    @property
    def last(self) -> Utterance:
        """What was heard last."""
        return self.heard[-1][1]


@dataclass
class Live(Listener):
    """A core that says what the test tells it to, when the test tells it."""

    lines: asyncio.Queue[Message | None] = field(default_factory=asyncio.Queue)

    def say(self, *messages: Message | None) -> None:
        """Say these messages; ``None`` ends the reply."""
        for message in messages:
            self.lines.put_nowait(message)

    async def _messages(self) -> AsyncIterator[Message]:
        while (message := await self.lines.get()) is not None:
            self.notify()
            yield message


def settings_for(server: SlackServer, **settings: Any) -> Settings:
    """Settings for a surface in Socket Mode; others are added or take their place."""
    own: dict[str, Any] = {
        "slack_bot_token": SecretStr(server.bot_token),
        "slack_app_token": SecretStr(server.app_token),
        "slack_api_url": server.api_url,
    }
    return Settings(_env_file=None, **(own | settings))


@contextlib.asynccontextmanager
async def serving(
    server: SlackServer, responder: Listener, pause: float = FOREVER, **settings: Any
) -> AsyncIterator[None]:
    """Let a surface serve with a core while a block runs.

    Args:
        server: where to.
        responder: the core.
        pause: seconds between two messages that replace each other.
        settings: what is set otherwise than usual.
    """
    responder.notify = server.notify
    surface = SlackSurface(responder, settings_for(server, **settings), pause, grace=0.0)
    before = server.connections
    running = asyncio.create_task(surface.run())
    await server.connected(before + 1)
    try:
        yield
    finally:
        assert not running.done(), "the surface has stopped serving"
        running.cancel()
        await asyncio.wait((running,))
        assert running.cancelled()
