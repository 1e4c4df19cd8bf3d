"""The commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.core import wording
from tests.contract.surfaces import DIRECT, Chat, OnDiscord, OnSlack

PNG = b"\x89PNG\r\n\x1a\n"
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
        ("recurrent network", "Recurrent neural network"),
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


async def test_a_path_gives_the_steps_in_order_and_their_picture(chat: Chat) -> None:
    seen = await chat.answered(chat.command("path", topic="BERT"))
    [picture] = await chat.until(lambda: chat.pictures)
    steps = [line.partition(" (")[0] for line in seen.lines if line.startswith("• ")]
    assert seen.lines[0] == wording.PATH_TO.format(topic="BERT")
    assert steps == [
        "• 1. Self-attention",
        "• 2. Multi-head attention",
        "• 3. Transformer",
        "• 4. BERT",
    ]
    assert picture.png.startswith(PNG)
    assert picture.alt == (
        "What to learn before BERT, in order: Self-attention, Multi-head attention, Transformer."
    )


async def test_a_private_path_has_its_picture_in_the_direct_message(
    app: App, tmp_path: Path
) -> None:
    async with OnSlack() as chat, chat.served_by(app, tmp_path):
        seen = await chat.answered(chat.command("path", topic="BERT"))
        [picture] = await chat.until(lambda: chat.pictures)
    assert (seen.private, seen.place, picture.place) == (True, "general", DIRECT)
    assert wording.PICTURE_APART in seen.lines


async def test_a_topic_that_needs_no_other_gets_words_only(chat: Chat) -> None:
    seen = await chat.answered(chat.command("path", topic="self-attention"))
    assert wording.PATH_EMPTY.format(topic="Self-attention") in seen.lines
    assert wording.PICTURE_APART not in seen.lines
    assert chat.pictures == []


async def test_a_path_to_an_unknown_topic_is_answered_with_the_names_of_near_ones(
    chat: Chat,
) -> None:
    seen = await chat.answered(chat.command("path", topic="attention head"))
    near = wording.DID_YOU_MEAN.format(topics="Multi-head attention or Self-attention")
    assert seen.lines == (f"{wording.UNKNOWN_TOPIC.format(name='attention head')} {near}",)


async def test_a_path_to_nothing_is_told_what_to_type(chat: Chat) -> None:
    seen = await chat.answered(chat.command("path", topic=" "))
    assert seen.lines == (wording.NO_TOPIC,)


async def test_a_picture_that_is_refused_leaves_the_words_and_is_told(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.refuse_picture()
    chat.command("path", topic="BERT")
    await chat.until(lambda: wording.PICTURE_LOST in _everything(chat))
    assert "• 4. BERT" in _everything(chat)
    assert chat.pictures == []
    assert "did not take a picture" in caplog.text


def _everything(chat: Chat) -> str:
    return "\n".join(seen.text for seen in chat.seen)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("", "BERT"),
        ("rec", "Recurrent neural network"),
        ("RN", "Recurrent neural network"),
        ("transfrm", "Transformer"),
    ],
)
async def test_discord_completes_topics(app: App, tmp_path: Path, typed: str, title: str) -> None:
    async with OnDiscord() as chat, chat.served_by(app, tmp_path):
        offered = await chat.complete(typed)
    assert offered[0] == title


async def test_discord_completes_the_topics_of_paths(app: App, tmp_path: Path) -> None:
    async with OnDiscord() as chat, chat.served_by(app, tmp_path):
        offered = await chat.complete("transfrm", command="path")
    assert offered[0] == "Transformer"


async def test_a_completed_topic_is_summed_up(app: App, tmp_path: Path) -> None:
    async with OnDiscord() as chat, chat.served_by(app, tmp_path):
        [offered, *_] = await chat.complete("mixt")
        seen = await chat.answered(chat.command("summary", topic=offered))
    assert seen.lines[0] == offered
