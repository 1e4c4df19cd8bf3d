"""The slash commands."""

from __future__ import annotations

import asyncio
from logging import LogRecord

import pytest

from bot.core.conversation import Level, Place
from bot.core.reply import TopicChoice
from tests.bot.discord.conftest import PacedResponder, says
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]
QUESTION: dict[str, str | bool] = {"question": "What is attention?"}


async def test_every_command_is_offered_everywhere(server: DiscordServer, surface: Task) -> None:
    names = [command["name"] for command in server.commands]
    assert names == ["ask", "summary", "path", "reindex"]
    for command in server.commands:
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]
        assert command.get("default_member_permissions") is None


async def test_ask_hands_its_options_to_the_core(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    used = server.command("ask", QUESTION | {"level": "expert", "private": True})
    await server.posted()
    [(use_case, said)] = responder.heard
    assert (use_case, said.text, said.addressed) == ("ask", "What is attention?", True)
    assert said.key == f"discord:{used.id}"
    assert said.asker == f"discord:{server.ada.id}"
    assert said.place == Place("discord", server.guild, server.general.id)
    assert responder.asked == [(Level.EXPERT, True)]


async def test_the_options_of_ask_are_optional(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("ask", QUESTION)
    await server.posted()
    assert responder.asked == [(None, False)]


async def test_the_bot_is_not_part_of_a_question(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("ask", {"question": f"{server.bot.mention} What is attention?"})
    await server.posted()
    assert responder.heard[0][1].text == "What is attention?"


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
    assert responder.posts == [(f"discord:{used.id}", server.posts[-1].id)]


async def test_a_refusal_of_the_core_is_private(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private = True
    server.command("reindex")
    [post] = await server.posted()
    assert post.ephemeral
    assert responder.heard[0][0] == "reindex"


@pytest.mark.parametrize("how", ["dry run", "force"])
async def test_what_a_reindex_shall_do_reaches_the_core(
    server: DiscordServer, responder: PacedResponder, surface: Task, how: str
) -> None:
    server.command("reindex", {"how": how})
    await server.posted()
    [(use_case, said)] = responder.heard
    assert (use_case, said.text) == ("reindex", how)


async def test_without_an_option_a_reindex_is_only_that(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("reindex")
    await server.posted()
    assert responder.heard[0][1].text == ""


async def test_nobody_can_choose_what_a_reindex_does_not_know(
    server: DiscordServer, surface: Task
) -> None:
    [reindex] = [command for command in server.commands if command["name"] == "reindex"]
    [how] = reindex["options"]
    assert [choice["value"] for choice in how["choices"]] == ["dry run", "force"]
    with pytest.raises(LookupError):
        server.command("reindex", {"how": "at once"})


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


async def test_summary_hands_topic_and_level_to_the_core(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("summary", {"topic": "Attention", "level": "beginner"})
    await server.posted()
    [(use_case, said)] = responder.heard
    assert (use_case, said.text) == ("summarize", "Attention")
    assert responder.asked == [(Level.BEGINNER, False)]


async def test_path_hands_its_topic_to_the_core(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.command("path", {"topic": "Transformer"})
    await server.posted()
    [(use_case, said)] = responder.heard
    assert (use_case, said.text) == ("path", "Transformer")


@pytest.mark.parametrize("command", ["summary", "path"])
async def test_topics_are_completed(
    server: DiscordServer, responder: PacedResponder, surface: Task, command: str
) -> None:
    responder.topics = tuple(TopicChoice(f"t{n}", f"Topic {n} {'x' * n * 4}") for n in range(40))
    choices = await server.complete(command, "topic", "top")
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


async def test_an_answer_after_the_deadline_goes_to_the_channel(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Reading…", progress=True), says("Read."))
    server.command("reindex")
    await server.reading("Reading…")
    server.clock.advance(16 * 60)
    responder.pace.release()
    responder.pace.release()
    late = await server.reading("Read.")
    assert (late.channel, late.ephemeral) == (server.general, False)
    await server.until(lambda: responder.posts)
    assert responder.posts[0][1] == late.id


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
