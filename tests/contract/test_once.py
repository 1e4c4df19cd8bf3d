"""What is said once is answered once, however often it is delivered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda

from bot.app import App, build
from bot.core.answers.answer import Draft
from bot.core.answers.extractive import Brief
from bot.core.journal import LEASE_SECONDS
from bot.core.messages import wording
from bot.core.talk.dialogue import Dialogue
from knowledge.embedding import Embedder
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE, settings_for
from tests.contract.on_slack import OnSlack
from tests.contract.seeing import Who

SAID = ["What is self-attention?", "best sourdough recipe", "hi"]


@EVERYWHERE
@pytest.mark.parametrize("said", SAID)
async def test_a_message_delivered_twice_is_answered_once(chat: Chat, said: str) -> None:
    act = chat.mention(said)
    chat.deliver_again(act)
    answer = await chat.answered(act)
    await chat.heard(act)
    await _something_else(chat)
    assert [seen for seen in chat.seen if seen.under == act.under] == [answer]


@pytest.mark.parametrize("said", SAID)
async def test_a_message_delivered_again_after_its_answer_gets_no_other(
    chat: Chat, said: str
) -> None:
    act = chat.mention(said)
    answer = await chat.answered(act)
    chat.deliver_again(act)
    await chat.heard(act)
    await _something_else(chat)
    assert [seen for seen in chat.seen if seen.under == act.under] == [answer]


async def test_a_direct_message_delivered_twice_is_answered_once(chat: Chat) -> None:
    act = chat.write_directly("What is self-attention?")
    chat.deliver_again(act)
    answer = await chat.answered(act)
    await chat.heard(act)
    await _something_else(chat)
    assert [seen for seen in chat.seen if seen.under == act.under] == [answer]


async def test_a_mention_that_arrives_as_mention_and_as_message_is_answered_once(
    slack: OnSlack,
) -> None:
    act = slack.mention("What is self-attention?")
    await slack.answered(act)
    await slack.heard(act)
    await _something_else(slack)
    payloads = [delivery.envelope["payload"] for delivery in act.handle.deliveries]
    assert [payload["event"]["type"] for payload in payloads] == ["app_mention", "message"]
    assert len([seen for seen in slack.seen if seen.under == act.under]) == 1


@pytest.mark.parametrize("said", SAID)
async def test_a_message_delivered_again_after_a_restart_gets_no_other_answer(
    platform: type[Chat], app: App, tmp_path: Path, said: str
) -> None:
    async with platform() as chat:
        async with chat.served_by(app, tmp_path):
            act = chat.mention(said)
            answer = await chat.answered(act)
            await chat.heard(act)
        async with chat.served_by(app, tmp_path):
            chat.deliver_again(act)
            await chat.heard(act)
            await _something_else(chat)
            assert [seen for seen in chat.seen if seen.under == act.under] == [answer]


async def test_the_conversation_goes_on_after_a_restart(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat:
        async with chat.served_by(app, tmp_path):
            act = chat.mention("What is BERT?")
            await chat.answered(act)
        async with chat.served_by(app, tmp_path):
            seen = await chat.answered(chat.mention("how does it work?", after=act))
    assert seen.sources[0].startswith("[1] BERT")


async def test_what_a_crash_left_unanswered_is_answered_when_it_comes_again(
    platform: type[Chat], app: App, copied: Path, embedder: Embedder
) -> None:
    async with platform() as chat:
        with build(settings_for(copied), embedder=embedder, extractive=_endless()) as slow:
            async with chat.served_by(slow, copied):
                act = chat.mention("What is self-attention?")
                await chat.heard(act)
                await chat.until(lambda: wording.READING in chat.progress)
        async with chat.served_by(app, copied, later=LEASE_SECONDS + 1):
            chat.deliver_again(act)
            seen = await chat.answered(act)
    assert seen.sources


async def test_what_a_process_left_is_answered_by_another_one(
    platform: type[Chat], app: App, copied: Path, embedder: Embedder
) -> None:
    async with platform() as chat:
        with build(settings_for(copied), embedder=embedder, extractive=_endless()) as slow:
            async with chat.served_by(slow, copied):
                act = chat.mention("What is self-attention?")
                await chat.heard(act)
                await chat.until(lambda: wording.READING in chat.progress)
        async with chat.served_by(app, copied, later=LEASE_SECONDS + 1):
            await chat.recover()
            seen = await chat.answered(act)
            await chat.recover()
            await _something_else(chat)
            assert [each for each in chat.seen if each.under == act.under] == [seen]
    assert seen.sources


async def test_what_was_posted_and_not_written_down_stands_once(
    platform: type[Chat], app: App, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with platform() as chat:
        with monkeypatch.context() as dying:
            dying.setattr(Dialogue, "posted", _dies)
            async with chat.served_by(app, copied):
                act = chat.mention("What is self-attention?")
                await chat.until(lambda: [seen for seen in chat.seen if seen.sources])
        async with chat.served_by(app, copied, later=LEASE_SECONDS + 1):
            await chat.recover()
            await chat.answered(act)
            assert len([each for each in chat.seen if each.under == act.under]) == 1


async def test_without_streams_an_answer_is_found_by_what_is_kept_with_it(
    app: App, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with OnSlack() as chat:
        chat.server.refuse("chat.startStream", "unknown_method")
        with monkeypatch.context() as dying:
            dying.setattr(Dialogue, "posted", _dies)
            async with chat.served_by(app, copied):
                act = chat.mention("What is self-attention?")
                await chat.until(lambda: [seen for seen in chat.seen if seen.sources])
        async with chat.served_by(app, copied, later=LEASE_SECONDS + 1):
            await chat.recover()
            await chat.answered(act)
            assert len([each for each in chat.seen if each.under == act.under]) == 1


async def test_a_command_that_a_process_left_is_answered_by_another_one(
    platform: type[Chat], app: App, copied: Path, embedder: Embedder
) -> None:
    async with platform() as chat:
        with build(settings_for(copied), embedder=embedder, extractive=_endless()) as slow:
            async with chat.served_by(slow, copied):
                chat.command("ask", question="What is self-attention?")
                await chat.until(lambda: chat.tickets.taken)
        async with chat.served_by(app, copied, later=LEASE_SECONDS + 1):
            await chat.recover()
            await chat.until(lambda: [seen for seen in chat.seen if seen.sources])
            assert len([each for each in chat.seen if each.sources]) == 1


async def _dies(*_: object) -> None:
    """Say nothing more, as a process that was killed."""
    await asyncio.Event().wait()


def _endless() -> RunnableLambda[Brief, Draft]:
    async def wait(_: Brief) -> Draft:
        await asyncio.Event().wait()
        return ()

    return RunnableLambda(wait)


async def _something_else(chat: Chat) -> None:
    """Anything wrongly said before has come when this is answered."""
    seen = await chat.answered(chat.mention("thanks", by=Who.GRACE))
    assert seen.lines == (wording.THANKS,)
