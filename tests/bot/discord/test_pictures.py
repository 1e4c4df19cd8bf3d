"""Pictures: attached, shown with their words, and done without if Discord doesn't take them."""

from __future__ import annotations

import asyncio
from logging import LogRecord

import pytest

from bot.core.messages import wording
from bot.core.messages.message import Message, Paragraph, Picture
from tests.bot.discord.conftest import PacedResponder, says
from tests.platforms.discord_components import gallery_items
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Attachment, Post

Task = asyncio.Task[None]

PICTURE = Picture(b"\x89PNG", "path.png", "The way to LoRA.")
WAY = Message((Paragraph("A way."), PICTURE))


def files(post: Post) -> list[tuple[str, bytes, str]]:
    return [(file.name, file.content, file.description) for file in post.attachments]


def shown(post: Post) -> list[tuple[str, str]]:
    """What galleries show, with their descriptions."""
    items = gallery_items(post.components)
    return [(item["media"]["url"], item["description"]) for item in items]


def assert_has_the_picture(post: Post) -> None:
    assert files(post) == [(PICTURE.name, PICTURE.png, PICTURE.alt)]
    assert shown(post) == [("attachment://path.png", PICTURE.alt)]


async def test_a_picture_is_attached_to_the_answer_of_a_command(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (WAY,)
    server.command("path", {"topic": "LoRA"})
    assert_has_the_picture(await server.reading("A way."))


async def test_an_edit_attaches_the_picture_to_what_told_the_progress(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Looking…", progress=True), WAY)
    server.command("path", {"topic": "LoRA"})
    progress = await server.reading("Looking…")
    assert progress.attachments == []
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert server.posts == [progress]
    assert_has_the_picture(progress)


async def test_a_message_is_answered_with_a_picture_too(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Looking…", progress=True), WAY)
    server.say(f"{server.bot.mention} the way to LoRA")
    progress = await server.reading("Looking…")
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert_has_the_picture(progress)
    responder.pace, responder.script = None, (WAY,)
    server.say("the way to LoRA", channel=server.direct(server.ada))
    _, direct = await server.posted(2)
    assert_has_the_picture(direct)


async def test_an_answer_that_loses_its_picture_keeps_no_file(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (WAY, says("No way."))
    server.command("path", {"topic": "LoRA"})
    post = await server.reading("A way.")
    responder.pace.release()
    responder.pace.release()
    await server.reading("No way.")
    assert (files(post), shown(post)) == ([], [])


async def test_a_picture_on_a_further_page_is_attached_there(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (Message((Paragraph("word " * 1_300), PICTURE)),)
    server.command("path", {"topic": "LoRA"})
    await server.until(lambda: responder.posts)
    first, *_, last = server.posts
    assert first.attachments == []
    assert_has_the_picture(last)


@pytest.mark.parametrize("noticed", ["by its clock", "by Discord"])
async def test_after_the_deadline_a_picture_is_attached_to_an_ordinary_message(
    server: DiscordServer, responder: PacedResponder, surface: Task, noticed: str
) -> None:
    responder.pace = asyncio.Semaphore(0)
    responder.script = (WAY,)
    if noticed == "by its clock":
        server.clock.advance(-16 * 60)
    used = server.command("path", {"topic": "LoRA"})
    await server.until(lambda: used.response)
    if noticed == "by Discord":
        server.clock.advance(16 * 60)
    responder.pace.release()
    late = await server.reading("A way.")
    assert late.channel == server.general
    assert_has_the_picture(late)


@pytest.mark.parametrize("use", ["command", "mention"])
async def test_a_picture_that_may_not_be_attached_leaves_the_words(
    server: DiscordServer, responder: PacedResponder, surface: Task, log: list[LogRecord], use: str
) -> None:
    server.forbid_files()
    responder.script = (WAY,)
    if use == "command":
        server.command("path", {"topic": "LoRA"})
    else:
        server.say(f"{server.bot.mention} the way to LoRA")
    post = await server.reading("A way.")
    await server.until(lambda: responder.posts)
    assert wording.PICTURE_LOST in post.text
    assert (files(post), shown(post)) == ([], [])
    [record] = log
    assert "50013" in record.getMessage()
    assert "\n" not in record.getMessage()


async def test_a_lost_answer_of_the_platform_makes_no_second_picture(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (WAY,)
    server.break_off("POST", "/messages")
    server.say(f"{server.bot.mention} the way to LoRA")
    await server.until(lambda: responder.posts)
    [post] = server.posts
    assert_has_the_picture(post)


def test_an_attachment_tells_its_size() -> None:
    assert Attachment("1", "path.png", b"PNG").json()["size"] == 3
