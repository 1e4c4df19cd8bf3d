"""What is said in a conversation, and when."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableGenerator

from bot.app import App, build
from bot.core.answers.chain import Composer
from bot.core.answers.extractive import Brief
from bot.core.conversation import Place
from bot.core.journal import LEASE_SECONDS, Journal
from bot.core.messages import wording
from bot.core.messages.message import Heading, Message, Note, Paragraph, Sources
from bot.core.messages.phrasing import say
from bot.core.reply import Reply
from bot.core.talk.dialogue import Dialogue
from knowledge.embedding import Embedder
from knowledge.errors import StorageError
from tests.bot.core.making import bot_over, said
from tests.bot.core.talking import is_private, last, read, text
from tests.fakes import HashingEmbedder

QUESTION = "What is self-attention?"
OPERATOR = "slack:T1:BOSS"


async def ask(dialogue: Dialogue, question: str, key: str = "", **options: str) -> Reply | None:
    options["question"] = question
    return await dialogue.command(said("", key=key or f"slack:T1:C1:{question}"), "ask", options)


async def summarize(dialogue: Dialogue, topic: str) -> Reply | None:
    return await dialogue.command(said("", key=topic), "summary", {"topic": topic})


async def test_what_is_not_said_to_the_bot_gets_nothing(dialogue: Dialogue) -> None:
    assert await dialogue.hear(said(QUESTION, addressed=False)) is None


async def test_a_question_in_a_direct_conversation_is_answered(dialogue: Dialogue) -> None:
    direct = Place("slack", "T1", "D1", direct=True)
    reply = await dialogue.hear(said(QUESTION, addressed=False, place=direct))
    assert "Self-attention is" in await last(reply)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("hi", wording.GREETING),
        ("thanks!", wording.THANKS),
        ("bye", wording.FAREWELL),
        ("", wording.EMPTY),
    ],
)
async def test_small_talk_gets_one_short_word(dialogue: Dialogue, words: str, answer: str) -> None:
    assert await read(await dialogue.hear(said(words))) == [say(answer)]


@pytest.mark.parametrize(("words", "answer"), [("hi", wording.GREETING), ("thx", wording.THANKS)])
async def test_small_talk_in_a_command_is_no_question(
    dialogue: Dialogue, words: str, answer: str
) -> None:
    assert await last(await ask(dialogue, words)) == text(say(answer))


async def test_a_question_is_answered_after_telling_what_is_being_done(dialogue: Dialogue) -> None:
    *earlier, answer = await read(await dialogue.hear(said(QUESTION)))
    assert earlier[0] == say(wording.READING, progress=True)
    assert all(message.progress for message in earlier)
    assert not answer.progress
    assert any(isinstance(block, Sources) for block in answer.blocks)


async def test_an_answer_grows_sentence_by_sentence(dialogue: Dialogue) -> None:
    messages = await read(await dialogue.hear(said(QUESTION)))
    growing = [text(message) for message in messages if message.blocks[-1] == Paragraph("…")]
    assert len(growing) > 1
    assert all(
        longer.startswith(shorter.removesuffix("…").rstrip())
        for shorter, longer in pairwise(growing)
    )


async def test_a_command_is_answered_like_a_message(dialogue: Dialogue) -> None:
    assert await last(await ask(dialogue, QUESTION, key="1")) == await last(
        await dialogue.hear(said(QUESTION, key="2"))
    )


@pytest.mark.parametrize("private", [False, True])
async def test_an_answer_is_as_private_as_asked_for(dialogue: Dialogue, private: bool) -> None:
    reply = await ask(dialogue, QUESTION, private=str(private).lower())
    assert is_private(reply) is private


async def test_a_message_is_answered_in_public(dialogue: Dialogue) -> None:
    reply = await dialogue.hear(said(QUESTION))
    assert reply is not None
    assert not reply.private


async def test_an_answer_is_written_for_the_level_that_was_asked_for(dialogue: Dialogue) -> None:
    expert = await last(await ask(dialogue, QUESTION, key="1", level="expert"))
    assert expert != await last(await ask(dialogue, QUESTION, key="2"))


async def test_the_same_words_are_answered_once(dialogue: Dialogue) -> None:
    assert await read(await dialogue.hear(said(QUESTION)))
    assert await read(await dialogue.hear(said(QUESTION))) == []


@pytest.mark.parametrize("words", [QUESTION, "hi"])
async def test_the_same_words_delivered_at_once_are_answered_once(
    dialogue: Dialogue, words: str
) -> None:
    async def deliver() -> list[Message]:
        return await read(await dialogue.hear(said(words)))

    replies = await asyncio.gather(*(deliver() for _ in range(6)))
    assert sum(bool(messages) for messages in replies) == 1


async def test_what_a_command_and_a_message_say_under_one_key_is_answered_once(
    dialogue: Dialogue,
) -> None:
    await read(await ask(dialogue, QUESTION))
    assert await read(await dialogue.command(said(QUESTION), "summary", {"topic": QUESTION})) == []


async def test_words_that_were_answered_stay_answered_after_a_restart(
    app: App, tmp_path: Path
) -> None:
    clock = [1_800_000_000.0]
    for expected in (True, False):
        journal = Journal.open(tmp_path, lambda: clock[0])
        dialogue = app.dialogue(journal)
        assert bool(await read(await dialogue.hear(said(QUESTION)))) is expected
        await dialogue.posted(said(QUESTION), ["M1"])
        clock[0] += 1_000 * LEASE_SECONDS
        journal.close()


async def test_words_whose_answer_was_never_posted_are_answered_anew(
    app: App, tmp_path: Path
) -> None:
    clock = [1_800_000_000.0]
    journal = Journal.open(tmp_path, lambda: clock[0])
    dialogue = app.dialogue(journal)
    first = await last(await dialogue.hear(said(QUESTION)))
    clock[0] += LEASE_SECONDS + 1
    assert await last(await dialogue.hear(said(QUESTION))) == first
    journal.close()


async def test_a_followup_is_understood(dialogue: Dialogue) -> None:
    await read(await dialogue.hear(said(QUESTION)))
    answer = await last(await dialogue.hear(said("and how does it differ from an RNN?")))
    assert "Self-attention" in answer
    assert "recurrent" in answer


async def test_a_reply_to_an_answer_is_understood(dialogue: Dialogue) -> None:
    question = said("What is LoRA?", asker="slack:T1:U2")
    await read(await dialogue.hear(question))
    await dialogue.posted(question, ["M1"])
    await read(await dialogue.hear(said(QUESTION)))
    answer = await last(await dialogue.hear(said("how does it work?", reply_to="M1")))
    assert "LoRA" in answer


async def test_what_others_asked_in_a_channel_is_no_context(dialogue: Dialogue) -> None:
    await read(await dialogue.hear(said(QUESTION, asker="slack:T1:U2")))
    answer = await last(await dialogue.hear(said("how does it work?")))
    assert answer == text(say(wording.NO_SUBJECT))


async def test_what_was_not_answered_is_no_context(dialogue: Dialogue) -> None:
    await read(await dialogue.hear(said("best sourdough recipe")))
    answer = await last(await dialogue.hear(said("how does it work?")))
    assert answer == text(say(wording.NO_SUBJECT))


async def test_a_question_that_is_too_long_is_told_the_limit(dialogue: Dialogue) -> None:
    answer = await last(await dialogue.hear(said("a" * 100_000, key="1")))
    assert "100,000 characters" in answer


async def test_a_topic_is_summarized(dialogue: Dialogue) -> None:
    first, summary = await read(await summarize(dialogue, "LoRA"))
    assert first == say(wording.READING, progress=True)
    assert summary.blocks[0] == Heading("LoRA")


async def test_an_unknown_topic_names_the_nearest(dialogue: Dialogue) -> None:
    answer = await last(await summarize(dialogue, "attention heads"))
    assert "no article about “attention heads”" in answer
    assert "Did you mean" in answer


async def test_a_summary_of_nothing_asks_which_topic(dialogue: Dialogue) -> None:
    assert await last(await summarize(dialogue, "  ")) == text(
        say(wording.COMMAND_USE.format(usage="/summary topic [level] [private]"))
    )


async def test_topics_are_completed_once_the_bot_is_prepared(dialogue: Dialogue) -> None:
    assert dialogue.complete_topic("self-att") == ()
    await dialogue.prepare()
    assert [choice.id for choice in dialogue.complete_topic("self-att")][:1] == ["self-attention"]


async def test_an_abbreviation_is_completed(dialogue: Dialogue) -> None:
    await dialogue.prepare()
    assert "multi-head-attention" in [choice.id for choice in dialogue.complete_topic("mha")]


@pytest.mark.parametrize("limit", [1, 5, 25])
async def test_no_more_topics_than_asked_for_are_offered(dialogue: Dialogue, limit: int) -> None:
    await dialogue.prepare()
    assert len(dialogue.complete_topic("", limit)) == limit


def failing(error: Exception) -> Composer:
    """A composer that fails."""

    async def agenerate(briefs: AsyncIterator[Brief]) -> AsyncIterator[Any]:
        async for _ in briefs:
            raise error
            yield ()

    return RunnableGenerator(agenerate)


@pytest.mark.parametrize("error", [RuntimeError("secret"), StorageError("secret.sqlite: full")])
async def test_whatever_goes_wrong_the_asker_gets_a_word(
    app: App, embedder: Embedder, journal: Journal, error: Exception
) -> None:
    with build(app.settings, embedder=embedder, extractive=failing(error)) as broken:
        answer = await last(await broken.dialogue(journal).hear(said(QUESTION)))
    assert answer == text(say(wording.OUT_OF_ORDER))


async def test_an_answer_that_cannot_be_written_down_is_given_all_the_same(
    app: App, tmp_path: Path
) -> None:
    journal = Journal.open(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON answers "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    assert "Self-attention is" in await last(await app.dialogue(journal).hear(said(QUESTION)))
    journal.close()


async def test_a_damaged_journal_gives_a_word_too(app: App, tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute("DROP TABLE tickets")
    assert await last(await app.dialogue(journal).hear(said(QUESTION))) == text(
        say(wording.OUT_OF_ORDER)
    )
    await app.dialogue(journal).posted(said(QUESTION), ["M1"])
    journal.close()


async def test_without_a_journal_the_same_words_are_excused_once(app: App, tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute("DROP TABLE tickets")
    dialogue = app.dialogue(journal)
    replies = [await read(await dialogue.hear(said(QUESTION))) for _ in range(3)]
    assert [len(messages) for messages in replies] == [1, 0, 0]
    journal.close()


async def test_an_index_of_another_model_is_not_ready(app: App, journal: Journal) -> None:
    with build(app.settings, embedder=HashingEmbedder("another@1")) as other:
        answer = await last(await other.dialogue(journal).hear(said(QUESTION)))
    assert answer == text(say(wording.NOT_YET_READY))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[App]:
    """The bot over one article that is not indexed yet."""
    articles = {"kite.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n"}
    with bot_over(tmp_path, articles, operators=(OPERATOR,)) as wired:
        yield wired


async def test_before_anything_is_indexed_the_bot_is_not_ready(
    small: App, journal: Journal
) -> None:
    answer = await last(await small.dialogue(journal).hear(said("What is a kite?")))
    assert answer == text(say(wording.NOT_YET_READY))


async def test_a_remark_of_an_answer_is_shown(dialogue: Dialogue) -> None:
    question = "What is the difference between LoRA and QLoRA?"
    answer = (await read(await dialogue.hear(said(question))))[-1]
    assert Note(wording.PARTLY.format(missing="QLoRA")) in answer.blocks
    assert any(isinstance(block, Paragraph) for block in answer.blocks)
