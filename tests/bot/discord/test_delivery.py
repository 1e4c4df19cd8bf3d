"""How replies appear: growing, split, and in spite of the platform's errors."""

from __future__ import annotations

import asyncio
from logging import LogRecord

from bot.core.action import Action, Verb
from bot.core.messages.message import Button, Buttons, Code, Message, Paragraph
from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]
STOP = Buttons((Button("Stop", Action(Verb.STOP, "41")),))


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
    assert responder.posts[0][1] == tuple(post.id for post in posts)
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


async def test_progress_that_grows_beyond_a_page_keeps_its_buttons_at_the_end(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    def grown(words: int) -> Message:
        return Message((Paragraph("word " * words), STOP), progress=True)

    responder.pace = asyncio.Semaphore(1)
    responder.script = (grown(100), grown(1000), says("word " * 1100))
    server.say(f"{server.bot.mention} What is attention?")
    [first] = await server.posted()
    assert first.labels == ["Stop"]
    responder.pace.release()
    _, second = await server.posted(2)
    assert (first.labels, second.labels) == ([], ["Stop"])
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert server.posts == [first, second]
    assert (first.labels, second.labels) == ([], [])


async def test_a_page_that_stays_as_it_is_is_not_edited_again(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    page = Paragraph("again " * 500)
    responder.pace = asyncio.Semaphore(1)
    responder.script = (
        Message((page, Paragraph("one " * 500)), progress=True),
        Message((page, Paragraph("two " * 500))),
    )
    server.say(f"{server.bot.mention} What is attention?")
    await server.posted(2)
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    assert [len(post.history) for post in server.posts] == [1, 2]


async def test_an_answer_that_is_begun_anew_leaves_none_of_its_old_pages(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("word " * 1500, progress=True), says("Found."))
    for ask in (
        lambda: server.say(f"{server.bot.mention} What is attention?"),
        lambda: server.command("ask", {"question": "What is attention?"}),
    ):
        ask()
        await server.posted(3)
        responder.pace.release()
        responder.pace.release()
        await server.until(lambda: responder.posts)
        assert [post.text for post in server.posts] == ["Found."]
        server.posts[0].deleted = True
        responder.posts.clear()
        responder.pace.release()


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
