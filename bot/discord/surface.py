"""The Discord surface."""

from __future__ import annotations

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.core.errors import ExplainerError, SettingsError
from bot.core.reply import Responder
from bot.discord.client import ExplainerClient
from bot.settings import Settings

_AUTHENTICATION_FAILED = 4004


class DiscordSurface:
    """Discord, as one process serves it.

    Args:
        responder: the core.
        settings: the token, the intent and, for tests and proxies, other endpoints.
        edit_interval: the least time between two edits that show progress, in seconds.
    """

    name = "discord"

    def __init__(
        self, responder: Responder, settings: Settings, edit_interval: float = 1.2
    ) -> None:
        self._responder, self._settings = responder, settings
        self._edit_interval = edit_interval

    async def run(self) -> None:
        """Serve until cancelled, then close the connection.

        Raises:
            SettingsError: there is no token, or Discord refuses it or the intent.
            ExplainerError: Discord cannot be reached, or ends the connection for good.
        """
        token = self._settings.discord_token
        if token is None:
            raise SettingsError("EXPLAINER_DISCORD_TOKEN is not set: copy the bot's token there.")
        _point_elsewhere(self._settings)
        client = ExplainerClient(
            self._responder, self._settings.discord_message_content, self._edit_interval
        )
        try:
            async with client:
                await client.start(token.get_secret_value())
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # Without its cause, whose request carries the token.
            raise _told(error) from None


def _point_elsewhere(settings: Settings) -> None:
    """Use other endpoints. discord.py keeps them in classes: this holds for the process."""
    if settings.discord_api_base:
        Route.BASE = settings.discord_api_base.rstrip("/")
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


def _told(error: Exception) -> ExplainerError:
    refused = isinstance(error, discord.ConnectionClosed) and error.code == _AUTHENTICATION_FAILED
    if refused or isinstance(error, discord.LoginFailure):
        return SettingsError(
            "Discord refuses EXPLAINER_DISCORD_TOKEN: reset the token on the Bot page of the "
            "developer portal and copy the new one."
        )
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return SettingsError(
            "Discord refuses the message-content intent: turn it on on the Bot page of the "
            "developer portal, or set EXPLAINER_DISCORD_MESSAGE_CONTENT=false."
        )
    if isinstance(error, discord.ConnectionClosed):
        return ExplainerError(f"Discord ended the connection for good (code {error.code}).")
    reason = f" ({error.status})" if isinstance(error, discord.HTTPException) else ""
    return ExplainerError(
        f"Discord cannot be reached{reason}: check the network and discordstatus.com."
    )
