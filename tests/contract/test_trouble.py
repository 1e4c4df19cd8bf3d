"""Hostile words, and a core in trouble: one polite line, and the surface goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda

from bot.app import App, build
from bot.core.answers.answer import Draft
from bot.core.answers.extractive import Brief
from bot.core.messages import wording
from knowledge.embedding import Embedder
from tests.contract.chat import Chat
from tests.contract.conftest import settings_for
from tests.contract.seeing import BAD, Who

QUESTION = "What is self-attention?"
HOSTILE = [
    "@everyone",
    "@here",
    "<!channel>",
    "<!here|here>",
    "<!subteam^S012AB3CD>",
    "<@U123>",
    "<@1>",
    "<@&2>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_words_in_a_question_call_nobody(chat: Chat, hostile: str) -> None:
    await chat.answered(chat.mention(f"{hostile} what is {hostile}?"))
    assert chat.pings == []


@pytest.mark.parametrize("hostile", ["@here", "<!here|here>"])
async def test_hostile_words_that_are_repeated_call_nobody(chat: Chat, hostile: str) -> None:
    question = f"What is the difference between self-attention and {hostile}?"
    seen = await chat.answered(chat.mention(question))
    assert wording.PARTLY.format(missing=hostile) in seen.lines
    assert chat.pings == []


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_words_in_a_command_call_nobody(chat: Chat, hostile: str) -> None:
    seen = await chat.answered(chat.command("summary", topic=f"{hostile} quokka"))
    assert "quokka" in seen.text
    assert chat.pings == []


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_words_in_a_form_and_in_what_is_made_of_them_call_nobody(
    chat: Chat, hostile: str
) -> None:
    answer = await chat.answered(chat.mention("What is BERT?"))
    await chat.answered(await chat.fill(answer, wording.ASK_MORE, f"what is {hostile}?"))
    await chat.answered(await chat.fill(answer, BAD, hostile))
    await chat.answered(chat.mention(f"How does {hostile} bake sourdough bread?"))
    gaps = await chat.answered(chat.command("explainer gaps", by=Who.ADMINISTRATOR))
    assert len(gaps.lines) > 2
    assert chat.pings == []


async def test_somebody_mentioned_in_a_question_is_not_called(chat: Chat) -> None:
    await chat.answered(chat.mention(f"what is {chat.mention_of(Who.ADA)}?"))
    assert chat.pings == []


@pytest.mark.parametrize("use", ["mention", "ask", "summary"])
async def test_before_anything_is_indexed_that_is_said(
    platform: type[Chat], embedder: Embedder, tmp_path: Path, use: str
) -> None:
    with build(settings_for(tmp_path), embedder=embedder) as empty:
        async with platform() as chat, chat.served_by(empty, tmp_path):
            acts = {
                "mention": lambda: chat.mention(QUESTION),
                "ask": lambda: chat.command("ask", question=QUESTION),
                "summary": lambda: chat.command("summary", topic="BERT"),
            }
            seen = await chat.answered(acts[use]())
    assert seen.lines == (wording.NOT_YET_READY,)


async def test_a_greeting_needs_no_index(
    platform: type[Chat], embedder: Embedder, tmp_path: Path
) -> None:
    with build(settings_for(tmp_path), embedder=embedder) as empty:
        async with platform() as chat, chat.served_by(empty, tmp_path):
            seen = await chat.answered(chat.mention("hi"))
    assert seen.lines == (wording.GREETING,)


async def test_a_composer_that_fails_is_one_polite_line(
    platform: type[Chat], copied: Path, embedder: Embedder
) -> None:
    with build(settings_for(copied), embedder=embedder, extractive=_failing()) as broken:
        async with platform() as chat, chat.served_by(broken, copied):
            seen = await chat.answered(chat.mention(QUESTION))
    assert seen.lines == (wording.OUT_OF_ORDER,)


async def test_the_surface_goes_on_after_a_failure(
    platform: type[Chat], copied: Path, embedder: Embedder
) -> None:
    with build(settings_for(copied), embedder=embedder, extractive=_failing()) as broken:
        async with platform() as chat, chat.served_by(broken, copied):
            await chat.answered(chat.mention(QUESTION))
            seen = await chat.answered(chat.command("summary", topic="BERT"))
    assert seen.lines[0] == "BERT"


async def test_a_library_that_cannot_be_read_is_one_polite_line(
    platform: type[Chat], copied: Path, embedder: Embedder
) -> None:
    with build(settings_for(copied), embedder=embedder) as own:
        async with platform() as chat, chat.served_by(own, copied):
            _drop(copied / "data" / "library.sqlite", "published")
            seen = await chat.answered(chat.mention(QUESTION))
    assert seen.lines == (wording.OUT_OF_ORDER,)


async def test_a_journal_that_cannot_be_read_is_one_polite_line(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path):
        _drop(tmp_path / "journal.sqlite", "answers")
        seen = await chat.answered(chat.mention(QUESTION))
    assert seen.lines == (wording.OUT_OF_ORDER,)


async def test_without_tickets_there_is_one_polite_line_all_the_same(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path):
        _drop(tmp_path / "journal.sqlite", "tickets")
        act = chat.mention(QUESTION)
        await chat.heard(act)
        await chat.until(lambda: act.key in chat.tickets.finished)
        await chat.answered(chat.write_directly("hi"))
        lines = [seen.lines for seen in chat.seen if seen.under == act.under]
    assert lines == [(wording.OUT_OF_ORDER,)]


def _failing() -> RunnableLambda[Brief, Draft]:
    def fail(brief: Brief) -> Draft:
        raise ZeroDivisionError("a secret of the composer")

    return RunnableLambda(fail)


def _drop(database: Path, table: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"DROP TABLE {table}")
