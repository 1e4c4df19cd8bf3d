"""The Discord surface."""

from __future__ import annotations

import asyncio
import logging
from itertools import chain, repeat

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.core.errors import ExplainerError, SettingsError
from bot.core.reply import Reply, Responder
from bot.core.request import Request
from bot.core.surface import GRACE
from bot.discord.client import ExplainerClient
from bot.discord.delivery import PLATFORM_ERRORS, one_line
from bot.settings import Settings

# What to do about the codes with which Discord ends a connection for good.
_REFUSALS = {
    4004: "Discord refuses EXPLAINER_DISCORD_TOKEN: reset the token on the Bot page of the "
    "developer portal and copy the new one.",
    4010: "Discord knows no such shards: correct EXPLAINER_DISCORD_SHARDS, or leave it empty.",
    4011: "The bot is on too many servers for so few shards: raise the number behind the slash in "
    "EXPLAINER_DISCORD_SHARDS, or leave it empty. `explainer doctor` tells how many are needed.",
    4012: "Discord no longer speaks with this version of discord.py: install a newer one.",
    4013: "Discord does not know the intents that the bot asks for: install a newer discord.py.",
    4014: "Discord refuses the message-content intent: turn it on on the Bot page of the "
    "developer portal, or set EXPLAINER_DISCORD_MESSAGE_CONTENT=false.",
}
_TOKEN_REFUSED = 4004
# Seconds between attempts to sign in; the last one is repeated.
_PAUSES = (1, 2, 5, 10, 30, 60)

_log = logging.getLogger(__name__)


class DiscordSurface:
    """Discord, as one process serves it.

    Args:
        responder: the core.
        settings: the token, the intent, the shards and, for tests and proxies, other endpoints.
        edit_interval: the least time between two edits that show progress, in seconds.
        grace: how long replies may take to end when the bot is told to stop, in seconds.
    """

    name = "discord"

    def __init__(
        self,
        responder: Responder,
        settings: Settings,
        edit_interval: float = 1.2,
        grace: float = GRACE,
    ) -> None:
        self._responder, self._settings = responder, settings
        self._edit_interval, self._grace = edit_interval, grace
        self._client: ExplainerClient | None = None

    @property
    def connected(self) -> bool:
        """Whether it is signed in, and can post."""
        return self._client is not None and self._client.user is not None

    async def resume(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> None:
        """Show a reply that another process left."""
        if self._client is not None:
            await self._client.resume(request, reply, posts)

    async def run(self) -> None:
        """Serve until cancelled, then close the connection.

        While Discord cannot be reached it is tried again and again.

        Raises:
            SettingsError: there is no token, or Discord refuses it, the intent or the shards.
            ExplainerError: Discord ends the connection for good.
        """
        token = self._settings.discord_token
        if token is None:
            raise SettingsError("EXPLAINER_DISCORD_TOKEN is not set: copy the bot's token there.")
        point_elsewhere(self._settings)
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                await self._serve(token.get_secret_value())
                return
            except discord.ClientException as error:
                # Without its cause, whose request carries the token.
                raise told(error) from None
            except PLATFORM_ERRORS as error:
                _log.warning("Discord cannot be reached: %s", one_line(error))
            await asyncio.sleep(pause)

    async def _serve(self, token: str) -> None:
        client = ExplainerClient(
            self._responder,
            self._settings.discord_message_content,
            self._edit_interval,
            self._settings.discord_shards,
            grace=self._grace,
        )
        self._client = client
        try:
            async with client:
                await client.start(token)
        finally:
            self._client = None


def point_elsewhere(settings: Settings) -> None:
    """Use other endpoints. discord.py keeps them in classes: this holds for the process."""
    if settings.discord_api_base:
        Route.BASE = settings.discord_api_base.rstrip("/")
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


def told(error: discord.ClientException) -> ExplainerError:
    """What Discord refuses, and what to do about it."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure):
        code = _TOKEN_REFUSED
    if refusal := _REFUSALS.get(code or 0):
        return SettingsError(refusal)
    return ExplainerError(f"Discord ended the connection for good: {one_line(error)}.")
