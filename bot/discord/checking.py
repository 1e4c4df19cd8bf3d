"""What the doctor wants to know about Discord."""

from __future__ import annotations

import asyncio

import discord

from bot.core.errors import ExplainerError, SettingsError
from bot.discord.delivery import PLATFORM_ERRORS, one_line
from bot.discord.surface import point_elsewhere, told
from bot.settings import Settings


def check(settings: Settings) -> str:
    """Sign in over HTTP, without connecting.

    Returns:
        As whom the bot would speak.

    Raises:
        SettingsError: the token or the intent is refused; says what to do.
        ExplainerError: Discord cannot be reached.
    """
    return asyncio.run(_check(settings))


async def _check(settings: Settings) -> str:
    point_elsewhere(settings)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            application = await client.application_info()
        except discord.ClientException as error:
            raise told(error) from None
        except PLATFORM_ERRORS as error:
            raise ExplainerError(f"Discord cannot be reached: {one_line(error)}.") from None
        flags = application.flags
        allowed = flags.gateway_message_content or flags.gateway_message_content_limited
        if settings.discord_message_content and not allowed:
            raise SettingsError(
                "EXPLAINER_DISCORD_MESSAGE_CONTENT is true, but the intent is off: turn it on on "
                "the Bot page of the developer portal."
            )
        return f"signed in as {client.user}"
