"""Every kind of message that the bot says, made by the core of answers written by hand.

No index and no model is needed, so it takes no time. The snapshots in ``tests/bot/discord`` and
``tests/bot/slack``, and the page ``docs/messages.html``, show these messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from sqlalchemy import create_engine

from bot.core.answers.answer import Answer, Status
from bot.core.conversation import Level, Place, Utterance
from bot.core.demonstration import Demonstration, Kind
from bot.core.journal import Journal
from bot.core.journal.people import Known
from bot.core.messages import pages, phrasing, reports, wording
from bot.core.messages.message import Message
from bot.core.messages.privacy import (
    Policy,
    forget_message,
    forgotten_message,
    privacy_message,
)
from bot.core.talk import offering
from bot.core.talk.administration import Administration
from docs.messages import answers, library
from knowledge.database import Database

RECORD = 41
REPLY = "f00d5eed"


@dataclass(frozen=True)
class Example:
    """A message, and what it is said to.

    Args:
        name: what it is called, as part of a file's name.
        said: what the person wrote, used or pressed.
        message: the message.
        private: whether only that person sees it.
        before: what is told while it is worked on, where that is shown, too.
        growing: whether the message is still being written.
    """

    name: str
    said: str
    message: Message
    private: bool = False
    before: tuple[Message, ...] = ()
    growing: bool = False


def examples() -> tuple[Example, ...]:
    """All examples, in the order in which they are shown; not for a running event loop."""
    return (*_answers(), *_lessons(), *_demonstrations(), *_words(), *_administration())


def home() -> Message:
    """The page of its own that an operator sees, where the platform has one."""
    state = reports.status_message(library.EDITIONS, library.SOURCES)
    return pages.home_message(library.TOPICS, library.RECENT, pages.help_message(), state)


def _answers() -> Iterator[Example]:
    attention, asked = answers.ATTENTION, "@Explainer What is self-attention?"
    yield Example("answer", asked, _answered(attention))
    yield Example(
        "answer-growing",
        asked,
        phrasing.unfinished_message(attention.claims[:2], (offering.while_writing(REPLY),)),
        before=(
            phrasing.say(wording.READING, progress=True),
            phrasing.say(wording.WRITING.format(passages=8), progress=True),
        ),
        growing=True,
    )
    yield Example(
        "answer-private",
        "/ask What is self-attention? level=beginner private=true",
        _answered(attention, Level.BEGINNER, private=True),
        private=True,
    )
    yield Example("answer-unasked", "What is self-attention?", _answered(attention, mute=True))
    yield Example(
        "answer-partly",
        "@Explainer What is LoRA, and who won the world cup 2022?",
        _answered(answers.LORA),
    )
    yield Example("not-covered", "@Explainer How large is GPT-7?", _answered(_not_covered()))
    yield Example(
        "other-language",
        "@Explainer Was ist ein Transformer?",
        _answered(Answer(Status.ABSTAINED, wording.ENGLISH_ONLY["de"])),
    )


def _lessons() -> Iterator[Example]:
    compared = "@Explainer What is the difference between RAG and fine-tuning?"
    yield Example("comparison", compared, _answered(answers.COMPARISON))
    offers = offering.under_summary(RECORD, answers.SUMMARY.topic.id, None, private=True)
    summary = phrasing.summary_message(answers.SUMMARY, offers)
    yield Example("summary", "/summary tokenization private=true", summary, private=True)
    path = phrasing.path_message(answers.PATH, answers.PATH_PICTURE, offering.under_path(RECORD))
    yield Example("path", "/path transformer private=true", path, private=True)
    terms = _answered(answers.TERMS, private=True)
    yield Example("terms", "Explain its terms: “We fine-tuned it with LoRA.”", terms, private=True)
    topics = pages.topics_message(library.TOPICS)
    yield Example("topics", "/topics", topics, private=True)


def _demonstrations() -> Iterator[Example]:
    yield Example(
        "demonstration",
        "presses “Show me” under an answer about self-attention",
        _shown(Kind.ATTENTION, answers.ATTENTION_SHOWN, answers.ATTENTION_BECAUSE),
    )
    yield Example(
        "demonstration-private",
        "/show tokens Tokenization splits unbelievably rare words. private=true",
        _shown(Kind.TOKENS, answers.TOKENS_SHOWN, None, private=True),
        private=True,
    )


def _words() -> Iterator[Example]:
    yield Example("help", "/help", pages.help_message(), private=True)
    yield Example("greeting", "@Explainer hello", phrasing.say(wording.GREETING))
    yield Example("quiet", "/quiet", phrasing.say(wording.QUIET))
    policy, known = Policy(model="openai:gpt-4o-mini"), Known(questions=12, ratings=1)
    yield Example("privacy", "/privacy", privacy_message(policy, known), private=True)
    yield Example("forget-me", "/forget-me", forget_message(known), private=True)
    yield Example("forgotten", "presses “Forget me”", forgotten_message(known), private=True)
    yield Example("too-many", "/ask …", phrasing.say(wording.TOO_MANY), private=True)


def _administration() -> Iterator[Example]:
    librarian, refusing = (_administered_by(refuses=refuses) for refuses in (False, True))
    said = Utterance("example", "", "discord:7", Place("discord", "1", "2"))
    for name, used, message in (
        ("reindex-look", "/reindex", _last(librarian.look(said, REPLY))),
        ("reindex-progress", "presses “Reindex now”", reports.progress_message(library.PROGRESS)),
        ("reindex-done", "presses “Reindex now”", _last(librarian.reindex(said, REPLY))),
        ("reindex-refused", "presses “Reindex now”", _last(refusing.reindex(said, REPLY))),
        ("rollback", "/explainer rollback", _last(librarian.roll_back(said, REPLY, ""))),
        ("rolled-back", "/explainer rollback 11", _last(librarian.roll_back(said, REPLY, "11"))),
        ("status", "/explainer status", _last(librarian.status())),
        ("sources", "/explainer sources", _last(librarian.sources())),
        ("editions", "/explainer editions", _last(librarian.editions())),
        ("channel", "/explainer channel", reports.channel_message(library.CHANNEL)),
        ("gaps", "/explainer gaps", reports.gaps_message(library.GAPS)),
        ("operators-only", "/reindex", phrasing.say(wording.OPERATORS_ONLY)),
    ):
        yield Example(name, used, message, private=True)


def _answered(
    answer: Answer, level: Level | None = None, *, private: bool = False, mute: bool = False
) -> Message:
    offers = offering.under_answer(RECORD, answer, level, private=private, mute=mute)
    return phrasing.answer_message(answer, offers)


def _not_covered() -> Answer:
    nearest = (answers.topic("GPT"), answers.topic("Large language model"))
    titles = ", ".join(each.title for each in nearest)
    return Answer(
        Status.ABSTAINED, f"{wording.NOT_COVERED} {wording.NEAREST.format(topics=titles)}"
    )


def _shown(
    kind: Kind, shown: Demonstration, because: Answer | None, *, private: bool = False
) -> Message:
    offers = offering.under_demonstration(RECORD, kind, shown, private)
    picture = answers.picture(kind, phrasing.plain(shown.alt))
    return phrasing.demonstration_message(shown, picture, because, offers)


def _administered_by(*, refuses: bool) -> Administration:
    unread = Journal(Database(create_engine("sqlite://"), "nowhere"))
    return Administration(library.HandmadeLibrarian(refuses=refuses), unread)


def _last(messages: AsyncIterator[Message]) -> Message:
    async def listened() -> Message:
        return [message async for message in messages][-1]

    return asyncio.run(listened())
