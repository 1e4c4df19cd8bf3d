"""The local Discord refuses what the real one refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from tests.bot.discord.conftest import PacedResponder, serving
from tests.platforms.discord_command_rules import check_choices, check_commands
from tests.platforms.discord_rules import (
    UPLOAD_BYTES,
    ApiError,
    check_attachments,
    check_form,
    check_message,
)
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import COMPONENTS_V2, Attachment, Post

Answer = tuple[int, Any]
HELLO = {"content": "Hello"}
CHOICE = {"name": "a", "value": "a"}
SUBCOMMAND = {"name": "status", "description": "Status", "type": 1, "options": []}


class Raw:
    """A client that follows no rules."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self._server, self._session = server, session

    async def post(self, path: str, payload: Any, token: str | None = None) -> Answer:
        headers = {"Authorization": f"Bot {token or self._server.token}"}
        url = self._server.api_base + path
        async with self._session.post(url, json=payload, headers=headers) as response:
            return response.status, await response.json()

    async def edit(self, post: Post, payload: Any) -> Answer:
        """Edit a message as any message of a channel."""
        url = f"{self._server.api_base}/channels/{post.channel.id}/messages/{post.id}"
        headers = {"Authorization": f"Bot {self._server.token}"}
        async with self._session.patch(url, json=payload, headers=headers) as response:
            return response.status, await response.json()

    async def patch(self, path: str, payload: Any) -> Answer:
        async with self._session.patch(self._server.api_base + path, json=payload) as response:
            return response.status, await response.json()

    async def send_file(self, path: str, payload: Any, content: bytes = b"PNG") -> Answer:
        """Post a message with one file, number 0."""
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps(payload), content_type="application/json")
        form.add_field("files[0]", content, filename="a.png")
        headers = {"Authorization": f"Bot {self._server.token}"}
        url = self._server.api_base + path
        async with self._session.post(url, data=form, headers=headers) as response:
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


def gallery(name: str, **item: Any) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": f"attachment://{name}"}} | item]}


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": 2, "label": "Simpler", "custom_id": "simpler", "style": 2} | fields


def form(**fields: Any) -> dict[str, Any]:
    field = {"type": 4, "custom_id": "b", "style": 1, "max_length": 100}
    label = {"type": 18, "label": "Why?", "component": field}
    return {"title": "Why?", "custom_id": "a", "components": [label]} | fields


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
        ("", [button()], COMPONENTS_V2),
        ("", [row()], COMPONENTS_V2),
        ("", [row(*(button(custom_id=str(n)) for n in range(6)))], COMPONENTS_V2),
        ("", [row(text("x"))], COMPONENTS_V2),
        ("", [row(button()), row(button())], COMPONENTS_V2),
        ("", [row(button(label="x" * 81))], COMPONENTS_V2),
        ("", [row(button(label=""))], COMPONENTS_V2),
        ("", [row(button(custom_id="x" * 101))], COMPONENTS_V2),
        ("", [row(button(style=5))], COMPONENTS_V2),
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
        {"options": [{"name": "a", "description": "b", "choices": [CHOICE] * 26}]},
        {"options": [{"name": "a", "description": "b"}] * 2},
        {"options": [{"name": f"a{n}", "description": "b"} for n in range(26)]},
        {"options": [SUBCOMMAND, {"name": "a", "description": "b", "type": 3}]},
        {"options": [SUBCOMMAND | {"name": "Status"}]},
        {"options": [SUBCOMMAND | {"options": [{"name": "a", "description": ""}]}]},
        {"options": [{"name": f"a{n}", "description": "b" * 99} for n in range(25)] * 4},
        {"options": [CHOICE | {"description": "b", "choices": [CHOICE], "autocomplete": True}]},
        {"type": 3, "description": "Menus have none"},
        {"type": 3, "description": "", "name": "x" * 33},
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


def test_no_more_than_five_entries_of_a_menu_are_taken() -> None:
    entry = {"type": 3, "description": "", "contexts": [0], "integration_types": [0]}
    entries = [entry | {"name": f"Explain {number}"} for number in range(6)]
    check_commands(entries[:5])
    with pytest.raises(ApiError):
        check_commands(entries)
    with pytest.raises(ApiError):
        check_commands([entries[0]] * 2)


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "x" * 46},
        {"custom_id": "x" * 101},
        {"components": []},
        {"components": [row(button())]},
        {"components": form()["components"] * 6},
        {"components": [form()["components"][0] | {"label": "x" * 46}]},
        {"components": [form()["components"][0] | {"component": button()}]},
    ],
)
def test_what_cannot_be_a_form_is_refused(change: dict[str, Any]) -> None:
    check_form(form())
    with pytest.raises(ApiError):
        check_form(form(**change))


async def test_an_answer_fits_what_was_used(
    server: DiscordServer, responder: PacedResponder, raw: Raw
) -> None:
    path = await used(server, responder)
    for kind in (6, 7, 8):
        assert (await raw.post(path, {"type": kind}))[1]["code"] == 50035
    assert (await raw.post(path, {"type": 9, "data": form()}))[0] == 200


async def test_what_only_one_person_sees_is_no_message_of_the_channel(
    server: DiscordServer, responder: PacedResponder, raw: Raw
) -> None:
    path = await used(server, responder)
    await raw.post(path, {"type": 4, "data": HELLO | {"flags": 64}})
    [post] = server.posts
    assert (await raw.edit(post, HELLO))[1]["code"] == 10008


async def test_a_message_is_edited_in_its_own_channel(server: DiscordServer, raw: Raw) -> None:
    await raw.post(f"/channels/{server.general.id}/messages", HELLO)
    [post] = server.posts
    assert (await raw.edit(post, HELLO))[0] == 200
    elsewhere = replace(post, channel=server.direct(server.ada))
    assert (await raw.edit(elsewhere, HELLO))[1]["code"] == 10008


async def test_only_what_is_there_can_be_pressed_and_filled_in(
    server: DiscordServer, responder: PacedResponder
) -> None:
    async with serving(server, responder):
        said = server.say(f"{server.bot.mention} Hi")
        [post] = await server.posted()
        used_command = server.command("ask", {"question": "?"})
        await server.posted(2)
        impossible: tuple[Callable[[], object], ...] = (
            lambda: server.press(post, "Simpler"),
            lambda: server.choose("Explain all", said),
            lambda: server.command("Explain this"),
            lambda: server.command("ask", {"question": "?", "private": "yes"}),
        )
        for act in impossible:
            with pytest.raises(LookupError):
                act()
        used_command.form = form()
        with pytest.raises(LookupError):
            await server.submit(used_command, "x" * 101)
        with pytest.raises(LookupError):
            await server.complete("ask", "question", "a")


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


async def test_a_file_is_attached_under_the_name_and_description_that_are_said(
    server: DiscordServer, raw: Raw
) -> None:
    path = f"/channels/{server.general.id}/messages"
    named = {"id": 0, "filename": "b.png", "description": "A way."}
    status, message = await raw.send_file(path, HELLO | {"attachments": [named]})
    assert status == 200
    [told] = message["attachments"]
    assert (told["filename"], told["description"], told["size"]) == ("b.png", "A way.", 3)
    [file] = server.posts[0].attachments
    assert (file.name, file.content, file.description) == ("b.png", b"PNG", "A way.")


async def test_a_file_that_is_not_said_is_attached_all_the_same(
    server: DiscordServer, raw: Raw
) -> None:
    await raw.send_file(f"/channels/{server.general.id}/messages", HELLO)
    assert [file.name for file in server.posts[0].attachments] == ["a.png"]


@pytest.mark.parametrize(("named", "kept"), [(None, 1), ([], 0), (["own"], 1)])
async def test_an_edit_keeps_the_files_that_it_names_or_all_if_it_names_none(
    server: DiscordServer,
    responder: PacedResponder,
    raw: Raw,
    named: list[str] | None,
    kept: int,
) -> None:
    path = await used(server, responder)
    await raw.post(path, {"type": 5})
    webhook = f"/webhooks/{server.bot.id}/{path.split('/')[3]}"
    _, message = await raw.send_file(webhook, HELLO)
    own = [{"id": message["attachments"][0]["id"]}]
    change = {} if named is None else {"attachments": own if named else []}
    edited = await raw.patch(f"{webhook}/messages/{message['id']}", HELLO | change)
    assert len(edited[1]["attachments"]) == kept


async def test_an_unknown_attachment_is_refused(server: DiscordServer, raw: Raw) -> None:
    path = f"/channels/{server.general.id}/messages"
    status, _ = await raw.post(path, HELLO | {"attachments": [{"id": 7}]})
    assert status == 400


@pytest.mark.parametrize(
    ("name", "content", "description", "component"),
    [
        ("a.png", b"", "", gallery("b.png")),
        ("a b.png", b"", "", text("x")),
        ("a.png", b"x" * (UPLOAD_BYTES + 1), "", text("x")),
        ("a.png", b"", "x" * 1025, text("x")),
        ("a.png", b"", "", gallery("a.png", description="x" * 257)),
        ("a.png", b"", "", {"type": 17, "components": [gallery("b.png")]}),
    ],
)
def test_files_that_cannot_be_shown_are_refused(
    name: str, content: bytes, description: str, component: dict[str, Any]
) -> None:
    check_attachments([Attachment("1", "a.png", b"PNG", "A way.")], [gallery("a.png")])
    with pytest.raises(ApiError):
        check_attachments([Attachment("1", name, content, description)], [component])
