from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from benchmarks.crowds import (
    Asked,
    Crowd,
    DiscordCommands,
    DiscordMentions,
    SlackCommands,
    SlackMentions,
)
from tests.bot.discord.conftest import serving as serving_discord
from tests.bot.slack.serving import Listener, paragraph
from tests.bot.slack.serving import serving as serving_slack
from tests.platforms.changes import Changes
from tests.platforms.discord_server import DiscordServer
from tests.platforms.slack_server import SlackServer

WORKING, ANSWER = "Reading…", "Scripted."


@asynccontextmanager
async def crowd_of(kind: type[Crowd]) -> AsyncIterator[Crowd]:
    responder = Listener(script=(paragraph(WORKING, progress=True), paragraph(ANSWER)))
    if issubclass(kind, DiscordMentions | DiscordCommands):
        async with DiscordServer() as discord:
            channels = [discord.channel(name) for name in ("one", "two")]
            async with serving_discord(discord, responder):
                yield kind(discord, channels)
    elif issubclass(kind, SlackMentions | SlackCommands):
        async with SlackServer() as slack, serving_slack(slack, responder):
            yield kind(slack)


@pytest.fixture(autouse=True)
def _endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put discord.py's process-wide endpoints back after each test."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.mark.parametrize("kind", [DiscordMentions, DiscordCommands, SlackMentions, SlackCommands])
async def test_a_crowd_sees_when_each_of_its_questions_is_answered(kind: type[Crowd]) -> None:
    async with crowd_of(kind) as crowd:
        asked = await crowd.ask(["What is a token?", "What is attention?"])
        crowd.settle(asked)

    for each in asked:
        assert each.acknowledged is not None
        assert each.first is not None
        assert each.answered is not None
        assert each.first <= each.answered
        assert each.answers == (ANSWER,)


async def test_what_is_never_answered_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.sleep(0)
        raise AssertionError("this never came")

    monkeypatch.setattr(Changes, "until", never)
    async with SlackServer() as slack:
        [asked] = await SlackMentions(slack).ask(["What is a token?"])

    assert asked.answered is None


def test_the_same_answer_once_more_is_a_duplicate() -> None:
    assert Asked("channel", None, answers=("An answer.",)).duplicates == 0
    assert Asked("channel", None, answers=("One page.", "Another page.")).duplicates == 0
    assert Asked("channel", None, answers=("An answer.", "An answer.")).duplicates == 1
