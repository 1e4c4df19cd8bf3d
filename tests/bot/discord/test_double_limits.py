"""The local Discord counts requests as the real one does."""

from __future__ import annotations

import aiohttp

from tests.platforms.discord_limits import Refusal
from tests.platforms.discord_server import DiscordServer

Answer = tuple[int, dict[str, str]]


async def ask(server: DiscordServer, path: str = "/gateway/bot") -> Answer:
    headers = {"Authorization": f"Bot {server.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.api_base + path, headers=headers) as response,
    ):
        return response.status, dict(response.headers)


async def test_a_bucket_allows_so_many_requests_in_a_window(server: DiscordServer) -> None:
    server.limits.now = lambda: server.clock.now
    server.limits.limit("GET", "/gateway/bot", limit=2, window=5)
    answers = [await ask(server) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert [told["X-RateLimit-Remaining"] for _, told in answers] == ["1", "0", "0"]
    assert answers[2][1]["Retry-After"] == "5.000"
    server.clock.advance(5)
    assert (await ask(server))[0] == 200


async def test_whoever_comes_before_the_time_is_impatient(server: DiscordServer) -> None:
    server.limits.now = lambda: server.clock.now
    server.limits.refuse(Refusal("GET", "/gateway/bot", "global", after=5))
    assert (await ask(server))[0] == 429
    await ask(server, "/users/@me")
    assert server.limits.impatient == ["GET /users/@me"]
    server.clock.advance(5)
    await ask(server)
    assert len(server.limits.impatient) == 1
