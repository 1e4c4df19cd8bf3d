"""Replies that grow, overflow, or meet a Slack that doesn't take them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.core.messages.message import Code, Message, Paragraph
from bot.core.reply import Reply
from bot.slack.delivery import deliver
from tests.bot.slack.serving import FOREVER, Listener, Live, Serve, paragraph
from tests.platforms.slack_server import SlackServer

LOOKING = paragraph("Looking …", progress=True)
CHECKING = paragraph("Checking …", progress=True)
ANSWER = paragraph("An answer.")


async def test_progress_is_updated_into_the_answer(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.say(f"{server.bot.mention} What is attention?")
        for text in ("Looking …", "Checking …", "An answer."):
            responder.say(paragraph(text))
            await server.reading(text)
        responder.say(None)
        await server.until(lambda: responder.posts)
    [post] = server.posts
    assert post.history == ["Looking …", "Checking …", "An answer."]


@pytest.fixture(autouse=True)
def _neither_streams_nor_statuses(server: SlackServer) -> None:
    server.refuse("chat.startStream", "unknown_method")
    server.refuse("assistant.threads.setStatus", "missing_scope")


@dataclass
class Memory:
    """A screen that only remembers."""

    lasting: bool = False
    shown: list[Message] = field(default_factory=list)

    async def show(self, message: Message) -> None:
        self.shown.append(message)

    async def finish(self, message: Message) -> tuple[str, ...]:
        self.shown.append(message)
        return ("id",)


@pytest.mark.parametrize(
    ("pause", "shown"), [(0.0, [LOOKING, CHECKING, ANSWER]), (FOREVER, [LOOKING, ANSWER])]
)
async def test_progress_is_throttled_and_the_answer_is_not(
    pause: float, shown: list[Message]
) -> None:
    async def reply() -> AsyncIterator[Message]:
        for message in (LOOKING, CHECKING, ANSWER):
            yield message
            # Enough turns of the loop for whatever wants to be shown.
            for _ in range(20):
                await asyncio.sleep(0)

    screen = Memory()
    assert await deliver(Reply(reply()), screen, pause) == ("id",)
    assert screen.shown[: len(shown)] == shown


async def test_what_is_outdated_while_a_call_is_under_way_is_skipped(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        with server.holding("chat.postMessage"):
            server.say(f"{server.bot.mention} What is attention?")
            responder.say(LOOKING)
            await server.called("chat.postMessage")
            responder.say(CHECKING, ANSWER, None)
        post = await server.reading("An answer.")
    assert post.history == ["Looking …", "An answer."]
    assert [call.method for call in server.calls].count("chat.postMessage") == 1


async def test_an_answer_that_already_stands_is_not_sent_again(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(ANSWER)
        await server.reading("An answer.")
        responder.say(None)
        await server.until(lambda: responder.posts)
    assert "chat.update" not in [call.method for call in server.calls]


async def test_what_does_not_fit_follows_in_the_thread(server: SlackServer, serve: Serve) -> None:
    lines = "\n".join(f"line {n} of the program" for n in range(1_000))
    responder = Listener(script=(Message((Paragraph("Look:"), Code(lines, "python"))),))
    async with serve(responder):
        said = server.say(f"{server.bot.mention} Show me.")
        first, *others = await server.posted(3)
        await server.until(lambda: responder.posts)
    assert {post.thread for post in (first, *others)} == {said.id}
    for post in (first, *others):
        fences = [line for line in post.text.splitlines() if line.startswith("```")]
        assert fences == ["```python", "```"]
    assert responder.posts[0][1] == tuple(post.id for post in (first, *others))


async def test_a_rate_limit_is_waited_for(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        server.fail("chat.postMessage", 429, retry_after="0")
        server.fail("chat.postMessage", 429, retry_after="0")
        server.say(f"{server.bot.mention} What is attention?")
        await server.posted()
    assert [call.method for call in server.calls].count("chat.postMessage") == 3


@pytest.mark.parametrize("status", [500, 503, None])
async def test_a_passing_fault_does_not_cost_the_answer(
    server: SlackServer, serve: Serve, status: int | None
) -> None:
    async with serve(Listener()):
        if status is None:
            server.drop("chat.postMessage")
        else:
            server.fail("chat.postMessage", status)
        server.say(f"{server.bot.mention} What is attention?")
        assert await server.posted()


@pytest.mark.parametrize(("status", "calls"), [(500, 2), (502, 1), (None, 2)])
async def test_a_lasting_fault_is_logged_in_one_line_and_survived(
    server: SlackServer,
    serve: Serve,
    caplog: pytest.LogCaptureFixture,
    status: int | None,
    calls: int,
) -> None:
    async with serve(Listener()):
        for _ in range(calls):
            if status is None:
                server.drop("chat.postMessage")
            else:
                server.fail("chat.postMessage", status)
        server.say(f"{server.bot.mention} What is attention?")
        await server.called("chat.postMessage", calls)
        server.say(f"{server.bot.mention} What is a token?")
        await server.posted()
    [error] = [r.getMessage() for r in caplog.records if r.name == "bot.slack.answering"]
    assert "\n" not in error
    assert server.bot_token not in caplog.text


async def test_a_progress_message_that_fails_is_made_good_by_the_answer(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder):
        server.fail("chat.postMessage", 502)
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(LOOKING)
        await server.called("chat.postMessage")
        responder.say(ANSWER, None)
        post = await server.reading("An answer.")
    assert post.history == ["An answer."]


async def test_an_answer_that_can_not_be_updated_is_posted_anew(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(LOOKING)
        await server.reading("Looking …")
        server.drop("chat.update")
        server.drop("chat.update")
        responder.say(ANSWER, None)
        await server.reading("An answer.")
    assert [post.text for post in server.posts] == ["Looking …", "An answer."]


async def test_an_answer_whose_message_is_gone_is_posted_anew(
    server: SlackServer, serve: Serve
) -> None:
    responder = Live()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(LOOKING)
        progress = await server.reading("Looking …")
        progress.deleted = True
        responder.say(ANSWER, None)
        post = await server.reading("An answer.")
        await server.until(lambda: responder.posts)
    assert responder.posts[0][1] == (post.id,) != (progress.id,)


async def test_a_core_that_fails_leaves_the_surface_serving(
    server: SlackServer, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Live):
        async def _messages(self) -> AsyncIterator[Message]:
            async for message in super()._messages():
                if message is ANSWER:
                    raise RuntimeError("not as promised")
                yield message

    responder = Failing()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(ANSWER)
        await server.until(responder.lines.empty)
        server.say(f"{server.bot.mention} What is a token?")
        responder.say(CHECKING, None)
        await server.reading("Checking …")
    assert "RuntimeError" in caplog.text


async def test_answers_under_way_end_with_the_surface(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        responder.say(LOOKING)
        await server.reading("Looking …")
    responder.say(ANSWER, None)
    assert [post.text for post in server.posts] == ["Looking …"]
