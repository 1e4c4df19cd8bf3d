"""Buttons, forms, menus and shortcuts: what reaches the core, and where the answer goes."""

from __future__ import annotations

import pytest

from bot.core.action import Action, Form, Verb
from bot.core.commands import CATALOGUE, Command
from bot.core.conversation import Place
from bot.core.messages.message import Button, Buttons, Message, Paragraph, Rating, Tone
from tests.bot.slack.serving import Listener, Live, Serve, paragraph
from tests.platforms.slack_acts import BAD, GOOD
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_views import TRIGGER_SECONDS
from tests.platforms.slack_world import Post

SIMPLER, SHARE = Action(Verb.SIMPLER, "7"), Action(Verb.SHARE, "7")
UP, DOWN = Action(Verb.GOOD, "7"), Action(Verb.BAD, "7")
REINDEX = Action(Verb.REINDEX)
ANSWER = Message(
    (
        Paragraph("An answer."),
        Rating(UP, DOWN),
        Buttons(
            (
                Button("Simpler", SIMPLER),
                Button("Share", SHARE, Tone.MAIN),
                Button("Reindex", REINDEX, Tone.DANGER),
            )
        ),
    )
)
WHY = Form("What was wrong?", "What was wrong or missing?", "For example: it is old", limit=500)


def answering(**fields: object) -> Listener:
    """A core whose answers have buttons."""
    responder = Listener(script=(ANSWER,))
    for name, value in fields.items():
        setattr(responder, name, value)
    return responder


async def answered(server: SlackServer) -> Post:
    """An answer in a thread of the channel."""
    server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    return post


async def test_a_pressed_button_becomes_an_utterance(server: SlackServer, serve: Serve) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        used = server.press(post, "Simpler", by=server.person("Grace"))
        await server.posted(2)
    said = responder.last
    assert responder.pressed == [SIMPLER]
    assert said.key == f"slack:{server.team}:{used.id}"
    assert said.asker == f"slack:{server.team}:{used.by.id}"
    assert said.place == Place("slack", server.team, server.general.id, post.thread)
    assert (said.text, said.unseen, said.administers) == ("", False, False)


async def test_what_everybody_may_see_is_answered_in_the_buttons_thread(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        server.press(post, "Simpler")
        _, answer = await server.posted(2)
        await server.until(lambda: len(responder.posts) == 2)
    assert (answer.thread, answer.ephemeral) == (post.thread, False)
    assert responder.posts[1] == (responder.last.key, (answer.id,))


async def test_below_a_message_outside_of_threads_a_thread_is_begun(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering()
    async with serve(responder):
        server.command("topics")
        [post] = await server.posted()
        server.press(post, "Simpler")
        _, answer = await server.posted(2)
    assert answer.thread == post.id
    assert responder.last.place == Place("slack", server.team, server.general.id, post.id)


async def test_an_answer_to_a_button_is_streamed(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(ANSWER, None)
        [post] = await server.posted()
        server.press(post, "Simpler")
        responder.say(paragraph("Looking …", progress=True))
        await server.until(lambda: "Looking …" in dict.fromkeys(s for *_, s in server.statuses))
        responder.say(paragraph("One."))
        await server.reading("One.")
        responder.say(paragraph("One. Two."), None)
        answer = await server.reading("One. Two.")
    assert answer.history[:2] == ["One.", "One. Two."]
    assert "chat.startStream" in [call.method for call in server.calls]


async def test_a_private_answer_to_a_button_is_whispered_in_its_thread(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        responder.private = True
        server.press(post, "Simpler")
        _, answer = await server.posted(2)
    assert (answer.ephemeral, answer.thread) == (True, post.thread)


async def test_a_private_answer_to_a_button_outside_of_threads_leaves_its_message(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering()
    async with serve(responder):
        server.command("ask", "What is attention?")
        [post] = await server.posted()
        responder.private = True
        server.press(post, "Simpler")
        first, answer = await server.posted(2)
        await server.until(lambda: len(responder.posts) == 2)
    assert first.history == ["An answer."]
    assert (answer.ephemeral, answer.channel) == (True, server.general)
    assert responder.last.unseen
    assert responder.posts[1][1] == ()


@pytest.mark.parametrize("joined", [True, False])
async def test_what_only_one_person_saw_can_be_shared(
    server: SlackServer, serve: Serve, joined: bool
) -> None:
    channel = server.channel("elsewhere", joined=joined)
    async with serve(answering()):
        server.command("ask", "What is attention?", channel=channel)
        [post] = await server.posted()
        server.press(post, "Share")
        _, shared = await server.posted(2)
    assert (shared.ephemeral, shared.channel, shared.thread) == (False, channel, None)


async def test_a_whisper_in_a_thread_is_shared_there(server: SlackServer, serve: Serve) -> None:
    responder = answering(private=True)
    async with serve(responder):
        root = server.say("Let us talk about attention.")
        server.say(f"{server.bot.mention} What is it?", reply_to=root)
        [post] = await server.posted()
        responder.private = False
        server.press(post, "Share")
        _, shared = await server.posted(2)
    assert (post.ephemeral, shared.ephemeral, shared.thread) == (True, False, root.id)


async def test_a_button_in_a_direct_conversation_is_answered_there(
    server: SlackServer, serve: Serve
) -> None:
    direct = server.direct(server.ada)
    responder = answering(private=True)
    async with serve(responder):
        said = server.say("What is attention?", channel=direct)
        [post] = await server.posted()
        server.press(post, "Simpler")
        _, answer = await server.posted(2)
    assert (answer.channel, answer.thread, answer.ephemeral) == (direct, said.id, False)
    assert responder.last.place == Place("slack", server.team, direct.id, said.id, direct=True)


@pytest.mark.parametrize(("thumb", "action"), [(GOOD, UP), (BAD, DOWN)])
async def test_thumbs_reach_the_core(
    server: SlackServer, serve: Serve, thumb: str, action: Action
) -> None:
    responder = answering()
    async with serve(responder):
        server.press(await answered(server), thumb)
        await server.until(lambda: responder.pressed)
    assert responder.pressed == [action]


async def test_a_button_without_an_answer_leaves_nothing_to_be_seen(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        responder.script = ()
        for _ in range(2):
            server.press(post, "Simpler")
        await server.until(lambda: len(responder.posts) == 3)
    assert server.posts == [post]
    assert [ids for _, ids in responder.posts[1:]] == [(), ()]


@pytest.mark.parametrize("admin", [True, False])
async def test_slack_is_asked_who_administers_for_a_button_where_it_matters(
    server: SlackServer, serve: Serve, admin: bool
) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        server.press(post, "Reindex", by=server.person("Grace", admin=admin))
        await server.posted(2)
    assert responder.last.administers is admin


async def test_a_button_is_acknowledged_before_the_work(server: SlackServer, serve: Serve) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        with server.holding("users.info"):
            [delivery] = await server.acknowledged(server.press(post, "Reindex"))
            assert not delivery.late
            assert not responder.pressed


async def test_a_button_of_somebody_else_is_ignored(server: SlackServer, serve: Serve) -> None:
    responder = answering()
    async with serve(responder):
        post = await answered(server)
        post.payload["blocks"][-1]["elements"][0]["value"] = "launch:missiles:"
        server.press(post, "Simpler")
        server.press(post, "Share")
        await server.posted(2)
    assert responder.pressed == [SHARE]


async def test_a_button_that_asks_opens_a_form(server: SlackServer, serve: Serve) -> None:
    responder = answering(forms={DOWN.code: WHY})
    async with serve(responder):
        server.press(await answered(server), BAD)
        [modal] = await server.until(lambda: server.modals)
    [field] = modal.view["blocks"]
    assert modal.view["title"]["text"] == WHY.title
    assert field["label"]["text"] == WHY.label
    assert field["element"]["placeholder"]["text"] == WHY.hint
    assert (field["element"]["max_length"], field["optional"]) == (500, False)
    assert not responder.pressed


async def test_a_form_that_is_sent_presses_the_button(server: SlackServer, serve: Serve) -> None:
    responder = answering(forms={DOWN.code: WHY})
    async with serve(responder):
        post = await answered(server)
        server.press(post, BAD)
        [modal] = await server.until(lambda: server.modals)
        sent = server.submit(modal, {"words": "It is old."})
        _, answer = await server.posted(2)
        [delivery] = await server.acknowledged(sent)
    said = responder.last
    assert responder.pressed == [DOWN]
    assert (said.text, said.key) == ("It is old.", f"slack:{server.team}:{modal.id}")
    assert said.place == Place("slack", server.team, server.general.id, post.thread)
    assert answer.thread == post.thread
    assert not (delivery.answer or {}).get("errors")


async def test_the_form_of_an_unseen_message_is_answered_unseen(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering(forms={DOWN.code: WHY})
    async with serve(responder):
        server.command("ask", "What is attention?")
        [post] = await server.posted()
        server.press(post, BAD)
        [modal] = await server.until(lambda: server.modals)
        responder.private = True
        server.submit(modal, {"words": "It is old."})
        _, answer = await server.posted(2)
    assert responder.last.unseen
    assert (answer.ephemeral, answer.channel) == (True, server.general)


async def test_a_form_that_may_stay_empty_may_be_sent_empty(
    server: SlackServer, serve: Serve
) -> None:
    responder = answering(forms={DOWN.code: Form("Why?", "Why?", required=False)})
    async with serve(responder):
        server.press(await answered(server), BAD)
        [modal] = await server.until(lambda: server.modals)
        server.submit(modal)
        await server.until(lambda: responder.pressed)
    assert responder.last.text == ""


async def test_a_form_that_comes_too_late_leaves_the_surface_serving(
    server: SlackServer, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    responder = answering(forms={DOWN.code: WHY})
    async with serve(responder):
        post = await answered(server)
        with server.holding("views.open"):
            server.press(post, BAD)
            await server.called("views.open")
            server.clock.advance(TRIGGER_SECONDS + 1)
        server.press(post, "Simpler")
        await server.posted(2)
    assert "Slack did not open a form: expired_trigger_id" in caplog.text
    assert not server.modals


MENU = [command for command in CATALOGUE if command.on_message]


@pytest.mark.parametrize("command", MENU, ids=lambda command: command.name)
async def test_a_messages_menu_hands_its_words_to_the_command(
    server: SlackServer, serve: Serve, command: Command
) -> None:
    responder = answering()
    async with serve(responder):
        said = server.say("Attention <weighs>.")
        used = server.use_menu(said, command.name)
        [post] = await server.posted()
    assert responder.commands == [(command.name, {command.options[0].name: "Attention <weighs>."})]
    assert responder.last.key == f"slack:{server.team}:{used.id}"
    assert responder.last.place == Place("slack", server.team, server.general.id, said.id)
    assert (post.thread, post.ephemeral) == (said.id, False)


async def test_a_private_explanation_of_a_message_is_seen_by_one_person(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(answering(private=True)):
        server.use_menu(server.say("Attention weighs."), "explain")
        [post] = await server.posted()
    assert (post.ephemeral, post.channel) == (True, server.general)


async def test_a_message_can_be_explained_where_the_bot_is_not(
    server: SlackServer, serve: Serve
) -> None:
    elsewhere = server.channel("elsewhere", joined=False)
    server.subscriptions = set()
    async with serve(answering()):
        server.use_menu(server.say("Attention weighs.", channel=elsewhere), "explain")
        [post] = await server.posted()
    assert (post.ephemeral, post.channel) == (False, elsewhere)


async def test_the_global_shortcut_asks_for_a_question(server: SlackServer, serve: Serve) -> None:
    async with serve(answering()):
        server.use_shortcut("ask_explainer")
        [modal] = await server.until(lambda: server.modals)
    question, level = modal.view["blocks"]
    assert modal.view["title"]["text"] == "Ask Explainer"
    assert (question["optional"], level["optional"]) == (False, True)
    values = [option["value"] for option in level["element"]["options"]]
    assert values == ["beginner", "practitioner", "expert"]


@pytest.mark.parametrize(
    "words", [{"question": "What is attention?", "level": "expert"}, {"question": "Why?"}]
)
async def test_a_question_of_the_global_shortcut_is_answered_directly(
    server: SlackServer, serve: Serve, words: dict[str, str]
) -> None:
    responder = answering()
    async with serve(responder):
        server.use_shortcut("ask_explainer")
        [modal] = await server.until(lambda: server.modals)
        server.submit(modal, words)
        [post] = await server.posted()
        await server.until(lambda: responder.posts)
    direct = server.direct(server.ada)
    assert responder.commands == [("ask", words)]
    assert responder.last.place == Place("slack", server.team, direct.id, direct=True)
    assert (post.channel, post.thread) == (direct, None)
    assert responder.posts == [(f"slack:{server.team}:{modal.id}", (post.id,))]
