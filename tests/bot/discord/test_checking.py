"""What the doctor is told about Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest

from bot.core.errors import ExplainerError, SettingsError
from bot.discord import check
from bot.discord.checking import PERMISSIONS
from bot.settings import ShardRange
from tests.bot.discord.conftest import PacedResponder, serving, settings_for
from tests.platforms.discord_inspection import InspectedDiscord


@pytest.fixture
async def server() -> AsyncIterator[InspectedDiscord]:
    async with InspectedDiscord() as running:
        yield running


async def told(server: InspectedDiscord) -> list[str]:
    return (await asyncio.to_thread(check, settings_for(server))).split("\n")


async def test_a_good_token_tells_as_whom_the_bot_speaks(server: InspectedDiscord) -> None:
    assert (await asyncio.to_thread(check, settings_for(server))).startswith("signed in as ")


async def test_a_refused_token_is_told_and_not_shown(server: InspectedDiscord) -> None:
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_TOKEN") as raised:
        await asyncio.to_thread(check, settings_for(server, discord_token="not.the.token"))
    assert "not.the.token" not in str(raised.value)


async def test_an_intent_that_is_not_enabled_is_told(server: InspectedDiscord) -> None:
    settings = settings_for(server, discord_message_content=True)
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_MESSAGE_CONTENT"):
        await asyncio.to_thread(check, settings)


async def test_an_intent_that_is_enabled_is_well() -> None:
    async with InspectedDiscord(message_content=True) as server:
        settings = settings_for(server, discord_message_content=True)
        assert await asyncio.to_thread(check, settings)


async def test_all_is_told_in_a_line_each_without_the_token(server: InspectedDiscord) -> None:
    signed_in, content, shards, commands, guilds, invitation = await told(server)
    assert "1,000 sessions may start today" in signed_in
    assert "only what is said to it" in content
    assert shards.endswith("recommends: 1")
    assert "`explainer run`" in commands
    assert "no server yet" in guilds
    assert f"client_id={server.bot.id}&" in invitation
    assert f"permissions={PERMISSIONS.value}" in invitation
    assert "scope=bot+applications.commands" in invitation
    assert server.token not in invitation


async def test_commands_that_a_run_has_registered_are_well(server: InspectedDiscord) -> None:
    async with serving(server, PacedResponder()):
        await server.until(lambda: server.commands)
    _, _, _, commands, *_ = await told(server)
    assert commands == f"its {len(server.commands)} commands are registered"


async def test_commands_of_another_version_are_told(server: InspectedDiscord) -> None:
    server.register("ask")
    _, _, _, commands, *_ = await told(server)
    assert "another version's (ask)" in commands


async def test_servers_that_allow_all_are_counted(server: InspectedDiscord) -> None:
    server.guild_allows("Acme")
    server.guild_allows("Beta", discord.Permissions(administrator=True).value)
    assert "is on 2 servers, which allow all that it needs" in await told(server)


async def test_a_server_that_allows_too_little_is_named(server: InspectedDiscord) -> None:
    server.guild_allows("Acme")
    server.guild_allows("Beta", PERMISSIONS.value & ~discord.Permissions(attach_files=True).value)
    assert "is on 2 servers; 1 allow too little (Beta: attach files)" in await told(server)


async def test_a_bot_that_is_allowed_enough_nowhere_is_to_be_invited_again(
    server: InspectedDiscord,
) -> None:
    server.guild_allows("Acme", discord.Permissions(view_channel=True).value)
    with pytest.raises(SettingsError, match=r"Acme: .*send messages.*invite it again with http"):
        await told(server)


async def test_too_many_starts_are_told(server: InspectedDiscord) -> None:
    server.gateway.starts = 0
    with pytest.raises(ExplainerError, match="no more sessions today"):
        await told(server)


async def test_enough_shards_are_well(server: InspectedDiscord) -> None:
    server.gateway.recommended = 4
    settings = settings_for(server, discord_shards=ShardRange(2, 3, 4))
    assert "serves shards 2-3/4" in await asyncio.to_thread(check, settings)


async def test_too_few_shards_are_told_with_the_number_that_is_needed(
    server: InspectedDiscord,
) -> None:
    server.gateway.recommended = 4
    settings = settings_for(server, discord_shards=ShardRange(0, 1, 2))
    with pytest.raises(SettingsError, match="recommends 4 shards") as raised:
        await asyncio.to_thread(check, settings)
    assert "\n" not in str(raised.value)


async def test_a_discord_that_is_down_is_told(server: InspectedDiscord) -> None:
    settings = settings_for(server, discord_api_base="http://127.0.0.1:9/api/v10")
    with pytest.raises(ExplainerError, match="cannot be reached"):
        await asyncio.to_thread(check, settings)
