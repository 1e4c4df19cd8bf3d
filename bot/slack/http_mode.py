"""HTTP mode: Slack sends signed requests, through a proxy that speaks TLS."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Self

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import SettingsError
from bot.settings import Settings
from bot.slack.access import bot_token, credentials, sign_in, signing_secret, web_client
from bot.slack.installations import Installations
from bot.slack.signing import signed_only
from bot.slack.workspaces import app_of_many, app_of_one

PATH = "/slack/events"
SHUTDOWN_SECONDS = 3.0
"""How long requests that were begun may take to end: Slack waits no longer for an answer."""

log = logging.getLogger(__name__)


class HttpMode:
    """A server for one workspace, or for all that have installed the app.

    Args:
        settings: the address of Slack's Web API.
        app: what events arrive at.
        secret: what Slack signs its requests with.
        bound: the port, on which nobody listens yet.
        installations: closed in the end, if there are any.
    """

    def __init__(
        self,
        settings: Settings,
        app: AsyncApp,
        secret: str,
        bound: socket.socket,
        installations: Installations | None = None,
    ) -> None:
        self._settings = settings
        self.app = app
        self._secret = secret
        self._socket = bound
        self._installations = installations

    @classmethod
    async def prepared(cls, settings: Settings) -> Self:
        """Sign in or open the installations, and take the port.

        Raises:
            SettingsError: a secret or token is missing, Slack refuses the token, or the port
                can't be had.
            StorageError: the installations cannot be opened.
        """
        secret, several = signing_secret(settings), credentials(settings)
        if several is None:
            token = bot_token(settings)
            bot = await sign_in(web_client(settings, token))
            return cls(settings, app_of_one(settings, bot, token), secret, bind(settings))
        with ExitStack() as undone:
            installations = Installations.open(
                settings.data_dir, several.client_id, settings.database
            )
            undone.callback(installations.close)
            app = app_of_many(settings, several, installations)
            door = cls(settings, app, secret, bind(settings), installations)
            undone.pop_all()
        return door

    async def client(self, team: str) -> AsyncWebClient | None:
        """What speaks in a workspace; ``None`` if the app isn't installed there any more."""
        if self._installations is None:
            return web_client(self._settings, bot_token(self._settings))
        bot = await self._installations.async_find_bot(enterprise_id=None, team_id=team)
        return web_client(self._settings, bot.bot_token) if bot else None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Listen while a block runs; what was begun then may end."""
        application = self.app.web_app(PATH)
        application.middlewares.append(signed_only(self._secret))
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        try:
            await runner.setup()
            await web.SockSite(runner, self._socket).start()
            host, port, *_ = self._socket.getsockname()
            log.info("Listening for Slack at http://%s:%d%s", host, port, PATH)
            yield
        finally:
            await runner.cleanup()
            self._socket.close()
            if self._installations is not None:
                self._installations.close()


def bind(settings: Settings) -> socket.socket:
    """Take the port that Slack's requests come to.

    Raises:
        SettingsError: somebody else has it, or it isn't this machine's.
    """
    host, port = settings.slack_host, settings.slack_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"{host}:{port} cannot be listened on ({error.strerror or error}): stop what uses it, "
            "or set EXPLAINER_SLACK_HOST and EXPLAINER_SLACK_PORT to an address of this machine."
        ) from None
