"""What the doctor is told about Discord."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import ExplainerError, SettingsError
from bot.discord import check
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


async def test_a_discord_that_is_down_is_told(server: DiscordServer) -> None:
    settings = settings_for(server, discord_api_base="http://127.0.0.1:9/api/v10")
    with pytest.raises(ExplainerError, match="cannot be reached"):
        await asyncio.to_thread(check, settings)
