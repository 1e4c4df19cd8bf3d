"""Rate limits and failing requests: never too many, and never at the cost of the last words."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.bot.discord.disturbed import LAST, growing, let_it_grow, retry_at_once
from tests.platforms.discord_limits import Refusal
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]

EDITS = r"/channels/\d+/messages/\d+"
ANSWERS = r"/webhooks/\d+/[^/]+/messages/@original"


@pytest.fixture
def responder(server: DiscordServer) -> PacedResponder:
    return PacedResponder(growing(), noticed=server.notify, pace=asyncio.Semaphore(0))


@pytest.fixture
def hurried(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    retry_at_once(monkeypatch, server)


async def test_a_growing_answer_keeps_to_its_bucket(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.limits.limit("PATCH", EDITS, limit=5, window=0.05)
    server.limits.latency = 0.002
    server.say(f"{server.bot.mention} What is attention?")
    await let_it_grow(responder)
    [post] = server.posts
    assert post.text == LAST
    assert len(post.history) > 2
    assert server.limits.refused == []
    assert server.limits.edits_at_once == 1


async def test_answers_that_share_a_bucket_wait_as_they_are_told(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.limits.limit("PATCH", EDITS, limit=5, window=0.05)
    server.limits.latency = 0.002
    for _ in range(5):
        server.say(f"{server.bot.mention} What is attention?")
    await let_it_grow(responder, answers=5)
    assert [post.text for post in server.posts] == [LAST] * 5
    assert server.limits.impatient == []
    assert server.limits.edits_at_once == 1


async def test_a_growing_answer_to_a_command_keeps_to_its_bucket(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.limits.limit("PATCH", ANSWERS, limit=5, window=0.05)
    server.limits.latency = 0.002
    server.command("ask", {"question": "What is attention?"})
    await let_it_grow(responder)
    [post] = server.posts
    assert post.text == LAST
    assert server.limits.refused == []
    assert server.limits.edits_at_once == 1


async def test_an_exhausted_bucket_holds_back_what_is_outdated_and_not_the_last_words(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.limits.limit("PATCH", EDITS, limit=2, window=0.1)
    server.say(f"{server.bot.mention} What is attention?")
    await let_it_grow(responder)
    [post] = server.posts
    assert post.text == LAST
    assert len(post.history) < len(growing())
    assert server.limits.refused == []


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_refusal_is_obeyed_and_the_last_words_are_shown(
    method: str, scope: str, server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    for _ in range(3):
        server.limits.refuse(Refusal(method, "/messages", scope))
    server.say(f"{server.bot.mention} What is attention?")
    await let_it_grow(responder)
    assert [post.text for post in server.posts] == [LAST]
    assert len(server.limits.refused) == 3
    assert server.limits.impatient == []


async def test_a_refusal_of_everything_keeps_everybody_waiting(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script, responder.pace = (says("Found."),), None
    server.limits.refuse(Refusal("POST", "/messages", "global"))
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: server.limits.refused)
    server.say("And here?", channel=server.direct(server.ada))
    await server.until(lambda: len(responder.posts) == 2)
    assert [post.text for post in server.posts] == ["Found."] * 2
    assert server.limits.impatient == []


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.usefixtures("hurried")
async def test_a_failing_platform_does_not_cost_the_last_words(
    method: str,
    status: int,
    times: int,
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
) -> None:
    for _ in range(times):
        server.fail(method, "/messages", status)
    server.say(f"{server.bot.mention} What is attention?")
    await let_it_grow(responder)
    assert [post.text for post in server.posts] == [LAST]


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.usefixtures("hurried")
async def test_the_last_words_are_tried_again(
    status: int, server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script, responder.pace = (says("Found."),), None
    for _ in range(3):
        server.fail("POST", "/messages", status)
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.posts)
    assert [post.text for post in server.posts] == ["Found."]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.usefixtures("hurried")
async def test_broken_connections_cost_neither_the_last_words_nor_make_them_come_twice(
    method: str, server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    for _ in range(3):
        server.break_off(method, "/messages")
    server.say(f"{server.bot.mention} What is attention?")
    await let_it_grow(responder)
    assert [post.text for post in server.posts] == [LAST]


async def test_a_refusal_does_not_keep_other_channels_waiting(
    server: DiscordServer, responder: PacedResponder
) -> None:
    responder.script, responder.pace = (says("Found."),), None
    server.limits.refuse(Refusal("POST", f"/channels/{server.general.id}/messages", after=3600))
    async with serving(server, responder):
        server.say(f"{server.bot.mention} What is attention?")
        await server.until(lambda: server.limits.refused)
        server.say("And here?", channel=server.direct(server.ada))
        [post] = await server.posted()
    assert post.channel == server.direct(server.ada)
