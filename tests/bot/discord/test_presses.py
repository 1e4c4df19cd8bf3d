"""Buttons, and the forms that they open."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace
from logging import LogRecord

import pytest
from discord import ui

from bot.core.action import Action, Form, Verb
from bot.core.conversation import Place
from bot.core.messages.message import Button, Buttons, Message, Paragraph, Picture, Rating
from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Post

Task = asyncio.Task[None]
SIMPLER = Action(Verb.SIMPLER, "41")
BAD = Action(Verb.BAD, "41")
SHARE = Action(Verb.SHARE, "41")
REINDEX = Action(Verb.REINDEX)
ANSWER = Message(
    (
        Paragraph("It weighs."),
        Buttons((Button("Simpler", SIMPLER), Button("Share", SHARE), Button("Now", REINDEX))),
        Rating(Action(Verb.GOOD, "41"), BAD),
    )
)
FORM = Form("What was wrong?", "What was wrong or missing?", "For example …", 300, required=False)


async def answered(server: DiscordServer, responder: PacedResponder) -> Post:
    """A post with buttons; what comes next is only text."""
    responder.script = (ANSWER,)
    server.say(f"{server.bot.mention} What is attention?")
    post = await server.reading("It weighs.")
    await server.until(lambda: responder.posts)
    responder.script = (says("Scripted."),)
    responder.heard.clear()
    responder.posts.clear()
    return post


async def test_a_press_is_handed_to_the_core_and_answered_with_a_new_message(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    post = await answered(server, responder)
    eve = server.person("Eve")
    pressed = server.press(post, "Simpler", by=eve)
    new = await server.reading("Scripted.")
    assert responder.pressed == [SIMPLER]
    [(_, said)] = responder.heard
    assert (said.key, said.text) == (f"discord:{pressed.id}", "")
    assert said.asker == f"discord:{eve.id}"
    assert said.place == Place("discord", server.guild, server.general.id)
    assert (said.administers, said.unseen) == (False, False)
    assert (new.reply_to, new.ephemeral) == (post.id, False)
    assert post.history == ["It weighs."]
    await server.until(lambda: responder.posts)
    assert responder.posts == [(said.key, (new.id,))]


async def test_a_press_is_acknowledged_before_there_is_an_answer(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    post = await answered(server, responder)
    responder.pace = asyncio.Semaphore(0)
    server.press(post, "Simpler")
    [thinking] = await server.until(lambda: server.thinking)
    responder.pace.release()
    assert (await server.reading("Scripted.")) is thinking


async def test_a_button_works_after_a_restart(
    server: DiscordServer, responder: PacedResponder
) -> None:
    async with serving(server, responder):
        post = await answered(server, responder)
    async with serving(server, responder):
        server.press(post, "Simpler")
        await server.reading("Scripted.")
    assert responder.pressed == [SIMPLER]


@pytest.mark.parametrize("picture", [False, True])
async def test_a_button_under_a_picture_or_in_a_direct_message_works(
    server: DiscordServer, responder: PacedResponder, surface: Task, picture: bool
) -> None:
    shown = (Picture(b"PNG", "a.png", "A way."),) if picture else ()
    responder.script = (replace(ANSWER, blocks=(*shown, *ANSWER.blocks)),)
    server.say("What is attention?", channel=server.direct(server.ada))
    post = await server.reading("It weighs.")
    server.press(post, "👎")
    await server.until(lambda: responder.pressed)
    assert responder.pressed == [BAD]
    assert responder.heard[-1][1].place.direct


async def test_a_press_without_an_answer_leaves_nothing_to_be_seen(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    post = await answered(server, responder)
    responder.script = ()
    originals = [server.press(post, "Simpler"), server.press(post, "Simpler")]
    await server.until(lambda: all(p.original and p.original.deleted for p in originals))
    await server.until(lambda: len(responder.posts) == 2)
    assert server.posts == [post]
    assert [ids for _, ids in responder.posts] == [(), ()]


async def test_a_private_answer_to_a_press_is_seen_by_one_person_on_all_its_pages(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    post = await answered(server, responder)
    picture = Picture(b"PNG", "a.png", "A way.")
    responder.private, responder.script = True, (Message((Paragraph("word " * 1800), picture)),)
    server.press(post, "Simpler")
    await server.until(lambda: responder.posts)
    _, *pages = server.posts
    assert len(pages) == 3
    assert all(page.ephemeral for page in pages)
    assert pages[-1].attachments


async def test_a_private_answer_is_shared_by_a_button_on_it(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private, responder.script = True, (ANSWER,)
    server.command("ask", {"question": "What is attention?", "private": True})
    post = await server.reading("It weighs.")
    responder.private, responder.script = False, (says("Shared."),)
    server.press(post, "Share")
    shared = await server.reading("Shared.")
    assert (post.ephemeral, shared.ephemeral) == (True, False)
    assert shared.channel == server.general
    assert responder.heard[-1][1].unseen


@pytest.mark.parametrize(("label", "matters"), [("Now", True), ("Simpler", False)])
@pytest.mark.parametrize("administers", [True, False])
async def test_who_manages_the_guild_is_told_of_administrative_buttons(
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
    label: str,
    matters: bool,
    administers: bool,
) -> None:
    post = await answered(server, responder)
    server.press(post, label, by=server.person("Grace", administers=administers))
    await server.posted(2)
    assert responder.heard[0][1].administers is (administers and matters)


async def test_a_form_is_opened_before_anything_is_done(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.forms = {BAD.code: FORM}
    post = await answered(server, responder)
    pressed = server.press(post, "👎")
    form = await server.until(lambda: pressed.form)
    [label] = form["components"]
    field = label["component"]
    assert (form["title"], label["label"]) == (FORM.title, FORM.label)
    assert (field["placeholder"], field["max_length"], field["required"]) == (
        FORM.hint,
        FORM.limit,
        False,
    )
    assert not responder.pressed


@pytest.mark.parametrize("text", ["It doesn't say why.", ""])
async def test_what_is_typed_into_a_form_is_handed_to_the_core_with_the_action(
    server: DiscordServer, responder: PacedResponder, surface: Task, text: str
) -> None:
    responder.forms = {BAD.code: FORM}
    post = await answered(server, responder)
    submitted = await server.submit(server.press(post, "👎"), text)
    new = await server.reading("Scripted.")
    assert responder.pressed == [BAD]
    [(_, said)] = responder.heard
    assert (said.key, said.text) == (f"discord:{submitted.id}", text)
    assert said.asker == f"discord:{server.ada.id}"
    assert new.reply_to == post.id


async def test_two_people_fill_the_same_form_in_at_once(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.forms = {BAD.code: FORM}
    post = await answered(server, responder)
    first, second = server.press(post, "👎"), server.press(post, "👎", by=server.person("Eve"))
    await server.submit(second, "from Eve")
    await server.submit(first, "from Ada")
    await server.posted(3)
    assert sorted(said.text for _, said in responder.heard) == ["from Ada", "from Eve"]


async def test_a_form_on_a_private_answer_tells_that_nobody_else_sees_it(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.forms = {BAD.code: FORM}
    responder.private, responder.script = True, (ANSWER,)
    server.command("ask", {"question": "What is attention?", "private": True})
    post = await server.reading("It weighs.")
    await server.submit(server.press(post, "👎"), "wrong")
    await server.posted(2)
    assert responder.heard[-1][1].unseen


@pytest.mark.parametrize("form", [False, True])
async def test_a_press_that_is_noticed_too_late_is_one_line_in_the_log(
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
    log: list[LogRecord],
    form: bool,
) -> None:
    responder.forms = {BAD.code: FORM} if form else {}
    post = await answered(server, responder)
    server.press(post, "👎")
    server.clock.advance(4)
    [record] = await server.until(lambda: log)
    assert "10062" in record.getMessage()
    assert "\n" not in record.getMessage()
    server.press(post, "Simpler")
    await server.reading("Scripted.")


async def test_an_unknown_button_of_an_earlier_version_does_no_harm(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    post = await answered(server, responder)
    row = post.components[-1]
    row["components"][0]["custom_id"] = "dance:41:"
    server.press(post, "Simpler")
    server.press(post, "👎")
    await server.reading("Scripted.")
    assert responder.pressed == [BAD]


async def test_nothing_is_kept_of_the_buttons_that_were_posted(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    before = _layouts()
    post = await answered(server, responder)
    server.press(post, "Simpler")
    await server.until(lambda: responder.posts)
    assert _layouts() <= before


def _layouts() -> set[int]:
    gc.collect()
    return {id(each) for each in gc.get_objects() if type(each) is ui.LayoutView}
