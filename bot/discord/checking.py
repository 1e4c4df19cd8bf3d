"""What the doctor wants to know about Discord."""

from __future__ import annotations

import asyncio

import discord

from bot.core.errors import ExplainerError, SettingsError
from bot.discord.delivery import PLATFORM_ERRORS, one_line
from bot.discord.surface import point_elsewhere, told
from bot.settings import Settings, ShardRange

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
)
"""All that the bot has to be allowed on a server."""


def check(settings: Settings) -> str:
    """Sign in over HTTP, without connecting.

    Returns:
        A line each: as whom the bot speaks, what it is shown of messages, which shards it serves,
        and the address where it is invited.

    Raises:
        SettingsError: the token, the intent or the shards are wrong; says what to do.
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
            recommended, _, starts = await client.http.get_bot_gateway()
        except discord.ClientException as error:
            raise told(error) from None
        except PLATFORM_ERRORS as error:
            raise ExplainerError(f"Discord cannot be reached: {one_line(error)}.") from None
        return "\n   ".join(
            (
                f"signed in as {client.user}; {starts['remaining']:,} sessions may start today",
                _content(settings.discord_message_content, application.flags),
                _shards(settings.discord_shards, recommended),
                f"invite it with {_invitation(application.id)}",
            )
        )


def _content(wanted: bool, flags: discord.ApplicationFlags) -> str:
    allowed = flags.gateway_message_content or flags.gateway_message_content_limited
    if wanted and not allowed:
        raise SettingsError(
            "EXPLAINER_DISCORD_MESSAGE_CONTENT is true, but the intent is off: turn it on on "
            "the Bot page of the developer portal."
        )
    if wanted:
        return "is shown what is written in its channels"
    return "is shown only what is said to it (EXPLAINER_DISCORD_MESSAGE_CONTENT is false)"


def _shards(chosen: ShardRange | None, recommended: int) -> str:
    if chosen is None:
        return f"serves all shards that Discord recommends: {recommended}"
    if chosen.total < recommended:
        raise SettingsError(
            f"EXPLAINER_DISCORD_SHARDS is {chosen}, but Discord recommends {recommended} shards: "
            f"write a number of at least {recommended} behind the slash, the same in each process."
        )
    return f"serves shards {chosen}; Discord recommends {recommended} in all"


def _invitation(application: int) -> str:
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=scopes)
