"""The local Discord refuses what the real one refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.bot.discord.conftest import PacedResponder, serving
from tests.platforms.discord_rules import ApiError, check_choices, check_commands, check_message
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import COMPONENTS_V2

Answer = tuple[int, Any]
HELLO = {"content": "Hello"}


class Raw:
    """A client that follows no rules."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self._server, self._session = server, session

    async def post(self, path: str, payload: Any, token: str | None = None) -> Answer:
        headers = {"Authorization": f"Bot {token or self._server.token}"}
        url = self._server.api_base + path
        async with self._session.post(url, json=payload, headers=headers) as response:
            return response.status, await response.json()

    async def patch(self, path: str, payload: Any) -> Answer:
        async with self._session.patch(self._server.api_base + path, json=payload) as response:
            return response.status, await response.json()


@pytest.fixture
async def raw(server: DiscordServer) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(server, session)


async def used(server: DiscordServer, responder: PacedResponder) -> str:
    """A command that nobody has acknowledged, as the path of its callback."""
    async with serving(server, responder):
        pass
    interaction = server.command("ask", {"question": "?"})
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


async def test_another_token_is_refused(server: DiscordServer, raw: Raw) -> None:
    path = f"/channels/{server.general.id}/messages"
    assert (await raw.post(path, HELLO, token="other"))[0] == 401


async def test_a_nonce_makes_creating_idempotent(server: DiscordServer, raw: Raw) -> None:
    path = f"/channels/{server.general.id}/messages"
    payload = HELLO | {"nonce": "1", "enforce_nonce": True}
    first, again = await raw.post(path, payload), await raw.post(path, payload)
    assert first == again
    assert (await raw.post(path, payload | {"nonce": "2"}))[1]["id"] != first[1]["id"]
    assert len(server.posts) == 2


async def test_an_unknown_reference_is_refused_unless_it_may_fail(
    server: DiscordServer, raw: Raw
) -> None:
    path = f"/channels/{server.general.id}/messages"
    lost = {"message_id": "1"}
    assert (await raw.post(path, HELLO | {"message_reference": lost}))[0] == 400
    lenient = lost | {"fail_if_not_exists": False}
    assert (await raw.post(path, HELLO | {"message_reference": lenient}))[0] == 200


async def test_a_second_acknowledgement_is_refused(
    server: DiscordServer, responder: PacedResponder, raw: Raw
) -> None:
    path = await used(server, responder)
    assert (await raw.post(path, {"type": 5}))[0] == 200
    assert (await raw.post(path, {"type": 5}))[1]["code"] == 40060


async def test_an_acknowledgement_has_three_seconds(
    server: DiscordServer, responder: PacedResponder, raw: Raw
) -> None:
    path = await used(server, responder)
    server.clock.advance(3.1)
    assert (await raw.post(path, {"type": 5}))[1]["code"] == 10062


async def test_an_answer_has_fifteen_minutes(
    server: DiscordServer, responder: PacedResponder, raw: Raw
) -> None:
    path = await used(server, responder)
    token = path.split("/")[3]
    original = f"/webhooks/{server.bot.id}/{token}/messages/@original"
    assert (await raw.patch(original, HELLO))[1]["code"] == 10015
    await raw.post(path, {"type": 5})
    assert (await raw.patch(original, HELLO))[0] == 200
    server.clock.advance(15 * 60 + 1)
    assert (await raw.patch(original, HELLO))[1]["code"] == 50027


@pytest.mark.parametrize(
    ("content", "components", "flags"),
    [
        ("", [], 0),
        ("x" * 2001, [], 0),
        ("", [text("x")], 0),
        ("", [], COMPONENTS_V2),
        ("x", [text("x")], COMPONENTS_V2),
        ("", [text(" ")], COMPONENTS_V2),
        ("", [text("x" * 2001), text("x" * 2000)], COMPONENTS_V2),
        ("", [{"type": 17, "components": [text("x")] * 40}], COMPONENTS_V2),
        ("", [{"type": 17, "components": [{"type": 17, "components": []}]}], COMPONENTS_V2),
    ],
)
def test_what_cannot_be_a_message_is_refused(content: str, components: Any, flags: int) -> None:
    with pytest.raises(ApiError):
        check_message(content, components, flags)


@pytest.mark.parametrize(
    "change",
    [
        {"contexts": None},
        {"integration_types": None},
        {"name": "Ask"},
        {"description": ""},
        {"options": [{"name": "a", "description": "b", "choices": [{}] * 26}]},
        {
            "options": [
                {"name": "a", "description": "b"},
                {"name": "c", "description": "d", "required": True},
            ]
        },
    ],
)
def test_what_cannot_be_a_command_is_refused(change: dict[str, Any]) -> None:
    command = {"name": "ask", "description": "Ask", "contexts": [0], "integration_types": [0]}
    check_commands([command])
    with pytest.raises(ApiError):
        check_commands([command | change])


def test_too_many_or_too_long_choices_are_refused() -> None:
    for choices in ([{"name": "a", "value": "a"}] * 26, [{"name": "a" * 101, "value": "a"}]):
        with pytest.raises(ApiError):
            check_choices(choices)


async def test_only_registered_commands_can_be_used(
    server: DiscordServer, responder: PacedResponder
) -> None:
    with pytest.raises(LookupError):
        server.command("ask")
    async with serving(server, responder):
        for options in ({}, {"question": "?", "level": "genius"}, {"question": "?", "to": "x"}):
            with pytest.raises(LookupError):
                server.command("ask", options)
