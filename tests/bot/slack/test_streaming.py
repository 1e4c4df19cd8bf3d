"""Answers that are seen to come: status, streams, and what is done where Slack has neither."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core.action import Action, Verb
from bot.core.messages import phrasing
from bot.core.messages.message import (
    MORE_TO_COME,
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Paragraph,
    Rating,
    SourceLine,
    Sources,
)
from bot.slack.delivery import written
from tests.bot.slack.serving import Live, Serve, paragraph
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_world import Channel, Post

LOOKING = paragraph("Looking …", progress=True)
CHECKING = paragraph("Checking …", progress=True)
FIRST, SECOND = paragraph("One [1]."), paragraph("One [1]. Two [2].")
STOP = Buttons((Button("Stop", Action(Verb.STOP, "7")),))
BELOW = (
    Sources((SourceLine(1, "Attention"),)),
    Rating(Action(Verb.GOOD, "7"), Action(Verb.BAD, "7")),
    Buttons((Button("Simpler", Action(Verb.SIMPLER, "7")),)),
)
WHOLE = Message((*SECOND.blocks, *BELOW))


def growing(*blocks: Block) -> Message:
    """An answer that is still written, as the core tells it."""
    return Message((*blocks, MORE_TO_COME, STOP), progress=True)


class Asked:
    """A question in a channel or a direct conversation, and its answer in the making."""

    def __init__(self, server: SlackServer, responder: Live, channel: Channel) -> None:
        self.server = server
        self.responder = responder
        self.channel = channel
        self.said = server.say(f"{server.bot.mention} What is attention?", channel=channel)

    @property
    def methods(self) -> list[str]:
        """The methods that were called for it, each repetition once."""
        calls = [call.method for call in self.server.calls[2:]]
        return [method for n, method in enumerate(calls) if method not in calls[n - 1 : n]]

    async def worked(self) -> None:
        """Begin with two steps of work, so that a stream begins."""
        await self.stepped(LOOKING)
        self.responder.say(CHECKING)
        await self.server.until(lambda: self.server.posts)

    async def stepped(self, message: Message) -> None:
        """Tell a step, and wait until its status is seen."""
        seen = len(self.server.statuses)
        self.responder.say(message)
        await self.server.until(lambda: len(self.server.statuses) > seen)

    async def showing(self, message: Message, text: str) -> Post:
        """Say something, and wait until people read it."""
        self.responder.say(message)
        return await self.server.reading(text)

    async def answered(self, message: Message) -> Post:
        """Say the last message, and wait until it stands."""
        self.responder.say(message, None)
        await self.server.until(lambda: self.responder.posts)
        return self.server.posts[-1]


@pytest.fixture(params=["channel", "direct"])
async def asked(
    server: SlackServer, serve: Serve, request: pytest.FixtureRequest
) -> AsyncIterator[Asked]:
    channel = server.general if request.param == "channel" else server.direct(server.ada)
    responder = Live()
    async with serve(responder, pause=0.0):
        yield Asked(server, responder, channel)


async def test_the_first_step_is_the_bots_status(asked: Asked) -> None:
    await asked.stepped(LOOKING)
    assert asked.server.statuses == [(asked.channel.id, asked.said.id, "Looking …")]
    assert not asked.server.posts


async def test_the_steps_become_tasks_and_the_text_grows(asked: Asked) -> None:
    await asked.worked()
    [post] = asked.server.posts
    assert (post.thread, post.channel) == (asked.said.id, asked.channel)
    assert post.tasks == {"Looking …": "complete", "Checking …": "in_progress"}
    await asked.showing(FIRST, "One [1].")
    assert set(post.tasks.values()) == {"complete"}
    await asked.showing(SECOND, "Two [2].")
    await asked.answered(WHOLE)
    assert post.history[-3:-1] == ["One [1].", "One [1]. Two [2]."]
    assert not post.streaming
    assert "chat.update" not in asked.methods
    assert "chat.postMessage" not in asked.methods


async def test_sources_thumbs_and_buttons_come_with_the_end_of_the_stream(asked: Asked) -> None:
    await asked.worked()
    await asked.showing(FIRST, "One [1].")
    post = await asked.answered(WHOLE)
    kinds = [block["type"] for block in post.payload["blocks"]]
    assert kinds == ["markdown", "context", "context_actions", "actions"]
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2]."
    assert asked.responder.posts[0][1] == (post.id,)


async def test_a_streamed_answer_carries_the_key_of_what_it_answers(asked: Asked) -> None:
    await asked.worked()
    post = await asked.answered(WHOLE)
    payload = {"key": asked.responder.last.key}
    assert post.payload["metadata"] == {
        "event_type": "explainer_answer",
        "event_payload": payload,
    }


async def test_a_quick_answer_is_posted_at_once(asked: Asked) -> None:
    await asked.stepped(LOOKING)
    post = await asked.answered(WHOLE)
    assert post.history == [post.text]
    assert asked.methods == ["assistant.threads.setStatus", "chat.postMessage"]
    assert asked.server.statuses[-1] == (asked.channel.id, asked.said.id, "")


async def test_an_answer_that_is_begun_anew_takes_the_place_of_the_first(asked: Asked) -> None:
    await asked.worked()
    await asked.showing(FIRST, "One [1].")
    await asked.showing(paragraph("Another"), "Another")
    await asked.showing(paragraph("Another answer"), "Another answer")
    post = await asked.answered(Message((Paragraph("Another answer."), *BELOW)))
    assert [p.id for p in asked.server.posts] == [post.id]
    assert post.payload["blocks"][0]["text"] == "Another answer."
    assert asked.responder.posts[0][1] == (post.id,)


async def test_a_remark_at_the_end_is_added(asked: Asked) -> None:
    await asked.worked()
    await asked.showing(SECOND, "Two [2].")
    post = await asked.answered(Message((*SECOND.blocks, Note("Quoted."), *BELOW)))
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2].\n\n*Quoted.*"
    assert "chat.update" not in asked.methods


async def test_a_stop_button_is_there_while_the_text_grows_and_gone_at_the_end(
    asked: Asked,
) -> None:
    await asked.worked()
    await asked.showing(growing(*FIRST.blocks), "One [1].")
    post = await asked.showing(growing(*SECOND.blocks), "Two [2].")
    assert [block["type"] for block in post.payload["blocks"]] == ["actions", "markdown"]
    asked.server.press(post, "Stop")
    await asked.server.until(lambda: asked.responder.pressed)
    post = await asked.answered(WHOLE)
    kinds = [block["type"] for block in post.payload["blocks"]]
    assert kinds == ["markdown", "context", "context_actions", "actions"]
    assert asked.responder.pressed == [Action(Verb.STOP, "7")]
    assert asked.methods[-2:] == ["chat.stopStream", "chat.update"]


async def test_the_sign_that_there_is_more_to_come_is_not_streamed(asked: Asked) -> None:
    await asked.worked()
    asked.responder.say(growing())
    await asked.showing(growing(*FIRST.blocks), "One [1].")
    post = await asked.showing(growing(*SECOND.blocks), "Two [2].")
    assert post.payload["blocks"][-1]["text"] == "One [1]. Two [2]."
    assert list(post.tasks) == ["Looking …", "Checking …"]
    post = await asked.answered(WHOLE)
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2]."


def test_what_the_core_says_while_it_writes_is_known_to_grow() -> None:
    text = written(phrasing.unfinished_message((), (STOP,)))
    assert text == Message((STOP,))
    assert written(phrasing.say("Looking …", progress=True)) is None


async def test_what_does_not_fit_into_the_streamed_message_follows_it(asked: Asked) -> None:
    await asked.worked()
    await asked.showing(FIRST, "One [1].")
    asked.responder.say(Message((*FIRST.blocks, Paragraph("word " * 4_000), *BELOW)), None)
    await asked.server.until(lambda: asked.responder.posts)
    ids = tuple(post.id for post in asked.server.posts)
    assert len(ids) > 1
    assert asked.responder.posts[0][1] == ids


@pytest.mark.parametrize(
    "code",
    [
        "unknown_method",
        "missing_scope",
        "feature_not_enabled",
        "method_not_supported_for_channel_type",
    ],
)
async def test_without_streams_the_message_is_updated(
    server: SlackServer, serve: Serve, code: str
) -> None:
    server.refuse("chat.startStream", code)
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        await asked.stepped(LOOKING)
        await asked.stepped(CHECKING)
        await asked.showing(FIRST, "One [1].")
        post = await asked.answered(WHOLE)
        assert post.history[0] == "One [1]."
        again = Asked(server, responder, server.general)
        await again.showing(FIRST, "One [1].")
        await again.showing(SECOND, "Two [2].")
    assert [call.method for call in server.calls].count("chat.startStream") == 1


async def test_without_a_status_the_first_step_begins_the_stream(
    server: SlackServer, serve: Serve
) -> None:
    server.refuse("assistant.threads.setStatus", "missing_scope")
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        responder.say(LOOKING)
        [post] = await server.posted()
        assert post.tasks == {"Looking …": "in_progress"}
        await asked.answered(WHOLE)
    assert post.tasks == {"Looking …": "complete"}


async def test_with_neither_the_first_step_is_posted(server: SlackServer, serve: Serve) -> None:
    server.refuse("assistant.threads.setStatus", "unknown_method")
    server.refuse("chat.startStream", "unknown_method")
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        await asked.showing(LOOKING, "Looking …")
        post = await asked.answered(WHOLE)
    assert post.history[0] == "Looking …"
    assert "One [1]. Two [2]." in post.text


FAULTS = [
    ("chat.startStream", 429),
    ("chat.startStream", 500),
    ("chat.startStream", None),
    ("chat.appendStream", 429),
    ("chat.appendStream", 503),
    ("chat.appendStream", None),
    ("chat.stopStream", 429),
    ("chat.stopStream", 500),
    ("chat.stopStream", 502),
    ("chat.stopStream", None),
]


@pytest.mark.parametrize(("method", "status"), FAULTS)
async def test_no_fault_of_a_stream_costs_the_answer(
    server: SlackServer, serve: Serve, method: str, status: int | None
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        if status is None:
            server.drop(method)
        else:
            server.fail(method, status, retry_after="0" if status == 429 else None)
        await asked.stepped(LOOKING)
        responder.say(FIRST)
        await server.called("chat.startStream")
        responder.say(SECOND)
        await server.until(responder.lines.empty)
        post = await asked.answered(WHOLE)
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2]."
    assert len(post.payload["blocks"]) == 4
    assert responder.posts[0][1] == (post.id,)


@pytest.mark.parametrize("status", [429, 500, None])
async def test_a_stream_that_does_not_begin_is_made_good_by_updates(
    server: SlackServer, serve: Serve, status: int | None
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        await asked.stepped(LOOKING)
        if status is None:
            server.drop("chat.startStream")
        else:
            server.fail("chat.startStream", status, retry_after="60")
        await asked.showing(FIRST, "One [1].")
        await asked.showing(SECOND, "Two [2].")
        post = await asked.answered(WHOLE)
        assert post.history[:2] == ["One [1].", "One [1]. Two [2]."]
        again = Asked(server, responder, server.general)
        await again.stepped(LOOKING)
        await again.showing(paragraph("Three."), "Three.")
    assert [call.method for call in server.calls].count("chat.startStream") == 2


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream"])
async def test_a_call_whose_answer_is_lost_does_not_double_the_text(
    server: SlackServer, serve: Serve, method: str
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        await asked.worked()
        server.drop(method, late=True)
        await asked.showing(FIRST, "One [1].")
        post = await asked.answered(WHOLE)
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2]."


async def test_a_stream_that_slack_has_ended_is_updated(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        await asked.worked()
        post = await asked.showing(FIRST, "One [1].")
        post.streaming = False
        await asked.answered(WHOLE)
    assert [each.id for each in server.posts] == [post.id]
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2]."


async def test_a_stream_that_cannot_be_ended_is_answered_below(
    server: SlackServer, serve: Serve
) -> None:
    server.refuse("chat.stopStream", "internal_error")
    responder = Live()
    async with serve(responder, pause=0.0):
        asked = Asked(server, responder, server.general)
        await asked.worked()
        await asked.showing(FIRST, "One [1].")
        post = await asked.answered(WHOLE)
    assert post.payload["blocks"][0]["text"] == "One [1]. Two [2]."
    assert responder.posts[0][1] == (post.id,)


async def test_an_answer_that_is_whole_before_the_reply_ends_is_completed_by_its_end(
    asked: Asked,
) -> None:
    await asked.worked()
    asked.responder.say(WHOLE)
    post = await asked.server.reading("One [1]. Two [2].")
    assert [block["type"] for block in post.payload["blocks"]] == ["markdown"]
    await asked.answered(WHOLE)
    assert len(post.payload["blocks"]) == 4
    assert "chat.update" not in asked.methods


async def test_appends_are_throttled(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder):
        asked = Asked(server, responder, server.general)
        await asked.stepped(LOOKING)
        responder.say(FIRST, SECOND)
        await server.until(responder.lines.empty)
        await asked.answered(WHOLE)
    assert asked.methods == ["assistant.threads.setStatus", "chat.postMessage"]
