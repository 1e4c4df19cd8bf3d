"""The slash commands."""

from __future__ import annotations

import asyncio
from logging import LogRecord
from typing import Any

import pytest

from bot.core.commands import CATALOGUE, Command, Option, Takes
from bot.core.conversation import Place
from bot.core.reply import TopicChoice
from tests.bot.discord.conftest import PacedResponder, says
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]
CHAT, SUBCOMMAND, STRING, BOOLEAN = 1, 1, 3, 5
QUESTION: dict[str, str | bool] = {"question": "What is attention?"}


def offered(server: DiscordServer) -> dict[str, dict[str, Any]]:
    """What can be typed behind a slash, by its whole name."""
    found: dict[str, dict[str, Any]] = {}
    for command in server.commands:
        if command["type"] == CHAT:
            inner = [o for o in command["options"] if o["type"] == SUBCOMMAND]
            found |= {f"{command['name']} {option['name']}": option for option in inner}
            if not inner:
                found[command["name"]] = command
    return found


async def test_every_command_of_the_catalogue_is_offered(
    server: DiscordServer, surface: Task
) -> None:
    assert set(offered(server)) == {command.name for command in CATALOGUE}
    for command in CATALOGUE:
        shown = offered(server)[command.name]
        assert shown["description"] == command.description
        assert [option["name"] for option in shown["options"]] == [
            option.name for option in command.options
        ]


@pytest.mark.parametrize("command", [c for c in CATALOGUE if c.options], ids=lambda c: c.name)
async def test_options_are_what_the_catalogue_says(
    server: DiscordServer, surface: Task, command: Command
) -> None:
    shown = {option["name"]: option for option in offered(server)[command.name]["options"]}
    for option in command.options:
        given = shown[option.name]
        assert given["description"] == option.description
        assert given["type"] == (BOOLEAN if option.takes is Takes.FLAG else STRING)
        assert given.get("required", False) == option.required
        assert given.get("autocomplete", False) == (option.takes is Takes.TOPIC)
        assert [choice["value"] for choice in given.get("choices", [])] == list(option.choices)


async def test_everything_is_offered_everywhere_and_to_everybody(
    server: DiscordServer, surface: Task
) -> None:
    for command in server.commands:
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]
        assert command.get("default_member_permissions") is None


async def test_a_use_is_handed_to_the_core(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    used = server.command("ask", QUESTION | {"level": "expert", "private": True})
    await server.posted()
    [(name, said)] = responder.heard
    assert (name, said.text, said.addressed) == ("ask", "", True)
    assert said.key == f"discord:{used.id}"
    assert said.asker == f"discord:{server.ada.id}"
    assert said.place == Place("discord", server.guild, server.general.id)
    assert responder.commands == [
        ("ask", {"question": "What is attention?", "level": "expert", "private": "true"})
    ]


async def test_what_is_not_given_is_not_handed_over(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("ask", QUESTION)
    server.command("ask", QUESTION | {"private": False})
    await server.posted(2)
    assert responder.commands == [
        ("ask", {"question": "What is attention?"}),
        ("ask", {"question": "What is attention?", "private": "false"}),
    ]


@pytest.mark.parametrize("command", CATALOGUE, ids=lambda command: command.name)
async def test_every_command_reaches_the_core_with_all_its_options(
    server: DiscordServer, responder: PacedResponder, surface: Task, command: Command
) -> None:
    given = {option.name: _anything(option) for option in command.options}
    server.command(command.name, given)
    await server.posted()
    expected = {name: str(value).lower() for name, value in given.items()}
    assert responder.commands == [(command.name, expected)]


def _anything(option: Option) -> str | bool:
    if option.takes is Takes.FLAG:
        return True
    return option.choices[0] if option.choices else "lora"


async def test_the_bot_is_not_part_of_a_question(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("ask", {"question": f"{server.bot.mention} What is attention?"})
    await server.posted()
    assert responder.commands[0][1] == QUESTION


@pytest.mark.parametrize("command", ["reindex", "explainer status"])
@pytest.mark.parametrize("administers", [True, False])
async def test_who_manages_the_guild_is_told_of_administrative_commands(
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
    command: str,
    administers: bool,
) -> None:
    server.command(command, by=server.person("Grace", administers=administers))
    await server.posted()
    assert responder.heard[0][1].administers is administers


async def test_who_manages_the_guild_does_not_matter_to_other_commands_and_elsewhere(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    grace = server.person("Grace", administers=True)
    server.command("help", by=grace)
    server.command("reindex", by=grace, channel=server.direct(grace))
    await server.posted(2)
    assert [said.administers for _, said in responder.heard] == [False, False]


async def test_a_command_in_a_thread_tells_the_channel_of_the_thread_too(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    thread = server.thread("attention")
    server.command("ask", QUESTION, channel=thread)
    [post] = await server.posted()
    assert post.channel == thread
    assert responder.heard[0][1].place == Place(
        "discord", server.guild, server.general.id, thread.id
    )


async def test_a_command_is_acknowledged_before_there_is_an_answer(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    server.command("ask", QUESTION)
    [thinking] = await server.until(lambda: server.thinking)
    responder.pace.release()
    assert await server.posted() == [thinking]
    assert (thinking.text, thinking.ephemeral) == ("Scripted.", False)


async def test_progress_is_edited_into_the_answer_of_a_command(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Searching…", progress=True), says("Found."))
    server.command("ask", QUESTION)
    post = await server.reading("Searching…")
    responder.pace.release()
    await server.reading("Found.")
    assert post.history == ["Searching…", "Found."]


@pytest.mark.parametrize("private", [True, False])
async def test_a_long_answer_to_a_command_is_as_private_as_its_beginning(
    private: bool, server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (says("word " * 1800),)
    used = server.command("ask", QUESTION | {"private": private})
    await server.until(lambda: responder.posts)
    assert [post.ephemeral for post in server.posts] == [private] * 3
    assert responder.posts == [(f"discord:{used.id}", tuple(post.id for post in server.posts))]


async def test_a_refusal_of_the_core_is_private(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private = True
    server.command("reindex")
    [post] = await server.posted()
    assert post.ephemeral
    assert responder.heard[0][0] == "reindex"


async def test_only_what_is_offered_can_be_chosen(server: DiscordServer, surface: Task) -> None:
    for command, options in (
        ("ask", QUESTION | {"level": "genius"}),
        ("show", {"kind": "magic"}),
        ("explainer", {}),
        ("explainer nonsense", {}),
        ("explainer channel", {"answer": "sometimes"}),
    ):
        with pytest.raises(LookupError):
            server.command(command, options)


async def test_progress_of_a_private_reindex_is_edited_into_one_private_answer(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private, responder.pace = True, asyncio.Semaphore(1)
    responder.script = (says("Reading…", progress=True), says("Read."))
    server.command("reindex")
    post = await server.reading("Reading…")
    responder.pace.release()
    await server.reading("Read.")
    assert server.posts == [post]
    assert (post.history, post.ephemeral) == (["Reading…", "Read."], True)


async def test_the_report_of_a_long_private_reindex_is_sent_to_the_operator(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private, responder.pace = True, asyncio.Semaphore(1)
    responder.script = (says("Reading…", progress=True), says("Read."))
    server.command("reindex")
    await server.reading("Reading…")
    server.clock.advance(16 * 60)
    responder.pace.release()
    responder.pace.release()
    assert (await server.reading("Read.")).channel == server.direct(server.ada)


async def test_nothing_remains_if_there_is_nothing_to_say(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = ()
    used = server.command("ask", QUESTION)
    await server.until(lambda: used.original and used.original.deleted)
    assert not server.posts
    assert not responder.posts


@pytest.mark.parametrize(
    ("command", "option"), [("summary", "topic"), ("path", "topic"), ("compare", "b")]
)
async def test_topics_are_completed(
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
    command: str,
    option: str,
) -> None:
    responder.topics = tuple(TopicChoice(f"t{n}", f"Topic {n} {'x' * n * 4}") for n in range(40))
    choices = await server.complete(command, option, "top")
    assert len(choices) == 25
    assert choices[1] == {"name": "Topic 1 xxxx", "value": "Topic 1 xxxx"}


async def test_a_direct_channel_with_the_bot_is_direct(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    direct = server.direct(server.ada)
    server.command("ask", QUESTION, channel=direct)
    await server.posted()
    assert responder.heard[0][1].place == Place("discord", "", direct.id, direct=True)


async def test_commands_work_where_the_bot_is_not(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    between_people, other_guild = server.elsewhere(), server.elsewhere(guild="77")
    server.command("ask", QUESTION, channel=between_people)
    await server.posted()
    server.command("ask", QUESTION, channel=other_guild)
    await server.posted(2)
    assert [said.place for _, said in responder.heard] == [
        Place("discord", "", between_people.id),
        Place("discord", "77", other_guild.id),
    ]


async def test_after_the_deadline_an_answer_is_edited_as_any_other_message(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Reading…", progress=True), says("Read."))
    server.command("reindex")
    post = await server.reading("Reading…")
    server.clock.advance(16 * 60)
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert server.posts == [post]
    assert (post.history, post.ephemeral) == (["Reading…", "Read."], False)
    assert responder.posts[0][1] == (post.id,)


async def test_after_the_deadline_further_pages_go_to_the_channel(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    responder.script = (says("word " * 1800),)
    server.command("ask", QUESTION)
    await server.until(lambda: server.thinking)
    server.clock.advance(16 * 60)
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert [post.channel for post in server.posts] == [server.general] * 3
    assert responder.posts[0][1] == tuple(post.id for post in server.posts)


async def test_a_private_answer_after_the_deadline_is_a_direct_message(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private, responder.pace = True, asyncio.Semaphore(0)
    server.command("reindex")
    await server.until(lambda: server.thinking)
    server.clock.advance(16 * 60)
    responder.pace.release()
    assert (await server.reading("Scripted.")).channel == server.direct(server.ada)


async def test_an_expired_command_is_not_even_tried(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.clock.advance(-16 * 60)
    server.command("reindex")
    assert (await server.reading("Scripted.")).channel == server.general
    assert not any(call.method == "PATCH" for call in server.calls)


async def test_an_acknowledgement_that_comes_too_late_is_one_line_in_the_log(
    server: DiscordServer, surface: Task, log: list[LogRecord]
) -> None:
    server.command("ask", QUESTION)
    server.clock.advance(4)
    [record] = await server.until(lambda: log)
    assert "10062" in record.getMessage()
    assert "\n" not in record.getMessage()
    server.command("ask", QUESTION)
    await server.posted()
