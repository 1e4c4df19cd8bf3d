"""Shards: which ones a process serves, what each is told, and how fast they start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from logging import LogRecord

import pytest

from bot.core.errors import SettingsError
from bot.discord.surface import DiscordSurface
from bot.settings import ShardRange, load_settings
from tests.bot.discord.conftest import PacedResponder, serving, settings_for
from tests.bot.discord.disturbed import hurry
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_sessions import Moment
from tests.platforms.discord_world import Channel
from tests.platforms.hurry import Hurry

DAY = 24 * 3600


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch, server: DiscordServer) -> Hurry:
    return hurry(monkeypatch, server.clock)


def channel_of_shard(server: DiscordServer, number: int, total: int) -> Channel:
    """A channel of a guild that belongs to a shard."""
    guild = ((1 << 20) // total * total + number) << 22
    return server._world.add_channel(f"of shard {number}", str(guild))


@asynccontextmanager
async def shards(
    server: DiscordServer, written: str, responder: PacedResponder
) -> AsyncIterator[asyncio.Task[None]]:
    """A surface that serves some shards and is ready."""
    wanted = ShardRange.read(written)
    before = server.gateway.ready
    async with serving(server, responder, discord_shards=wanted) as task:
        await server.connected(times=before + wanted.last - wanted.first + 1)
        yield task


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0-3/16", ShardRange(0, 3, 16)),
        ("2/16", ShardRange(2, 2, 16)),
        (" 0/1 ", ShardRange(0, 0, 1)),
        ("", None),
    ],
)
def test_shards_are_a_setting(
    written: str, meant: ShardRange | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLAINER_DISCORD_SHARDS", written)
    assert load_settings().discord_shards == meant


@pytest.mark.parametrize("written", ["all", "3", "3-1/16", "0-16/16", "1/0", "-1/2", "0-1/", "٣/٤"])
def test_shards_that_cannot_be_are_refused_in_one_line(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLAINER_DISCORD_SHARDS", written)
    with pytest.raises(SettingsError, match="EXPLAINER_DISCORD_SHARDS is not valid: ") as told:
        load_settings()
    assert "\n" not in str(told.value)


async def test_without_a_setting_all_shards_that_discord_recommends_are_served(
    server: DiscordServer, responder: PacedResponder, hurried: Hurry
) -> None:
    server.gateway.recommended = 3
    channels = [channel_of_shard(server, number, 3) for number in range(3)]
    async with serving(server, responder):
        await server.connected(times=3)
        for channel in channels:
            server.say(f"{server.bot.mention} What is attention?", channel=channel)
        posts = await server.posted(3)
        served = sorted(session.shard for session in server.gateway.sessions.values())
    assert served == [(0, 3), (1, 3), (2, 3)]
    assert {post.channel for post in posts} == set(channels)
    assert [round(seconds) for seconds in hurried.slept].count(5) == 2


async def test_two_processes_share_a_bot_and_each_question_is_answered_once(
    server: DiscordServer,
) -> None:
    first, second = (PacedResponder(noticed=server.notify) for _ in range(2))
    channels = [channel_of_shard(server, number, 4) for number in range(4)]
    async with shards(server, "0-1/4", first), shards(server, "2-3/4", second):
        said = [server.say(f"{server.bot.mention} Hello", channel=each) for each in channels]
        said.append(server.say("Hello", channel=server.direct(server.ada)))
        used = [
            server.command("ask", {"question": "What is a token?"}, channel=each)
            for each in channels
        ]
        await server.until(lambda: len(first.posts + second.posts) == 9)
    asked = [f"discord:{message.id}" for message in said] + [f"discord:{use.id}" for use in used]
    by_first, by_second = ([given.key for _, given in r.heard] for r in (first, second))
    assert sorted(by_first) == sorted(asked[index] for index in (0, 1, 4, 5, 6))
    assert sorted(by_second) == sorted(asked[index] for index in (2, 3, 7, 8))
    assert len(server.posts) == 9


async def test_a_shard_that_cannot_come_back_keeps_no_other_waiting(
    server: DiscordServer, responder: PacedResponder
) -> None:
    channel = channel_of_shard(server, 0, 2)
    async with shards(server, "0-1/2", responder):
        for _ in range(100_000):
            server.gateway.trip(Moment.HANDSHAKE)
        server.gateway.cut(shard=1)
        for _ in range(3):
            server.say(f"{server.bot.mention} Hello", channel=channel)
        await server.until(lambda: len(responder.posts) == 3)
        assert server.gateway.trips_left


async def test_sessions_that_end_at_once_are_started_ever_more_slowly(
    server: DiscordServer, responder: PacedResponder
) -> None:
    for _ in range(12):
        server.gateway.trip(Moment.IDENTIFY, 4000)
    async with serving(server, responder):
        pass
    pauses = server.gateway.pauses
    assert pauses[0] == 5
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 120


async def test_no_more_sessions_start_in_a_day_than_discord_allows(
    server: DiscordServer, responder: PacedResponder, log: list[LogRecord]
) -> None:
    server.gateway.starts = 3
    for _ in range(5):
        server.gateway.trip(Moment.IDENTIFY, 4000)
    async with serving(server, responder):
        server.say(f"{server.bot.mention} Hello")
        await server.posted()
    assert sum(server.gateway.pauses[:3]) >= DAY - 60
    assert "no session start for 14" in " ".join(record.getMessage() for record in log)


async def test_a_gateway_that_cannot_be_reached_is_tried_again(
    server: DiscordServer, responder: PacedResponder, log: list[LogRecord]
) -> None:
    for _ in range(20):
        server.gateway.trip(Moment.HANDSHAKE)
    async with serving(server, responder):
        server.say(f"{server.bot.mention} Hello")
        await server.posted()
    told = [r.getMessage() for r in log if "gateway cannot be reached" in r.getMessage()]
    assert len(told) == 20
    assert all("\n" not in line for line in told)
    assert len(server.gateway.identified) == 1


async def test_a_session_that_is_never_resumed_is_given_up(
    server: DiscordServer, responder: PacedResponder
) -> None:
    async with serving(server, responder):
        for _ in range(8):
            server.gateway.trip(Moment.RESUME, 4007)
        server.cut()
        await server.connected(times=2)
        server.say(f"{server.bot.mention} Hello")
        await server.posted()
    assert server.gateway.resumed == 0


@pytest.mark.parametrize(
    ("shards_set", "recommended", "told"),
    [("0/1", 4, "too many servers"), ("0-1/2", 4, "EXPLAINER_DISCORD_SHARDS")],
)
async def test_too_few_shards_are_told(
    shards_set: str, recommended: int, told: str, server: DiscordServer, responder: PacedResponder
) -> None:
    server.gateway.recommended = recommended
    settings = settings_for(server, discord_shards=ShardRange.read(shards_set))
    with pytest.raises(SettingsError, match=told) as refused:
        await DiscordSurface(responder, settings).run()
    assert "\n" not in str(refused.value)
