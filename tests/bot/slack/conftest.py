"""A surface that serves against the local Slack, without waiting for anything."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator

from bot.core.conversation import Utterance
from bot.core.message import Message, Paragraph
from bot.core.reply import Reply
from bot.settings import Settings
from bot.slack import SlackSurface, access
from tests.platforms.slack_server import SlackServer
from tests.scripted_responder import ScriptedResponder

FOREVER = 3_600.0

Serve = Callable[..., AbstractAsyncContextManager[None]]


def paragraph(text: str, progress: bool = False) -> Message:
    """A message of one paragraph."""
    return Message((Paragraph(text),), progress)


@dataclass
class Listener(ScriptedResponder):
    """A scripted core whose doings can be waited for at the server."""

    notify: Callable[[], None] = lambda: None

    def hear(self, said: Utterance) -> Reply | None:
        self.notify()
        return super().hear(said)

    async def posted(self, said: Utterance, message_id: str) -> None:
        await super().posted(said, message_id)
        self.notify()

    @property
    def words(self) -> list[str]:
        """The texts that were heard."""
        return [said.text for _, said in self.heard]


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


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(access, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(random, "random", lambda: 0.0)
    monkeypatch.setattr(
        BackoffRetryIntervalCalculator, "calculate_sleep_duration", lambda self, attempt: 0.0
    )


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def settings(server: SlackServer) -> Settings:
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(server.bot_token),
        slack_app_token=SecretStr(server.app_token),
        slack_api_url=server.api_url,
    )


@pytest.fixture
def serve(server: SlackServer, settings: Settings) -> Serve:
    """Let a surface serve with a core while a block runs."""

    @contextlib.asynccontextmanager
    async def serving(responder: Listener, pause: float = FOREVER) -> AsyncIterator[None]:
        responder.notify = server.notify
        surface = SlackSurface(responder, settings, pause)
        running = asyncio.create_task(surface.run())
        await server.connected()
        try:
            yield
        finally:
            assert not running.done(), "the surface has stopped serving"
            running.cancel()
            await asyncio.wait((running,))
            assert running.cancelled()

    return serving
