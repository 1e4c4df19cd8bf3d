"""The commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.core import wording
from tests.contract.surfaces import Chat, OnDiscord

QUESTION = "What is self-attention?"


async def test_ask_answers_like_a_mention(chat: Chat) -> None:
    mentioned = await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(chat.command("ask", question=QUESTION))
    assert seen.lines == mentioned.lines


async def test_a_private_answer_is_seen_by_the_asker_alone(chat: Chat) -> None:
    seen = await chat.answered(chat.command("ask", question=QUESTION, private=True))
    assert seen.sources
    assert seen.private


async def test_the_level_changes_the_answer(chat: Chat) -> None:
    plain = await chat.answered(chat.command("ask", question="What is BERT?"))
    seen = await chat.answered(chat.command("ask", question="What is BERT?", level="expert"))
    assert seen.sources
    assert seen.body != plain.body


async def test_an_empty_question_is_told_what_to_ask(chat: Chat) -> None:
    seen = await chat.answered(chat.command("ask", question=" "))
    assert seen.lines == (wording.EMPTY_QUESTION,)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Self-attention", "Self-attention"),
        ("multi-head attention", "Multi-head attention"),
        ("RNN", "Recurrent neural network"),
        ("long short-term memory", "Recurrent neural network"),
        ("transfomer", "Transformer"),
        ("recurent neural netwrok", "Recurrent neural network"),
    ],
)
async def test_a_topic_is_summed_up_by_title_alias_or_typing_error(
    chat: Chat, typed: str, title: str
) -> None:
    seen = await chat.answered(chat.command("summary", topic=typed))
    assert seen.lines[0] == title
    assert seen.sources[0].startswith(f"[1] {title}")


async def test_an_unknown_topic_is_answered_with_the_names_of_near_ones(chat: Chat) -> None:
    seen = await chat.answered(chat.command("summary", topic="attention head"))
    near = wording.DID_YOU_MEAN.format(topics="Multi-head attention or Self-attention")
    assert seen.lines == (f"{wording.UNKNOWN_TOPIC.format(name='attention head')} {near}",)


async def test_a_summary_of_nothing_is_told_what_to_type(chat: Chat) -> None:
    seen = await chat.answered(chat.command("summary", topic=" "))
    assert seen.lines == (wording.NO_TOPIC,)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("", "BERT"),
        ("rec", "Recurrent neural network"),
        ("LST", "Recurrent neural network"),
        ("transfrm", "Transformer"),
    ],
)
async def test_discord_completes_topics(app: App, tmp_path: Path, typed: str, title: str) -> None:
    async with OnDiscord() as chat, chat.served_by(app, tmp_path):
        offered = await chat.complete(typed)
    assert offered[0] == title


async def test_a_completed_topic_is_summed_up(app: App, tmp_path: Path) -> None:
    async with OnDiscord() as chat, chat.served_by(app, tmp_path):
        [offered, *_] = await chat.complete("mixt")
        seen = await chat.answered(chat.command("summary", topic=offered))
    assert seen.lines[0] == offered
