"""Slash commands: what reaches the core, and who sees the answer."""

from __future__ import annotations

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.conversation import Level, Place
from bot.core.message import Message
from bot.slack.delivery import Response
from tests.bot.slack.conftest import Listener, Live, Serve, paragraph
from tests.platforms.slack_api import RESPONSE_SECONDS, RESPONSE_USES
from tests.platforms.slack_server import SlackServer


@pytest.mark.parametrize("name", ["ask", "summary", "path"])
async def test_answers_are_seen_by_the_asker_alone(
    server: SlackServer, serve: Serve, name: str
) -> None:
    async with serve(Listener()):
        server.command(name, "attention")
        [post] = await server.posted()
    assert (post.text, post.ephemeral, post.channel) == ("Scripted.", True, server.general)


@pytest.mark.parametrize("private", [True, False])
async def test_the_answer_to_a_reindex_is_as_private_as_the_core_says(
    server: SlackServer, serve: Serve, private: bool
) -> None:
    async with serve(Listener(private=private)):
        server.command("reindex")
        [post] = await server.posted()
    assert post.ephemeral is private


async def test_a_command_becomes_an_utterance(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    async with serve(responder):
        used = server.command("ask", "What is &lt;pad&gt;?")
        await server.posted()
    [(verb, utterance)] = responder.heard
    assert verb == "ask"
    assert utterance.key == f"slack:{server.team}:{used.id}"
    assert utterance.text == "What is <pad>?"
    assert utterance.asker == f"slack:{server.team}:{server.ada.id}"
    assert utterance.place == Place("slack", server.team, server.general.id)
    assert utterance.addressed


@pytest.mark.parametrize(
    ("name", "verb"),
    [("ask", "ask"), ("summary", "summarize"), ("path", "path"), ("reindex", "reindex")],
)
async def test_every_command_has_its_use_case(
    server: SlackServer, serve: Serve, name: str, verb: str
) -> None:
    responder = Listener()
    async with serve(responder):
        server.command(name, "attention")
        await server.posted()
    assert [heard for heard, _ in responder.heard] == [verb]


@pytest.mark.parametrize(
    ("options", "text", "level"),
    [
        ({"question": "What is attention?", "level": "beginner"}, "What is attention?", "beginner"),
        ("level=Expert What is attention?", "What is attention?", "expert"),
        ("What is attention?", "What is attention?", None),
        ("What does level=expert do here?", "What does level=expert do here?", None),
        ("level=expert", "", "expert"),
        ("", "", None),
    ],
)
async def test_the_level_reaches_the_core(
    server: SlackServer,
    serve: Serve,
    options: str | dict[str, str],
    text: str,
    level: Level | None,
) -> None:
    responder = Listener()
    async with serve(responder):
        server.command("ask", options)
        await server.posted()
    assert responder.words == [text]
    assert responder.asked == [(level, True)]


async def test_the_level_of_a_summary_reaches_the_core(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    async with serve(responder):
        server.command("summary", {"topic": "transformers", "level": "expert"})
        await server.posted()
    assert (responder.words, responder.asked) == (["transformers"], [(Level.EXPERT, False)])


@pytest.mark.parametrize("how", ["", "dry run", "force", "at once"])
async def test_what_stands_behind_reindex_reaches_the_core(
    server: SlackServer, serve: Serve, how: str
) -> None:
    responder = Listener()
    async with serve(responder):
        server.command("reindex", how)
        await server.posted()
    assert responder.words == [how]


async def test_a_command_is_acknowledged_before_the_work(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder):
        used = server.command("ask", "What is attention?")
        [delivery] = await server.acknowledged(used)
        responder.say(paragraph("An answer."), None)
        await server.reading("An answer.")
    assert not delivery.late


async def test_a_quick_answer_comes_without_progress(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder):
        server.command("ask", "What is attention?")
        responder.say(paragraph("Looking …", progress=True))
        await server.until(responder.lines.empty)
        responder.say(paragraph("An answer."), None)
        await server.reading("An answer.")
    assert [post.text for post in server.posts] == ["An answer."]


async def test_a_slow_answer_comes_after_progress(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.command("reindex")
        responder.say(paragraph("Reading …", progress=True))
        await server.reading("Reading …")
        responder.say(paragraph("Done."), None)
        await server.reading("Done.")
    assert [post.text for post in server.posts] == ["Reading …", "Done."]


@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_that_comes_too_late_is_posted_as_privately(
    server: SlackServer, serve: Serve, private: bool
) -> None:
    responder = Live(private=private)
    async with serve(responder, pause=0.0):
        server.command("reindex")
        responder.say(paragraph("Reading …", progress=True))
        await server.reading("Reading …")
        server.clock.advance(RESPONSE_SECONDS + 1)
        responder.say(paragraph("Done."), None)
        late = await server.reading("Done.")
    assert late.channel == (server.direct(server.ada) if private else server.general)
    assert late.thread is None


class NoScreen:
    """A place where nothing is ever shown."""

    async def show(self, message: Message) -> None:
        raise NotImplementedError

    async def finish(self, message: Message) -> str | None:
        raise NotImplementedError


async def test_progress_is_told_once(server: SlackServer) -> None:
    webhook = AsyncWebhookClient(server.command("reindex").response_url)
    screen = Response(webhook, private=False, late=NoScreen())
    for text in ("Reading …", "Checking …"):
        await screen.show(paragraph(text, progress=True))
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
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
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
