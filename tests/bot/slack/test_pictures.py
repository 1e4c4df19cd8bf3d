"""Pictures: in the thread of an answer, or as direct messages where it is private."""

from __future__ import annotations

import pytest

from bot.core.messages import wording
from bot.core.messages.message import Message, Paragraph, Picture
from bot.slack.pictures import ALT_CHARACTERS
from tests.bot.slack.serving import Listener, Live, Serve, paragraph
from tests.platforms.slack_api import RESPONSE_SECONDS
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_world import File, Post

PICTURE = Picture(b"\x89PNG", "path.png", "The way to \\*LoRA\\*.")
WAY = Message((Paragraph("A way."), PICTURE))


def drawing(picture: Picture = PICTURE) -> Listener:
    return Listener(script=(Message((Paragraph("A way."), picture)),))


def with_files(server: SlackServer) -> list[Post]:
    return [post for post in server.posts if post.files]


async def the_file(server: SlackServer) -> File:
    [post] = await server.until(lambda: with_files(server))
    [file] = post.files
    return file


@pytest.mark.parametrize("direct", [True, False])
async def test_a_picture_follows_the_answer_in_its_thread(
    server: SlackServer, serve: Serve, direct: bool
) -> None:
    channel = server.direct(server.ada) if direct else server.general
    async with serve(drawing()):
        said = server.say(f"{server.bot.mention} Show me the way.", channel=channel)
        file = await the_file(server)
    told, shared = server.posts
    assert (told.text, told.thread) == ("A way.", said.id)
    assert (shared.channel, shared.thread) == (channel, said.id)
    assert (file.name, file.content, file.alt) == ("path.png", PICTURE.png, "The way to *LoRA*.")


async def test_the_picture_of_a_shared_answer_is_below_it(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(drawing()):
        server.command("path", "LoRA private=false")
        await the_file(server)
    told, shared = server.posts
    assert (shared.channel, shared.thread) == (server.general, told.id)


async def test_a_private_picture_comes_as_a_direct_message(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(drawing()):
        server.command("path", "LoRA")
        [shared] = await server.until(lambda: with_files(server))
    [file] = shared.files
    assert shared.channel == server.direct(server.ada)
    assert (file.name, file.content, file.alt) == ("path.png", PICTURE.png, "The way to *LoRA*.")


async def test_the_answer_comes_first_and_tells_where_the_picture_is(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(drawing()):
        server.command("path", "LoRA")
        await the_file(server)
    told, shared = server.posts
    assert (told.ephemeral, told.channel) == (True, server.general)
    assert "A way." in told.text
    assert wording.PICTURE_APART in told.text
    assert shared.files


async def test_who_uses_the_command_gets_the_picture(server: SlackServer, serve: Serve) -> None:
    grace = server.person("Grace")
    async with serve(drawing()):
        server.command("path", "LoRA", by=grace)
        [shared] = await server.until(lambda: with_files(server))
    assert shared.channel == server.direct(grace)


async def test_a_message_without_a_picture_shares_nothing(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(Listener()):
        server.command("path", "LoRA")
        await server.posted()
    assert [call.method for call in server.calls if "files" in call.method] == []


async def test_long_words_of_a_picture_are_cut(server: SlackServer, serve: Serve) -> None:
    async with serve(drawing(Picture(b"PNG", "path.png", "word " * 1_000))):
        server.command("path", "LoRA")
        file = await the_file(server)
    assert ALT_CHARACTERS - 10 < len(file.alt) <= ALT_CHARACTERS


async def test_the_bot_does_not_answer_its_own_picture(server: SlackServer, serve: Serve) -> None:
    responder = drawing()
    async with serve(responder):
        server.command("path", "LoRA")
        await the_file(server)
        server.command("summary", "LoRA")
        await server.until(lambda: len(responder.heard) == 2)
    assert [verb for verb, _ in responder.heard] == ["path", "summary"]


@pytest.mark.parametrize(
    ("method", "status", "reason"),
    [
        ("conversations.open", 502, "internal_error"),
        ("files.getUploadURLExternal", 502, "internal_error"),
        ("upload", 403, "SlackRequestError"),
        ("files.completeUploadExternal", 502, "internal_error"),
    ],
)
async def test_a_picture_that_is_not_taken_leaves_the_words(
    server: SlackServer,
    serve: Serve,
    caplog: pytest.LogCaptureFixture,
    method: str,
    status: int,
    reason: str,
) -> None:
    async with serve(drawing()):
        server.fail(method, status)
        server.command("path", "LoRA")
        lost = await server.reading(wording.PICTURE_LOST)
    assert lost.ephemeral
    assert "A way." in server.posts[0].text
    assert not with_files(server)
    [record] = [record for record in caplog.records if record.name == "bot.slack.pictures"]
    assert record.getMessage() == f"Slack did not take a picture: {reason}"


async def test_a_lost_picture_of_an_answer_is_told_of_below_it(
    server: SlackServer, serve: Serve
) -> None:
    server.refuse("files.getUploadURLExternal", "missing_scope")
    responder = drawing()
    async with serve(responder):
        said = server.say(f"{server.bot.mention} Show me the way.")
        lost = await server.reading(wording.PICTURE_LOST)
        await server.until(lambda: responder.posts)
    assert [post.text for post in server.posts] == ["A way.", wording.PICTURE_LOST]
    assert lost.thread == said.id
    assert responder.posts[0][1] == (server.posts[0].id,)


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_a_passing_fault_does_not_cost_the_picture(
    server: SlackServer, serve: Serve, method: str
) -> None:
    async with serve(drawing()):
        server.fail(method, 500)
        server.command("path", "LoRA")
        assert (await the_file(server)).content == PICTURE.png


async def test_when_the_answer_is_late_words_and_picture_are_direct_messages(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.command("path", "LoRA")
        responder.say(paragraph("Looking …", progress=True))
        await server.reading("Looking …")
        server.clock.advance(RESPONSE_SECONDS + 1)
        responder.say(WAY, None)
        await the_file(server)
    _, words, picture = server.posts
    assert {words.channel, picture.channel} == {server.direct(server.ada)}
