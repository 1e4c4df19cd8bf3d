"""Requests that are refused, that fail, or that nothing comes back of: the last words stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

import pytest

from tests.bot.discord.conftest import PacedResponder, serving
from tests.bot.discord.disturbed import LAST, growing, let_it_grow, retry_at_once
from tests.platforms.discord_limits import Refusal
from tests.platforms.discord_server import DiscordServer

STATUSES = (500, 502, 503, 504, 520, 524)
MOST = 4
"""So many faults follow each other, and the last words still have to be shown."""


def _disturb(server: DiscordServer, random: Random) -> str:
    """Prepare a fault of a request, and tell which."""
    method = random.choice(("POST", "PATCH"))
    kind = random.choice(("refused", "failed", "broken"))
    if kind == "refused":
        scope = random.choice(("user", "shared", "global"))
        server.limits.refuse(Refusal(method, "/messages", scope))
        return f"{method}: 429, {scope}"
    if kind == "failed":
        status = random.choice(STATUSES)
        server.fail(method, "/messages", status)
        return f"{method}: {status}"
    server.break_off(method, "/messages")
    return f"{method}: no response"


@pytest.mark.faults(full=100, few=3)
async def test_a_failing_request_costs_no_last_words(
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(seed)  # noqa: S311 - no secret depends on it
    async with DiscordServer() as server:
        retry_at_once(monkeypatch, server)
        responder = PacedResponder(growing(), noticed=server.notify, pace=asyncio.Semaphore(0))
        for _ in range(random.randint(1, MOST)):
            record_property("fault", _disturb(server, random))
        async with serving(server, responder):
            said = server.say(f"{server.bot.mention} What is attention?")
            await let_it_grow(responder)
        assert [(post.text, post.reply_to) for post in server.posts] == [(LAST, said.id)]
        assert server.limits.impatient == []
        assert server.limits.edits_at_once <= 1
