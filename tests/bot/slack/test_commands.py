"""Slash commands: what reaches the core, and who sees the answer."""

from __future__ import annotations

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.commands import CATALOGUE
from bot.core.conversation import Place
from bot.core.messages.message import Message, Paragraph
from bot.slack.screens import Response
from tests.bot.slack.serving import Listener, Live, Serve, paragraph
from tests.platforms.slack_api import RESPONSE_SECONDS, RESPONSE_USES
from tests.platforms.slack_server import SlackServer

PRIVATE = [command.name for command in CATALOGUE if "private" in command.usage]


@pytest.mark.parametrize("name", PRIVATE)
async def test_answers_are_seen_by_the_asker_alone(
    server: SlackServer, serve: Serve, name: str
) -> None:
    async with serve(Listener()):
        server.command(name, "attention")
        [post] = await server.posted()
    assert (post.text, post.ephemeral, post.channel) == ("Scripted.", True, server.general)


@pytest.mark.parametrize("words", ["private=false attention", "attention private=false"])
async def test_who_asks_for_it_gets_an_answer_that_everybody_sees(
    server: SlackServer, serve: Serve, words: str
) -> None:
    responder = Listener()
    async with serve(responder):
        server.command("ask", words)
        [post] = await server.posted()
        await server.until(lambda: responder.posts)
    assert (post.ephemeral, post.channel, post.thread) == (False, server.general, None)
    assert responder.posts == [(responder.last.key, (post.id,))]


@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_without_a_choice_is_as_private_as_the_core_says(
    server: SlackServer, serve: Serve, private: bool
) -> None:
    async with serve(Listener(private=private)):
        server.command("reindex")
        [post] = await server.posted()
    assert post.ephemeral is private


async def test_where_the_bot_is_not_in_the_channel_everybody_sees_the_answer_all_the_same(
    server: SlackServer, serve: Serve
) -> None:
    elsewhere = server.channel("elsewhere", joined=False)
    async with serve(Listener()):
        server.command("topics", channel=elsewhere)
        [post] = await server.posted()
    assert (post.text, post.ephemeral, post.channel) == ("Scripted.", False, elsewhere)


async def test_a_command_becomes_an_utterance(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    async with serve(responder):
        used = server.command("ask", "What is &lt;pad&gt;?")
        await server.posted()
    [(verb, utterance)] = responder.heard
    assert verb == "ask"
    assert utterance.key == f"slack:{server.team}:{used.id}"
    assert utterance.asker == f"slack:{server.team}:{server.ada.id}"
    assert utterance.place == Place("slack", server.team, server.general.id)
    assert utterance.addressed
    assert responder.commands == [("ask", {"question": "What is <pad>?", "private": "true"})]


@pytest.mark.parametrize("prefix", ["", "ai-", "ask_"])
async def test_every_command_reaches_the_core_under_any_prefix(
    server: SlackServer, serve: Serve, prefix: str
) -> None:
    responder = Listener()
    names = [command.name for command in CATALOGUE]
    async with serve(responder):
        for count, name in enumerate(names, 1):
            first, _, rest = name.partition(" ")
            server.command(prefix + first, rest)
            await server.posted(count)
    assert [name for name, _ in responder.commands] == names


@pytest.mark.parametrize(
    ("name", "words", "options"),
    [
        ("ask", "level=Expert Why?", {"question": "Why?", "level": "expert", "private": "true"}),
        ("ask", "", {"private": "true"}),
        ("compare", "LoRA vs QLoRA", {"a": "LoRA", "b": "QLoRA", "private": "true"}),
        ("topics", "attention", {"theme": "attention"}),
        ("explainer", "rollback 3", {"edition": "3"}),
    ],
)
async def test_the_words_behind_a_command_are_its_options(
    server: SlackServer, serve: Serve, name: str, words: str, options: dict[str, str]
) -> None:
    responder = Listener()
    async with serve(responder):
        server.command(name, words)
        await server.posted()
    assert [given for _, given in responder.commands] == [options]


@pytest.mark.parametrize(
    ("name", "admin", "administers", "asked"),
    [
        ("explainer status", True, True, 1),
        ("explainer status", False, False, 1),
        ("reindex", True, True, 1),
        ("ask", True, False, 0),
    ],
)
async def test_slack_is_asked_who_administers_where_it_matters(
    server: SlackServer, serve: Serve, name: str, admin: bool, administers: bool, asked: int
) -> None:
    responder = Listener()
    first, _, rest = name.partition(" ")
    async with serve(responder):
        server.command(first, rest, by=server.person("Grace", admin=admin))
        await server.posted()
    assert responder.last.administers is administers
    assert [call.method for call in server.calls].count("users.info") == asked


async def test_who_is_not_known_to_administer_does_not(server: SlackServer, serve: Serve) -> None:
    server.refuse("users.info", "missing_scope")
    responder = Listener()
    async with serve(responder):
        server.command("reindex", by=server.person("Grace", admin=True))
        await server.posted()
    assert responder.last.administers is False


async def test_a_command_is_acknowledged_before_the_work(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    with server.holding("users.info"):
        async with serve(responder):
            [delivery] = await server.acknowledged(server.command("reindex"))
            assert not delivery.late
            assert not responder.heard


async def test_a_quick_answer_comes_without_progress(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder):
        server.command("ask", "What is attention?")
        responder.say(paragraph("Looking …", progress=True))
        await server.until(responder.lines.empty)
        responder.say(paragraph("An answer."), None)
        await server.reading("An answer.")
    assert [post.text for post in server.posts] == ["An answer."]


async def test_a_slow_private_answer_comes_after_progress(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live(private=True)
    async with serve(responder, pause=0.0):
        server.command("reindex")
        responder.say(paragraph("Reading …", progress=True))
        await server.reading("Reading …")
        responder.say(paragraph("Done."), None)
        await server.reading("Done.")
    assert [post.text for post in server.posts] == ["Reading …", "Done."]


async def test_a_slow_answer_takes_the_place_of_its_progress(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.command("reindex")
        responder.say(paragraph("Reading …", progress=True))
        await server.reading("Reading …")
        responder.say(paragraph("Done."), None)
        post = await server.reading("Done.")
    assert post.history == ["Reading …", "Done."]


async def test_a_private_answer_that_comes_too_late_is_a_direct_message(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live(private=True)
    async with serve(responder, pause=0.0):
        server.command("reindex")
        responder.say(paragraph("Reading …", progress=True))
        await server.reading("Reading …")
        server.clock.advance(RESPONSE_SECONDS + 1)
        responder.say(paragraph("Done."), None)
        late = await server.reading("Done.")
    assert (late.channel, late.thread) == (server.direct(server.ada), None)


async def test_progress_is_told_once(server: SlackServer) -> None:
    webhook = AsyncWebhookClient(server.command("reindex").response_url)
    screen = Response(webhook, private=False)
    for text in ("Reading …", "Checking …"):
        await screen.show(paragraph(text, progress=True))
    await screen.show(Message((Paragraph("Done …"), Paragraph("…")), progress=True))
    await screen.show(paragraph("Done."))
    await screen.finish(paragraph("Done."))
    assert [post.text for post in server.posts] == ["Reading …", "Done."]


async def test_a_long_answer_stays_within_the_uses_of_its_address(
    server: SlackServer, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.command("ask", "Tell me everything.")
        responder.say(paragraph("Looking …", progress=True))
        await server.reading("Looking …")
        responder.say(paragraph("word " * 20_000), None)
        await server.posted(RESPONSE_USES)
        server.command("ask", "What is attention?")
        responder.say(paragraph("An answer."), None)
        await server.reading("An answer.")
    assert len(server.posts) == RESPONSE_USES + 1
    assert "cut to 4 of" in caplog.text


async def test_a_refused_answer_leaves_the_surface_serving(
    server: SlackServer, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(Listener()):
        server.fail("response_url", 500)
        server.command("ask", "What is attention?")
        await server.called("response_url")
        server.command("ask", "What is a token?")
        await server.posted()
    [record] = [record for record in caplog.records if record.name == "bot.slack.answering"]
    assert record.getMessage().endswith("HTTP 500")


@pytest.mark.parametrize("fault", ["rate limit", "cut connection"])
async def test_an_answer_survives_a_passing_fault(
    server: SlackServer, serve: Serve, fault: str
) -> None:
    async with serve(Listener()):
        if fault == "rate limit":
            server.fail("response_url", 429, retry_after="0")
        else:
            server.drop("response_url")
        server.command("ask", "What is attention?")
        assert await server.posted()
