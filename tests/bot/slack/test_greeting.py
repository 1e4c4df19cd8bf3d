"""The app's home, questions to begin with, and the titles of an assistant's threads."""

from __future__ import annotations

import pytest

from bot.core.action import Action, Form, Verb
from bot.core.conversation import Place
from bot.core.messages.message import (
    Bullets,
    Button,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Rating,
    SourceLine,
    Sources,
)
from tests.bot.slack.serving import Listener, Serve
from tests.platforms.slack_server import SlackServer

REINDEX = Action(Verb.REINDEX)
HOME = Message(
    (
        Heading("Ask me about AI"),
        Paragraph("I *explain* **concepts**, see [there](https://example.org)."),
        Bullets(("tokens", "`attention`")),
        Buttons((Button("Reindex", REINDEX),), "Ask again:"),
        Note("Quoted."),
    )
)


async def test_the_home_is_published_when_it_is_opened(server: SlackServer, serve: Serve) -> None:
    responder = Listener(script=(HOME,))
    async with serve(responder):
        server.open_app()
        view = await server.until(lambda: server.homes.get(server.ada.id))
    kinds = [block["type"] for block in view["blocks"]]
    assert kinds == ["header", "rich_text", "rich_text", "rich_text", "section", "rich_text"]
    direct = server.direct(server.ada)
    assert responder.last.place == Place("slack", server.team, direct.id, direct=True)
    assert responder.last.asker == f"slack:{server.team}:{server.ada.id}"


async def test_markdown_at_home_is_rich_text(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener(script=(HOME,))):
        server.open_app()
        view = await server.until(lambda: server.homes.get(server.ada.id))
    [paragraph] = view["blocks"][1]["elements"]
    assert paragraph["elements"] == [
        {"type": "text", "text": "I "},
        {"type": "text", "text": "explain", "style": {"italic": True}},
        {"type": "text", "text": " "},
        {"type": "text", "text": "concepts", "style": {"bold": True}},
        {"type": "text", "text": ", see "},
        {"type": "link", "url": "https://example.org", "text": "there"},
        {"type": "text", "text": "."},
    ]
    [items] = view["blocks"][2]["elements"]
    assert items["elements"][1]["elements"] == [
        {"type": "text", "text": "attention", "style": {"code": True}}
    ]


async def test_everything_a_message_can_hold_finds_a_place_at_home(
    server: SlackServer, serve: Serve
) -> None:
    rating = Rating(Action(Verb.GOOD), Action(Verb.BAD))
    source = Sources((SourceLine(1, "Attention", url="https://example.org"),))
    message = Message((*HOME.blocks, Code("x = 1"), source, rating, Paragraph(" "), Buttons(())))
    async with serve(Listener(script=(message,))):
        server.open_app()
        view = await server.until(lambda: server.homes.get(server.ada.id))
    assert [block["type"] for block in view["blocks"][6:]] == ["rich_text", "context"]


@pytest.mark.parametrize("admin", [True, False])
async def test_the_core_learns_who_administers_the_workspace_at_home(
    server: SlackServer, serve: Serve, admin: bool
) -> None:
    responder = Listener(script=(HOME,))
    grace = server.person("Grace", admin=admin)
    async with serve(responder):
        server.open_app(by=grace)
        await server.until(lambda: server.homes.get(grace.id))
    assert responder.last.administers is admin


async def test_a_button_at_home_is_answered_in_the_direct_conversation(
    server: SlackServer, serve: Serve
) -> None:
    responder = Listener(script=(HOME,))
    async with serve(responder):
        server.open_app()
        await server.until(lambda: server.homes)
        server.press(server.ada, "Reindex")
        [post] = await server.posted()
    direct = server.direct(server.ada)
    assert responder.pressed == [REINDEX]
    assert responder.last.place == Place("slack", server.team, direct.id, direct=True)
    assert (post.channel, post.thread, post.ephemeral) == (direct, None, False)


async def test_a_form_at_home_is_answered_in_the_direct_conversation(
    server: SlackServer, serve: Serve
) -> None:
    responder = Listener(script=(HOME,), forms={REINDEX.code: Form("Sure?", "Say why")})
    async with serve(responder):
        server.open_app()
        await server.until(lambda: server.homes)
        server.press(server.ada, "Reindex")
        [modal] = await server.until(lambda: server.modals)
        server.submit(modal, {"words": "New articles."})
        [post] = await server.posted()
    assert post.channel == server.direct(server.ada)
    assert responder.last.text == "New articles."


async def test_questions_are_suggested_where_the_messages_are_opened(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(Listener()):
        server.open_app("messages")
        [told] = await server.until(lambda: server.prompts)
    questions = ("What is a token?", "What is attention?")
    assert told["channel_id"] == server.direct(server.ada).id
    assert "thread_ts" not in told
    assert told["prompts"] == [{"title": each, "message": each} for each in questions]


async def test_questions_are_suggested_in_a_new_thread_of_an_assistant(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(Listener()):
        opened = server.open_assistant()
        [told] = await server.until(lambda: server.prompts)
    assert (told["channel_id"], told["thread_ts"]) == (opened.channel.id, opened.id)


async def test_a_thread_of_an_assistant_is_named_after_its_first_question(
    server: SlackServer, serve: Serve
) -> None:
    responder = Listener()
    async with serve(responder):
        opened = server.open_assistant()
        await server.until(lambda: server.prompts)
        for question in ("What is <!channel> attention?", "And a token?"):
            server.say(question, channel=opened.channel, reply_to=opened)
        posts = await server.posted(2)
        await server.called("assistant.threads.setTitle")
        await server.until(lambda: server.titles)
    assert {post.thread for post in posts} == {opened.id}
    assert server.titles == {
        (opened.channel.id, opened.id): "What is <\N{ZERO WIDTH SPACE}!channel> attention?"
    }


async def test_other_direct_threads_get_no_title(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        direct = server.direct(server.ada)
        said = server.say("What is attention?", channel=direct)
        server.say("And a token?", channel=direct, reply_to=said)
        await server.posted(2)
    assert not server.titles


async def test_a_refused_title_leaves_the_answer(server: SlackServer, serve: Serve) -> None:
    server.refuse("assistant.threads.setTitle", "missing_scope")
    async with serve(Listener()):
        opened = server.open_assistant()
        await server.until(lambda: server.prompts)
        server.say("What is attention?", channel=opened.channel, reply_to=opened)
        assert await server.posted()


@pytest.mark.parametrize(
    ("tab", "method"),
    [("home", "views.publish"), ("messages", "assistant.threads.setSuggestedPrompts")],
)
async def test_what_slack_does_not_show_is_noted_in_one_line(
    server: SlackServer, serve: Serve, caplog: pytest.LogCaptureFixture, tab: str, method: str
) -> None:
    server.refuse(method, "missing_scope")
    async with serve(Listener(script=(HOME,))):
        server.open_app(tab)
        await server.called(method)
        server.say("What is attention?", channel=server.direct(server.ada))
        await server.posted()
    told = [record for record in caplog.records if record.name == "bot.slack.listeners"]
    assert [record.getMessage() for record in told] == [
        "Slack did not take part in what somebody did: missing_scope"
    ]
    assert told[0].exc_info is None


@pytest.mark.parametrize("tab", ["about", "search"])
async def test_other_tabs_are_only_acknowledged(
    server: SlackServer, serve: Serve, tab: str
) -> None:
    async with serve(Listener()):
        delivery = server.open_app(tab)
        await server.until(lambda: delivery.acknowledged)
    assert [call.method for call in server.calls] == ["auth.test", "apps.connections.open"]
