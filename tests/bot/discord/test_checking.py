"""What the doctor is told about Discord."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import ExplainerError, SettingsError
from bot.discord import check
from bot.discord.checking import PERMISSIONS
from bot.settings import ShardRange
from tests.bot.discord.conftest import settings_for
from tests.platforms.discord_server import DiscordServer


async def test_a_good_token_tells_as_whom_the_bot_speaks(server: DiscordServer) -> None:
    assert (await asyncio.to_thread(check, settings_for(server))).startswith("signed in as ")


async def test_a_refused_token_is_told_and_not_shown(server: DiscordServer) -> None:
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_TOKEN") as raised:
        await asyncio.to_thread(check, settings_for(server, discord_token="not.the.token"))
    assert "not.the.token" not in str(raised.value)


async def test_an_intent_that_is_not_enabled_is_told(server: DiscordServer) -> None:
    settings = settings_for(server, discord_message_content=True)
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_MESSAGE_CONTENT"):
        await asyncio.to_thread(check, settings)


async def test_an_intent_that_is_enabled_is_well() -> None:
    async with DiscordServer(message_content=True) as server:
        settings = settings_for(server, discord_message_content=True)
        assert await asyncio.to_thread(check, settings)


async def test_all_is_told_in_a_line_each_without_the_token(server: DiscordServer) -> None:
    told = await asyncio.to_thread(check, settings_for(server))
    signed_in, content, shards, invitation = told.split("\n")
    assert "1,000 sessions may start today" in signed_in
    assert "only what is said to it" in content
    assert shards.endswith("recommends: 1")
    assert f"client_id={server.bot.id}&" in invitation
    assert f"permissions={PERMISSIONS.value}" in invitation
    assert "scope=bot+applications.commands" in invitation
    assert server.token not in told


async def test_enough_shards_are_well(server: DiscordServer) -> None:
    server.gateway.recommended = 4
    settings = settings_for(server, discord_shards=ShardRange(2, 3, 4))
    assert "serves shards 2-3/4" in await asyncio.to_thread(check, settings)


async def test_too_few_shards_are_told_with_the_number_that_is_needed(
    server: DiscordServer,
) -> None:
    server.gateway.recommended = 4
    settings = settings_for(server, discord_shards=ShardRange(0, 1, 2))
    with pytest.raises(SettingsError, match="recommends 4 shards") as raised:
        await asyncio.to_thread(check, settings)
    assert "\n" not in str(raised.value)


async def test_a_discord_that_is_down_is_told(server: DiscordServer) -> None:
    settings = settings_for(server, discord_api_base="http://127.0.0.1:9/api/v10")
    with pytest.raises(ExplainerError, match="cannot be reached"):
        await asyncio.to_thread(check, settings)
