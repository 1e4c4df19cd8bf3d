"""How replies appear: growing, split, never pinging, and in spite of the platform's errors."""

from __future__ import annotations

import asyncio
import json
from logging import LogRecord

from bot.core.message import Code, Message, Paragraph
from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]


async def test_progress_is_edited_into_the_answer(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Searching…", progress=True), says("Found."))
    server.say(f"{server.bot.mention} What is attention?")
    post = await server.reading("Searching…")
    responder.pace.release()
    await server.reading("Found.")
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert post.history == ["Searching…", "Found."]
    assert server.posts == [post]


async def test_progress_that_comes_too_soon_is_skipped(
    server: DiscordServer, responder: PacedResponder
) -> None:
    responder.pace = asyncio.Semaphore(1)
    progress = [says(f"Step {number}", progress=True) for number in range(5)]
    responder.script = (*progress, says("Found."))
    async with serving(server, responder, interval=3600):
        server.say(f"{server.bot.mention} What is attention?")
        post = await server.reading("Step 0")
        responder.pace.release()
        await server.complete("summary", "topic", "")  # A round trip: time enough for an edit.
        for _ in progress:
            responder.pace.release()
        responder.pace.release()
        await server.reading("Found.")
    assert post.history == ["Step 0", "Found."]


async def test_an_answer_that_fits_is_posted_once(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.posts)
    assert [post.history for post in server.posts] == [["Scripted."]]


async def test_a_long_answer_takes_several_posts_with_its_fences_intact(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    lines = "\n".join(f"print({number})" for number in range(900))
    prose = Paragraph("It goes on. " * 300)
    responder.script = (Message((prose, Code(lines, "python"), Paragraph("The end."))),)
    said = server.say(f"{server.bot.mention} Show me")
    await server.until(lambda: responder.posts)
    posts = server.posts
    assert len(posts) > 2
    assert [post.reply_to for post in posts] == [said.id] + [None] * (len(posts) - 1)
    for post in posts:
        assert len(post.text) <= 4000
        assert post.text.count("```") % 2 == 0
    together = "\n".join(post.text for post in posts)
    assert [line for line in together.split("\n") if line.startswith("print")] == lines.split("\n")
    assert responder.posts[0][1] == posts[-1].id
    assert posts[-1].text.endswith("The end.")


async def test_progress_grows_into_several_posts(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Searching…", progress=True), says("word " * 1000))
    server.say(f"{server.bot.mention} What is attention?")
    post = await server.reading("Searching…")
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert [len(p.history) for p in server.posts] == [2, 1]
    assert server.posts[0] is post


async def test_equal_pages_are_all_posted(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    page = Paragraph("again " * 500)
    responder.script = (Message((page, page, page)),)
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.posts)
    assert len(server.posts) == 3


async def test_nothing_ever_pings(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    text = f"@everyone <@{server.ada.id}> "
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says(text, progress=True), says(text * 200))
    server.say(f"{server.bot.mention} What is attention?")
    await server.posted()
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    responder.pace = None
    server.say("Hello", channel=server.direct(server.ada))
    server.command("ask", {"question": "What is attention?"})
    server.command("ask", {"question": "What is attention?", "private": True})
    await server.until(lambda: len(responder.posts) == 4)
    shown = [call for call in server.calls if '"components"' in json.dumps(call.payload)]
    kinds = {(call.method, call.path.split("/")[1]) for call in shown}
    assert kinds == {(m, to) for m in ("POST", "PATCH") for to in ("channels", "webhooks")}
    for call in shown:
        mentions = call.payload["allowed_mentions"]
        assert mentions["parse"] == []
        assert not any(mentions.get(kind) for kind in ("users", "roles", "replied_user"))


async def test_links_are_not_previewed(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    """Discord previews links of plain messages only, and the flag rules those out."""
    responder.script = (says("https://example.org"),)
    server.say(f"{server.bot.mention} Where?")
    [post] = await server.posted()
    assert post.flags & 1 << 15


async def test_a_missing_permission_is_one_line_in_the_log(
    server: DiscordServer, responder: PacedResponder, surface: Task, log: list[LogRecord]
) -> None:
    server.forbid(server.general)
    server.say(f"{server.bot.mention} What is attention?")
    [record] = await server.until(lambda: log)
    assert record.levelname == "WARNING"
    assert "50013" in record.getMessage()
    assert "\n" not in record.getMessage()
    assert record.exc_info is None
    assert not responder.posts
    server.say("And here?", channel=server.direct(server.ada))
    await server.posted()


async def test_progress_that_fails_does_not_keep_the_answer_back(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Searching…", progress=True), says("Found."))
    server.fail("POST", "/messages", status=503)
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: any(call.path.endswith("/messages") for call in server.calls))
    responder.pace.release()
    responder.pace.release()
    post = await server.reading("Found.")
    assert post.history == ["Found."]


async def test_a_lost_answer_of_the_platform_makes_no_second_post(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.break_off("POST", "/messages")
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.posts)
    assert [post.text for post in server.posts] == ["Scripted."]


async def test_the_answer_stands_although_the_question_was_deleted(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    said = server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.heard)
    server.forget(said)
    responder.pace.release()
    [post] = await server.posted()
    assert post.reply_to is None


async def test_an_answer_that_somebody_deleted_stays_deleted(
    server: DiscordServer, responder: PacedResponder, surface: Task, log: list[LogRecord]
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Searching…", progress=True), says("Found."))
    server.say(f"{server.bot.mention} What is attention?")
    (await server.reading("Searching…")).deleted = True
    responder.pace.release()
    responder.pace.release()
    [record] = await server.until(lambda: log)
    assert "10008" in record.getMessage()
    assert not server.posts
