"""Socket Mode: the bot opens a connection to Slack, and events come down it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.access import read_tokens, sign_in, socket_address, web_client
from bot.slack.workspaces import app_of_one


class SocketMode:
    """A connection for one workspace.

    Args:
        app: what events arrive at.
        client: speaks in the workspace.
        app_token: for which new addresses are given out.
        address: where the socket is to be opened first.
    """

    def __init__(self, app: AsyncApp, client: AsyncWebClient, app_token: str, address: str) -> None:
        self.app = app
        self._client = client
        self._handler = AsyncSocketModeHandler(app, app_token)
        self._handler.client.wss_uri = address

    @classmethod
    async def prepared(cls, settings: Settings) -> Self:
        """Sign in, waiting for as long as Slack can't be reached.

        Raises:
            SettingsError: a token is missing, or Slack refuses it.
        """
        tokens = read_tokens(settings)
        client = web_client(settings, tokens.bot)
        bot = await sign_in(client)
        address = await socket_address(client, tokens.app)
        return cls(app_of_one(settings, bot, tokens.bot), client, tokens.app, address)

    async def client(self, team: str) -> AsyncWebClient | None:  # noqa: ARG002 - there is one only
        """What speaks in a workspace."""
        return self._client

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Let events come down the socket while a block runs."""
        try:
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
            yield
        finally:
            await self._handler.close_async()  # type: ignore[no-untyped-call]
