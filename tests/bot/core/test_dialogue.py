"""What is said in a conversation, and when."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from langchain_core.runnables import RunnableGenerator

from bot.app import App, build, picture_of
from bot.core import wording
from bot.core.chain import Composer
from bot.core.conversation import Level, Place, Utterance
from bot.core.dialogue import Dialogue
from bot.core.extractive import Brief
from bot.core.journal import LEASE_SECONDS, Journal
from bot.core.message import Heading, Message, Note, Paragraph, Sources, block_markdown
from bot.core.phrasing import say
from bot.core.reply import Reply
from knowledge.embedding import Embedder
from knowledge.errors import StorageError
from knowledge.reindexing import Diff, Report
from tests.bot.core.making import bot_over, said
from tests.fakes import HashingEmbedder

QUESTION = "What is self-attention?"
OPERATOR = "slack:T1:BOSS"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal")
    yield opened
    opened.close()


@pytest.fixture
def dialogue(app: App, journal: Journal) -> Dialogue:
    return app.dialogue(journal)


async def read(reply: Reply | None) -> list[Message]:
    assert reply is not None
    return [message async for message in reply.messages]


def text(message: Message) -> str:
    return "\n\n".join(map(block_markdown, message.blocks))


async def last(reply: Reply | None) -> str:
    """The message that stands."""
    message = (await read(reply))[-1]
    assert not message.progress
    return text(message)


async def test_what_is_not_said_to_the_bot_gets_nothing(dialogue: Dialogue) -> None:
    assert dialogue.hear(said(QUESTION, addressed=False)) is None


async def test_a_question_in_a_direct_conversation_is_answered(dialogue: Dialogue) -> None:
    direct = Place("slack", "T1", "D1", direct=True)
    reply = dialogue.hear(said(QUESTION, addressed=False, place=direct))
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
    assert await read(dialogue.hear(said(words))) == [say(answer)]


@pytest.mark.parametrize(("words", "answer"), [("hi", wording.GREETING), ("thx", wording.THANKS)])
async def test_small_talk_in_a_command_is_no_question(
    dialogue: Dialogue, words: str, answer: str
) -> None:
    assert await last(dialogue.ask(said(words))) == text(say(answer))


async def test_a_question_is_answered_after_telling_what_is_being_done(dialogue: Dialogue) -> None:
    *earlier, answer = await read(dialogue.hear(said(QUESTION)))
    assert earlier[0] == say(wording.READING, progress=True)
    assert all(message.progress for message in earlier)
    assert not answer.progress
    assert any(isinstance(block, Sources) for block in answer.blocks)


async def test_an_answer_grows_sentence_by_sentence(dialogue: Dialogue) -> None:
    messages = await read(dialogue.hear(said(QUESTION)))
    growing = [text(message) for message in messages if message.blocks[-1] == Paragraph("…")]
    assert len(growing) > 1
    assert all(
        longer.startswith(shorter.removesuffix("…").rstrip())
        for shorter, longer in pairwise(growing)
    )


async def test_a_command_is_answered_like_a_message(dialogue: Dialogue) -> None:
    assert await last(dialogue.ask(said(QUESTION, key="1"))) == await last(
        dialogue.hear(said(QUESTION, key="2"))
    )


@pytest.mark.parametrize("private", [False, True])
async def test_an_answer_is_as_private_as_asked_for(dialogue: Dialogue, private: bool) -> None:
    assert dialogue.ask(said(QUESTION), private=private).private is private


async def test_a_message_is_answered_in_public(dialogue: Dialogue) -> None:
    reply = dialogue.hear(said(QUESTION))
    assert reply is not None
    assert not reply.private


async def test_an_answer_is_written_for_the_level_that_was_asked_for(dialogue: Dialogue) -> None:
    expert = await last(dialogue.ask(said(QUESTION, key="1"), Level.EXPERT))
    assert expert != await last(dialogue.ask(said(QUESTION, key="2")))


async def test_the_same_words_are_answered_once(dialogue: Dialogue) -> None:
    assert await read(dialogue.hear(said(QUESTION)))
    assert await read(dialogue.hear(said(QUESTION))) == []


@pytest.mark.parametrize("words", [QUESTION, "hi"])
async def test_the_same_words_delivered_at_once_are_answered_once(
    dialogue: Dialogue, words: str
) -> None:
    replies = await asyncio.gather(*(read(dialogue.hear(said(words))) for _ in range(6)))
    assert sum(bool(messages) for messages in replies) == 1


async def test_what_a_command_and_a_message_say_under_one_key_is_answered_once(
    dialogue: Dialogue,
) -> None:
    await read(dialogue.ask(said(QUESTION)))
    assert await read(dialogue.summarize(said(QUESTION))) == []


async def test_words_that_were_answered_stay_answered_after_a_restart(
    app: App, tmp_path: Path
) -> None:
    clock = [1_800_000_000.0]
    for expected in (True, False):
        journal = Journal.open(tmp_path, lambda: clock[0])
        dialogue = app.dialogue(journal)
        assert bool(await read(dialogue.hear(said(QUESTION)))) is expected
        await dialogue.posted(said(QUESTION), "M1")
        clock[0] += 1_000 * LEASE_SECONDS
        journal.close()


async def test_words_whose_answer_was_never_posted_are_answered_anew(
    app: App, tmp_path: Path
) -> None:
    clock = [1_800_000_000.0]
    journal = Journal.open(tmp_path, lambda: clock[0])
    dialogue = app.dialogue(journal)
    first = await last(dialogue.hear(said(QUESTION)))
    clock[0] += LEASE_SECONDS + 1
    assert await last(dialogue.hear(said(QUESTION))) == first
    journal.close()


async def test_a_followup_is_understood(dialogue: Dialogue) -> None:
    await read(dialogue.hear(said(QUESTION)))
    answer = await last(dialogue.hear(said("and how does it differ from an RNN?")))
    assert "Self-attention" in answer
    assert "recurrent" in answer


async def test_a_reply_to_an_answer_is_understood(dialogue: Dialogue) -> None:
    question = said("What is LoRA?", asker="slack:T1:U2")
    await read(dialogue.hear(question))
    await dialogue.posted(question, "M1")
    await read(dialogue.hear(said(QUESTION)))
    answer = await last(dialogue.hear(said("how does it work?", reply_to="M1")))
    assert "LoRA" in answer


async def test_what_others_asked_in_a_channel_is_no_context(dialogue: Dialogue) -> None:
    await read(dialogue.hear(said(QUESTION, asker="slack:T1:U2")))
    answer = await last(dialogue.hear(said("how does it work?")))
    assert answer == text(say(wording.NO_SUBJECT))


async def test_what_was_not_answered_is_no_context(dialogue: Dialogue) -> None:
    await read(dialogue.hear(said("best sourdough recipe")))
    answer = await last(dialogue.hear(said("how does it work?")))
    assert answer == text(say(wording.NO_SUBJECT))


async def test_a_question_that_is_too_long_is_told_the_limit(dialogue: Dialogue) -> None:
    answer = await last(dialogue.hear(said("a" * 100_000, key="1")))
    assert "100,000 characters" in answer


async def test_a_topic_is_summarized(dialogue: Dialogue) -> None:
    first, summary = await read(dialogue.summarize(said("LoRA")))
    assert first == say(wording.READING, progress=True)
    assert summary.blocks[0] == Heading("LoRA")


async def test_an_unknown_topic_names_the_nearest(dialogue: Dialogue) -> None:
    answer = await last(dialogue.summarize(said("attention heads")))
    assert "no article about “attention heads”" in answer
    assert "Did you mean" in answer


async def test_a_summary_of_nothing_asks_which_topic(dialogue: Dialogue) -> None:
    assert await last(dialogue.summarize(said("  "))) == text(say(wording.NO_TOPIC))


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
        answer = await last(broken.dialogue(journal).hear(said(QUESTION)))
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
    assert "Self-attention is" in await last(app.dialogue(journal).hear(said(QUESTION)))
    journal.close()


async def test_a_damaged_journal_gives_a_word_too(app: App, tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute("DROP TABLE tickets")
    assert await last(app.dialogue(journal).hear(said(QUESTION))) == text(say(wording.OUT_OF_ORDER))
    await app.dialogue(journal).posted(said(QUESTION), "M1")
    journal.close()


async def test_without_a_journal_the_same_words_are_excused_once(app: App, tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute("DROP TABLE tickets")
    dialogue = app.dialogue(journal)
    replies = [await read(dialogue.hear(said(QUESTION))) for _ in range(3)]
    assert [len(messages) for messages in replies] == [1, 0, 0]
    journal.close()


async def test_an_index_of_another_model_is_not_ready(app: App, journal: Journal) -> None:
    with build(app.settings, embedder=HashingEmbedder("another@1")) as other:
        answer = await last(other.dialogue(journal).hear(said(QUESTION)))
    assert answer == text(say(wording.NOT_YET_READY))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[App]:
    """The bot over one article that is not indexed yet."""
    articles = {"kite.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n"}
    with bot_over(tmp_path, articles, operators=(OPERATOR,)) as wired:
        yield wired


def reindexing(asker: str, key: str = "r1", how: str = "") -> Utterance:
    return said(how, key=key, asker=asker)


async def test_before_anything_is_indexed_the_bot_is_not_ready(
    small: App, journal: Journal
) -> None:
    answer = await last(small.dialogue(journal).hear(said("What is a kite?")))
    assert answer == text(say(wording.NOT_YET_READY))


@pytest.mark.parametrize("asker", ["slack:T1:U1", "slack:T2:BOSS", "discord:BOSS", ""])
async def test_only_operators_may_reindex(small: App, journal: Journal, asker: str) -> None:
    reply = small.dialogue(journal).reindex(reindexing(asker))
    assert reply.private
    assert await read(reply) == [say(wording.OPERATORS_ONLY)]


async def test_a_refusal_indexes_nothing(small: App, journal: Journal) -> None:
    await read(small.dialogue(journal).reindex(reindexing("slack:T1:U1")))
    assert small.knowledge.library.published() is None


async def test_an_operator_is_told_the_progress_and_then_the_report(
    small: App, journal: Journal
) -> None:
    reply = small.dialogue(journal).reindex(reindexing(OPERATOR))
    *earlier, report = await read(reply)
    assert earlier[0] == say(wording.REINDEX_STARTS, progress=True)
    assert any("Reindexing" in text(message) for message in earlier)
    assert all(message.progress for message in earlier)
    assert text(report).startswith("Edition 1 is published: 1 added")


@pytest.mark.parametrize("how", ["", "dry run", "force", "at once"])
async def test_what_a_reindex_tells_is_for_the_operator_alone(
    small: App, journal: Journal, how: str
) -> None:
    assert small.dialogue(journal).reindex(reindexing(OPERATOR, how=how)).private


@pytest.mark.parametrize("how", ["dry run", "Dry-Run", "  dry   run "])
async def test_a_dry_run_tells_titles_and_publishes_nothing(
    small: App, journal: Journal, how: str
) -> None:
    report = await last(small.dialogue(journal).reindex(reindexing(OPERATOR, how=how)))
    assert report.startswith("Would be published: 1 added")
    assert "Added:\n\n- Kite" in report
    assert small.knowledge.library.published() is None


async def test_a_loss_is_refused_with_the_command_that_forces_it(
    small: App, journal: Journal, tmp_path: Path
) -> None:
    dialogue = small.dialogue(journal)
    await read(dialogue.reindex(reindexing(OPERATOR)))
    kite = tmp_path / "articles" / "kite.md"
    kite.rename(kite.with_name("top.md"))
    refusal = await last(dialogue.reindex(reindexing(OPERATOR, "r2")))
    assert "1 of 1 articles would be lost" in refusal
    assert refusal.endswith("run “/reindex force”.")


async def test_force_publishes_all_the_same(small: App, journal: Journal) -> None:
    dialogue = small.dialogue(journal)
    await read(dialogue.reindex(reindexing(OPERATOR)))
    report = await last(dialogue.reindex(reindexing(OPERATOR, "r2", "force")))
    assert report.startswith("Edition 2 is published")


async def test_nonsense_behind_the_command_is_answered_with_what_may_stand_there(
    small: App, journal: Journal
) -> None:
    refusal = await last(small.dialogue(journal).reindex(reindexing(OPERATOR, how="at once")))
    assert refusal == text(say(wording.REINDEX_HOW.format(choices="“dry run” or “force”")))
    assert small.knowledge.library.published() is None


async def test_a_stranger_is_refused_whatever_stands_behind_the_command(
    small: App, journal: Journal
) -> None:
    reply = small.dialogue(journal).reindex(reindexing("slack:T1:U1", how="force"))
    assert await read(reply) == [say(wording.OPERATORS_ONLY)]


async def test_an_edition_names_the_operator_who_made_it(small: App, journal: Journal) -> None:
    await read(small.dialogue(journal).reindex(reindexing(OPERATOR)))
    [edition] = small.knowledge.library.overview()
    assert edition.record.note.who == OPERATOR


async def test_a_pinned_edition_is_not_replaced_without_force(
    small: App, journal: Journal, tmp_path: Path
) -> None:
    dialogue = small.dialogue(journal)
    await read(dialogue.reindex(reindexing(OPERATOR)))
    small.knowledge.library.publish(1, pin=True)
    (tmp_path / "articles" / "top.md").write_text("A top is a toy that spins.\n")
    assert "is pinned since" in await last(dialogue.reindex(reindexing(OPERATOR, "r2")))
    assert small.knowledge.published().id == 1


async def test_problems_of_documents_name_the_command_that_forces_them(
    app: App, journal: Journal
) -> None:
    problem = "kite.md: hardly any text is left. If that is meant, run `explainer reindex --force`."
    report = Report(Diff(), (problem,), 0, 0.0, 1, published=False)
    dialogue = Dialogue(app.explainer, journal, lambda order, tell: report, (OPERATOR,), picture_of)
    assert "run “/reindex force”." in await last(dialogue.reindex(reindexing(OPERATOR)))


async def test_after_a_reindex_questions_are_answered_and_topics_completed(
    small: App, journal: Journal
) -> None:
    dialogue = small.dialogue(journal)
    await read(dialogue.reindex(reindexing(OPERATOR)))
    assert [choice.title for choice in dialogue.complete_topic("ki")] == ["Kite"]
    assert "A kite is a toy on a line." in await last(dialogue.hear(said("What is a kite?")))


async def test_a_reindex_under_one_key_runs_once(small: App, journal: Journal) -> None:
    dialogue = small.dialogue(journal)
    await read(dialogue.reindex(reindexing(OPERATOR)))
    assert await read(dialogue.reindex(reindexing(OPERATOR))) == []


async def test_a_reindex_that_fails_says_why_and_the_last_edition_answers(
    small: App, journal: Journal, tmp_path: Path
) -> None:
    dialogue = small.dialogue(journal)
    await read(dialogue.reindex(reindexing(OPERATOR)))
    (tmp_path / "articles" / "kite.md").unlink()
    (tmp_path / "articles").rmdir()
    failure = await last(dialogue.reindex(reindexing(OPERATOR, "r2")))
    assert "there is no such folder" in failure
    assert "the last edition still answers" in failure
    assert "A kite is a toy" in await last(dialogue.hear(said("What is a kite?")))


async def test_a_second_reindex_at_the_same_time_is_refused(small: App, journal: Journal) -> None:
    with FileLock(small.settings.data_dir / "reindex.lock"):
        failure = await last(small.dialogue(journal).reindex(reindexing(OPERATOR)))
    assert "already running" in failure


async def test_a_remark_of_an_answer_is_shown(dialogue: Dialogue) -> None:
    question = "What is the difference between LoRA and QLoRA?"
    answer = (await read(dialogue.hear(said(question))))[-1]
    assert Note(wording.PARTLY.format(missing="QLoRA")) in answer.blocks
    assert any(isinstance(block, Paragraph) for block in answer.blocks)
