"""What the doctor wants to know about Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import discord
from discord.http import Route

from bot.core.commands import CATALOGUE
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

_SERVERS = 200
"""As many servers are looked at as Discord tells at once."""

_NAMED = 3
"""So many are named where something is wrong with several."""


def address(settings: Settings) -> str:
    """Where Discord can be asked for nothing much, such as the time of its answer."""
    return f"{(settings.discord_api_base or Route.BASE).rstrip('/')}/gateway"


def check(settings: Settings) -> str:
    """Sign in over HTTP, without connecting.

    Returns:
        A line each: as whom the bot speaks, what it is shown of messages, which shards it serves,
        its commands, what its servers allow it, and the address where it is invited.

    Raises:
        SettingsError: the token, the intent or the shards are wrong, or no server allows the bot
            what it needs; says what to do.
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
            registered = await client.http.get_global_commands(application.id)
            servers = await client.http.get_guilds(_SERVERS, with_counts=False)
        except discord.ClientException as error:
            raise told(error) from None
        except PLATFORM_ERRORS as error:
            raise ExplainerError(f"Discord cannot be reached: {one_line(error)}.") from None
        return "\n".join(
            (
                f"signed in as {client.user}; {_starts(starts['remaining'])}",
                _content(settings.discord_message_content, application.flags),
                _shards(settings.discord_shards, recommended),
                _commands(registered),
                _servers(servers, _invitation(application.id)),
                f"invite it with {_invitation(application.id)}",
            )
        )


def _starts(remaining: int) -> str:
    if not remaining:
        raise ExplainerError(
            "Discord lets the bot start no more sessions today: stop what starts it over and over, "
            "and wait for tomorrow."
        )
    return f"{remaining:,} sessions may start today"


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


def _commands(registered: Iterable[Mapping[str, Any]]) -> str:
    wanted = {command.name.split()[0] for command in CATALOGUE}
    wanted |= {command.on_message for command in CATALOGUE if command.on_message}
    there = {command["name"] for command in registered}
    if not there:
        return "its commands are missing: `explainer run` registers them when it starts"
    if there != wanted:
        differing = ", ".join(sorted(there ^ wanted))
        return f"its commands are another version's ({differing}): run `explainer run` once"
    return f"its {len(there)} commands are registered"


def _servers(servers: Iterable[Mapping[str, Any]], invitation: str) -> str:
    lacking = {str(server["name"]): _lacking(server) for server in servers}
    faulty = {name: permissions for name, permissions in lacking.items() if permissions}
    if not lacking:
        return "is on no server yet"
    if not faulty:
        return f"is on {len(lacking):,} servers, which allow all that it needs"
    named = "; ".join(f"{name}: {permissions}" for name, permissions in [*faulty.items()][:_NAMED])
    if len(faulty) == len(lacking):
        raise SettingsError(
            f"No server allows the bot all that it needs, such as ({named}): let an administrator "
            f"invite it again with {invitation}"
        )
    return f"is on {len(lacking):,} servers; {len(faulty):,} allow too little ({named})"


def _lacking(server: Mapping[str, Any]) -> str:
    """What a server as a whole does not allow; its channels may allow less or more."""
    allowed = discord.Permissions(int(server.get("permissions") or 0))
    if server.get("owner") or allowed.administrator:
        return ""
    lacking = discord.Permissions(PERMISSIONS.value & ~allowed.value)
    return ", ".join(name.replace("_", " ") for name, needed in lacking if needed)


def _invitation(application: int) -> str:
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=scopes)
