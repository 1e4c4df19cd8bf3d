"""Questions that are edited or deleted, and what becomes of their answers."""

from __future__ import annotations

import asyncio
from logging import LogRecord

import pytest

from bot.core.conversation import Utterance
from bot.core.messages.message import Message, Paragraph, Picture
from bot.core.reply import Correction, Reply
from bot.core.request import Address
from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Channel, Said
from tests.scripted_responder import NOWHERE

Task = asyncio.Task[None]


async def answered(
    server: DiscordServer, responder: PacedResponder, channel: Channel | None = None
) -> Said:
    """A question with its answer; corrections say something else."""
    said = server.say(f"{server.bot.mention} What is atention?", channel=channel)
    await server.until(lambda: responder.posts)
    responder.posts.clear()
    responder.script = (says("Corrected."),)
    return said


async def test_an_edited_question_gets_its_answer_corrected_in_place(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = await answered(server, responder)
    server.edit(said, f"{server.bot.mention} What is attention?")
    post = await server.reading("Corrected.")
    assert server.posts == [post]
    assert post.history == ["Scripted.", "Corrected."]
    kind, heard = responder.heard[-1]
    assert (kind, heard.text, heard.key) == (
        "edited",
        "What is attention?",
        f"discord:{said.id}",
    )
    await server.until(lambda: responder.posts)
    assert responder.posts == [(heard.key, (post.id,))]


async def test_a_correction_grows_as_any_answer(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = await answered(server, responder)
    responder.pace = asyncio.Semaphore(1)
    responder.script = (says("Searching…", progress=True), says("Corrected."))
    server.edit(said, f"{server.bot.mention} What is attention?")
    await server.reading("Searching…")
    responder.pace.release()
    post = await server.reading("Corrected.")
    assert post.history == ["Scripted.", "Searching…", "Corrected."]


async def test_the_answer_to_a_direct_message_is_corrected_too(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = await answered(server, responder, server.direct(server.ada))
    server.edit(said, "What is attention?")
    post = await server.reading("Corrected.")
    assert server.posts == [post]


async def test_a_private_answer_is_corrected_where_it_stands(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private = True
    said = await answered(server, responder)
    server.edit(said, f"{server.bot.mention} What is attention?")
    post = await server.reading("Corrected.")
    assert server.posts == [post]
    assert post.channel == server.direct(server.ada)


@pytest.mark.parametrize(("before", "after"), [(1, 3), (3, 1), (3, 3)])
async def test_a_correction_takes_as_many_posts_as_it_needs(
    server: DiscordServer, responder: PacedResponder, surface: Task, before: int, after: int
) -> None:
    responder.script = (says("old " * 750 * before),)
    said = await answered(server, responder)
    old = server.posts
    assert len(old) == before
    responder.script = (says("new " * 750 * after),)
    server.edit(said, f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.posts)
    assert len(server.posts) == after
    assert server.posts[: min(before, after)] == old[: min(before, after)]
    assert all("new" in post.text for post in server.posts)
    assert responder.posts[0][1] == tuple(post.id for post in server.posts)


async def test_a_correction_of_a_correction_may_say_what_was_said_first(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    long = says("word " * 1500)
    responder.script = (long,)
    said = await answered(server, responder)
    for script, text in ((says("Short."), "What is a token?"), (long, "What is attention?")):
        responder.posts.clear()
        responder.script = (script,)
        server.clock.advance(1)
        server.edit(said, f"{server.bot.mention} {text}")
        await server.until(lambda: responder.posts)
    assert len(server.posts) == 3


async def test_a_correction_brings_its_picture_and_takes_the_old_one_away(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    old, new = (Picture(b"PNG", f"{name}.png", "A way.") for name in ("old", "new"))
    responder.script = (Message((Paragraph("Look:"), old)),)
    said = await answered(server, responder)
    responder.script = (Message((Paragraph("Corrected."), new)),)
    server.edit(said, f"{server.bot.mention} What is attention?")
    post = await server.reading("Corrected.")
    assert [file.name for file in post.attachments] == ["new.png"]


async def test_a_question_that_is_none_any_more_loses_its_answer(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = await answered(server, responder)
    responder.script = ()
    server.edit(said, f"{server.bot.mention} never mind")
    await server.until(lambda: not server.posts)


class AnswersWhatIsEdited(PacedResponder):
    """Answers only what was edited."""

    async def hear(self, said: Utterance, address: Address = NOWHERE) -> Reply | None:
        await super().hear(said, address)
        return None

    async def edited(self, said: Utterance) -> Correction | None:
        return Correction(self._reply(), ())


async def test_a_question_that_is_one_only_now_is_answered_as_a_reply(
    server: DiscordServer,
) -> None:
    async with serving(server, AnswersWhatIsEdited(noticed=server.notify)):
        said = server.say(f"{server.bot.mention} thanks")
        server.edit(said, f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
    assert (post.text, post.reply_to) == ("Scripted.", said.id)


async def test_what_needs_no_correction_stays(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = await answered(server, responder)
    responder.answered.clear()
    server.edit(said, f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.heard[-1][0] == "edited")
    server.say(f"{server.bot.mention} And then?")
    first, _ = await server.posted(2)
    assert first.history == ["Scripted."]


async def test_a_second_edit_waits_for_the_first_correction(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = await answered(server, responder)
    responder.pace = asyncio.Semaphore(0)
    for text in ("What is a tokn?", "What is a token?"):
        server.edit(said, f"{server.bot.mention} {text}")
    await server.until(lambda: responder.heard[-1][0] == "edited")
    assert [heard.text for _, heard in responder.heard][1:] == ["What is a tokn?"]
    for _ in range(4):
        responder.pace.release()
    await server.until(lambda: len(responder.posts) == 2)
    assert [heard.text for _, heard in responder.heard][2:] == ["What is a token?"]
    assert len(server.posts) == 1


async def test_what_is_edited_while_it_is_answered_is_corrected_when_the_answer_stands(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    said = server.say(f"{server.bot.mention} What is atention?")
    await server.until(lambda: responder.heard)
    server.edit(said, f"{server.bot.mention} What is attention?")
    for _ in range(4):
        responder.pace.release()
    await server.until(lambda: len(responder.posts) == 2)
    assert [kind for kind, _ in responder.heard] == ["hear", "edited"]
    assert len(server.posts) == 1


async def test_late_edits_previews_and_hidden_words_correct_nothing(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    late = await answered(server, responder)
    server.clock.advance(61)
    server.edit(late, f"{server.bot.mention} What is attention?")
    server.preview(late)
    hidden = server.say("What is atention?")
    server.edit(hidden, "What is attention?")
    server.say(f"{server.bot.mention} And then?")
    await server.posted(2)
    assert [kind for kind, _ in responder.heard] == ["hear", "hear"]


async def test_words_that_are_shown_are_corrected_without_a_mention_too() -> None:
    async with DiscordServer(message_content=True) as server:
        responder = PacedResponder(noticed=server.notify, unasked=True)
        async with serving(server, responder, discord_message_content=True):
            said = server.say("What is atention?")
            await server.until(lambda: responder.posts)
            responder.script = (says("Corrected."),)
            server.edit(said, "What is attention?")
            post = await server.reading("Corrected.")
    assert server.posts == [post]


async def test_a_deleted_question_takes_its_whole_answer_along(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (says("word " * 1500),)
    said = await answered(server, responder)
    assert len(server.posts) == 3
    server.delete(said)
    await server.until(lambda: not server.posts)


async def test_questions_that_are_deleted_together_take_their_answers_along(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    text = f"{server.bot.mention} What is attention?"
    first, second, third = (server.say(text) for _ in range(3))
    await server.until(lambda: len(responder.posts) == 3)
    server.delete(first, third)
    await server.until(lambda: len(server.posts) == 1)
    [post] = server.posts
    assert post.reply_to == second.id


async def test_a_question_that_is_deleted_while_it_is_answered_has_no_answer_in_the_end(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    said = server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: responder.heard)
    server.delete(said)
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    await server.until(lambda: not server.posts)


async def test_deleting_something_else_removes_nothing(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    await answered(server, responder)
    other = server.say("Lunch?")
    server.delete(other)
    await server.until(lambda: f"discord:{other.id}" in responder.removed)
    assert len(server.posts) == 1


async def test_an_answer_that_is_gone_already_is_no_trouble(
    server: DiscordServer, responder: PacedResponder, surface: Task, log: list[LogRecord]
) -> None:
    said = await answered(server, responder)
    server.posts[0].deleted = True
    server.delete(said)
    await server.until(lambda: any(call.method == "DELETE" for call in server.calls))
    server.say(f"{server.bot.mention} And then?")
    await server.posted()
    assert log == []
