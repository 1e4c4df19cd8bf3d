"""Slack as a surface, over Socket Mode."""

from __future__ import annotations

import asyncio

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.core.reply import Responder
from bot.settings import Settings
from bot.slack.access import Bot, read_tokens, sign_in, socket_address, web_client
from bot.slack.answering import Desk
from bot.slack.listeners import register


class SlackSurface:
    """Answers in one Slack workspace.

    Args:
        responder: the core, which says what is answered.
        settings: the tokens and the address of Slack's Web API.
        pause: seconds between two progress messages.
    """

    name = "slack"

    def __init__(self, responder: Responder, settings: Settings, pause: float = 1.2) -> None:
        self._responder = responder
        self._settings = settings
        self._pause = pause

    async def run(self) -> None:
        """Serve until cancelled, then close the socket and give up what is under way.

        Raises:
            SettingsError: a token is missing, or Slack refuses it.
        """
        tokens = read_tokens(self._settings)
        client = web_client(self._settings, tokens.bot)
        bot = await sign_in(client)
        address = await socket_address(client, tokens.app)
        async with asyncio.TaskGroup() as work:
            app = self._app(bot)
            register(app, self._responder, bot, Desk(self._responder, client, work, self._pause))
            handler = AsyncSocketModeHandler(app, tokens.app)
            handler.client.wss_uri = address
            try:
                await handler.connect_async()  # type: ignore[no-untyped-call]
                await asyncio.Event().wait()
            finally:
                await handler.close_async()  # type: ignore[no-untyped-call]

    def _app(self, bot: Bot) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id=bot.team, bot_user_id=bot.user, bot_id=bot.id
            )

        # Without an authorization of its own, the app would ask Slack who it is at the first
        # event, before acknowledging it.
        return AsyncApp(
            name="explainer",
            client=web_client(self._settings),
            authorize=authorize,
            attaching_conversation_kwargs_enabled=False,
        )
