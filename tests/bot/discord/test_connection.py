"""Connecting, being refused, and leaving."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.core.errors import SettingsError
from bot.core.surface import Surface
from bot.discord import surface as surface_module
from bot.discord.surface import DiscordSurface
from tests.bot.discord.conftest import PacedResponder, serving, settings_for
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]


async def test_the_least_intents_suffice(server: DiscordServer, surface: Task) -> None:
    assert server.intents == 4609


async def test_the_message_content_intent_is_asked_for_if_set() -> None:
    async with (
        DiscordServer(message_content=True) as server,
        serving(server, PacedResponder(), discord_message_content=True),
    ):
        assert server.intents == 4609 | 1 << 15


async def test_a_missing_token_is_a_wrong_setting(responder: PacedResponder) -> None:
    async with DiscordServer() as server:
        settings = settings_for(server, discord_token=None)
        with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_TOKEN"):
            await DiscordSurface(responder, settings).run()


async def test_a_refused_token_is_a_wrong_setting_and_never_shown(
    server: DiscordServer, responder: PacedResponder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    settings = settings_for(server, discord_token="not-the-token")
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_TOKEN") as refused:
        await DiscordSurface(responder, settings).run()
    assert "not-the-token" not in str(refused.value) + caplog.text
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_refused_intent_is_a_wrong_setting(
    server: DiscordServer, responder: PacedResponder
) -> None:
    settings = settings_for(server, discord_message_content=True)
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_MESSAGE_CONTENT") as refused:
        await DiscordSurface(responder, settings).run()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("status", [503, 403])
async def test_a_platform_that_cannot_be_reached_is_tried_again(
    status: int,
    server: DiscordServer,
    responder: PacedResponder,
    log: list[logging.LogRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(surface_module, "_PAUSES", (0,))
    server.fail("GET", "/users/@me", status)
    async with serving(server, responder):
        server.say(f"{server.bot.mention} Are you there?")
        await server.posted()
    assert [str(status) in record.getMessage() for record in log] == [True]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (4004, "reset the token"),
        (4010, "EXPLAINER_DISCORD_SHARDS"),
        (4011, "EXPLAINER_DISCORD_SHARDS"),
        (4012, "newer"),
        (4013, "newer"),
        (4014, "EXPLAINER_DISCORD_MESSAGE_CONTENT=false"),
    ],
)
async def test_a_connection_that_is_ended_for_good_is_told_with_what_to_do(
    code: int, told: str, server: DiscordServer, surface: Task
) -> None:
    server.cut(code)
    with pytest.raises(SettingsError, match=told) as ended:
        await surface
    assert "\n" not in str(ended.value)
    assert ended.value.__cause__ is None


async def test_mentions_are_answered_although_the_commands_were_refused(
    server: DiscordServer, responder: PacedResponder, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail("PUT", "/commands", status=400, code=30034)
    async with serving(server, responder):
        server.say(f"{server.bot.mention} Are you there?")
        await server.posted()
    assert "30034" in caplog.text


async def test_cancelling_disconnects_and_drops_what_is_unfinished(
    server: DiscordServer, responder: PacedResponder
) -> None:
    responder.pace = asyncio.Semaphore(0)
    before = asyncio.all_tasks()
    async with serving(server, responder) as task:
        server.say(f"{server.bot.mention} Take your time")
        await server.until(lambda: server.typing)
    assert task.cancelled()
    await server.until(lambda: not server.online)
    assert not server.posts
    assert {t for t in asyncio.all_tasks() - before if "bot.discord" in repr(t)} == set()


async def test_the_surface_is_one(server: DiscordServer, responder: PacedResponder) -> None:
    surface: Surface = DiscordSurface(responder, settings_for(server))
    assert surface.name == "discord"
