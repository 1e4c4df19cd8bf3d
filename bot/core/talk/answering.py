"""Questions, summaries and terms -> the messages that answer them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.core.answers.answer import Answer, Question, Status, TopicSummary
from bot.core.answers.explainer import Explainer, Growing, Reading
from bot.core.answers.gate import MAX_CHARACTERS
from bot.core.answers.metering import Meter
from bot.core.answers.run import Run
from bot.core.answers.stopping import Stop
from bot.core.conversation import Exchange, Level, Utterance
from bot.core.journal import Journal, name_of
from bot.core.journal.records import Content
from bot.core.messages import phrasing, wording
from bot.core.messages.message import Buttons, Message
from bot.core.observer import Observer, nobody
from bot.core.talk import offering
from bot.core.talk.etiquette import asks
from bot.core.talk.limits import Budget
from knowledge.errors import KnowledgeError

_log = logging.getLogger(__name__)

EXPLAINED_CHARACTERS = 500
"""How much of a message that isn't a question is looked up."""


@dataclass(frozen=True)
class Asked:
    """A question as somebody asked it.

    Args:
        said: who asked it and where.
        text: the question.
        level: whom the answer is for, if somebody chose.
        private: whether only the asker sees the answer.
        unasked: whether nobody addressed the bot: what it can't answer it passes over.
        mute: whether to offer silence with the answer.
        history: what was said before; ``None``: what the journal knows.
    """

    said: Utterance
    text: str
    level: Level | None = None
    private: bool = False
    unasked: bool = False
    mute: bool = False
    history: tuple[Exchange, ...] | None = None


class Answering:
    """Answers questions in messages and writes down what was said.

    Args:
        explainer: the use cases.
        journal: what happened before.
        budget: what the language model may be used for.
        observer: is told of answers.
    """

    def __init__(
        self, explainer: Explainer, journal: Journal, budget: Budget, observer: Observer = nobody
    ) -> None:
        self._explainer = explainer
        self._journal = journal
        self._budget = budget
        self._observer = observer
        self._stops: dict[str, tuple[str, Stop]] = {}

    async def answer(self, asked: Asked) -> AsyncIterator[Message]:
        """Answer a question, sentence by verified sentence."""
        if not asked.unasked:
            yield phrasing.say(wording.READING, progress=True)
        name, stop = reply_name(asked.said), Stop()
        self._stops[name] = (asked.said.asker, stop)
        try:
            async for message in self._growing(asked, stop, name):
                if not (asked.unasked and message.progress):
                    yield message
        finally:
            self._stops.pop(name, None)

    async def stop(self, name: str, asker: str) -> None:
        """End an answer with what is proven so far, whichever process writes it.

        Args:
            name: of the reply.
            asker: who wants it to end; only the one who asked may.
        """
        owner, stop = self._stops.get(name, ("", None))
        if stop is None:
            await asyncio.to_thread(self._journal.stop_reply, name, asker)
        elif owner == asker:
            stop.ask()

    def end(self, name: str) -> None:
        """End an answer of this process with what is proven so far."""
        _, stop = self._stops.get(name, ("", None))
        if stop:
            stop.ask()

    async def summary(
        self, said: Utterance, topic: str, level: Level | None, private: bool
    ) -> AsyncIterator[Message]:
        """Sum a topic up."""
        yield phrasing.say(wording.READING, progress=True)
        habits = await asyncio.to_thread(self._journal.habits, said.place)
        chosen = level or habits.level
        found = await self._explainer.summarize(topic, chosen, habits.sources)
        record = await self.keep(said, topic, found, chosen)
        yield self.summarized(found, record, chosen, private=private)

    async def compare(
        self, said: Utterance, topics: tuple[str, str], level: Level | None, private: bool
    ) -> AsyncIterator[Message]:
        """Tell the difference between two topics."""
        titles = [await self._explainer.title(topic) for topic in topics]
        question = wording.COMPARING.format(a=titles[0], b=titles[1])
        async for message in self.answer(Asked(said, question, level, private, history=())):
            yield message

    async def explain(self, said: Utterance, text: str) -> AsyncIterator[Message]:
        """Explain a message to one person: answer it if it is a question, else define its terms."""
        if not asks(text) and (await self._explainer.terms(text)).status is Status.ABSTAINED:
            yield phrasing.say(wording.NO_TERMS)
            return
        short = text if asks(text) else text[:EXPLAINED_CHARACTERS]
        asked = Asked(said, short[:MAX_CHARACTERS], private=True, history=())
        answered = False
        async for message in self.answer(asked):
            if message.progress:
                yield message
            else:
                last, answered = message, phrasing.has_sources(message)
        if answered or asks(text):
            yield last
            return
        async for message in self.terms(said, text):
            yield message

    async def terms(self, said: Utterance, text: str) -> AsyncIterator[Message]:
        """Define the terms in a text to one person."""
        yield phrasing.say(wording.READING, progress=True)
        habits = await asyncio.to_thread(self._journal.habits, said.place)
        found = await self._explainer.terms(text, habits.sources)
        if found.status is Status.ABSTAINED:
            yield phrasing.say(found.text)
            return
        record = await self.keep(said, text[:MAX_CHARACTERS], found, None)
        yield self.answered(found, record, None, private=True)

    def answered(
        self,
        answer: Answer,
        record: int | None,
        level: Level | None,
        *,
        private: bool = False,
        mute: bool = False,
    ) -> Message:
        """A whole answer as a message, with what it offers."""
        if record is None:
            return phrasing.answer_message(answer)
        offers = offering.under_answer(record, answer, level, private=private, mute=mute)
        return phrasing.answer_message(answer, offers)

    def summarized(
        self,
        summary: TopicSummary,
        record: int | None,
        level: Level | None,
        *,
        private: bool = False,
    ) -> Message:
        """A summary as a message, with what it offers."""
        if record is None:
            return phrasing.summary_message(summary)
        offers = offering.under_summary(record, summary.topic.id, level, private)
        return phrasing.summary_message(summary, offers)

    async def keep(
        self, said: Utterance, question: str, content: Content, level: Level | None
    ) -> int | None:
        """Write down what was said; ``None`` if that can't be: it is said all the same."""
        try:
            return await asyncio.to_thread(self._journal.record, said, question, content, level)
        except KnowledgeError as error:
            _log.error("%s", error)
            return None

    async def _growing(self, asked: Asked, stop: Stop, name: str) -> AsyncIterator[Message]:
        question = await self._question(asked)
        run = Run(stop, frugal=not await self._may_write(asked.said))
        offers = (offering.while_writing(name),) if self._explainer.model else ()
        try:
            async for message in self._told(asked, question, run, offers):
                yield message
        finally:
            await self._charge(asked.said, run.meter)

    async def _told(
        self, asked: Asked, question: Question, run: Run, offers: tuple[Buttons, ...]
    ) -> AsyncIterator[Message]:
        async for event in self._explainer.stream(question, run):
            match event:
                case Reading(passages):
                    text = wording.WRITING.format(passages=passages)
                    yield phrasing.say(text, progress=True)
                case Growing(answer):
                    yield phrasing.unfinished_message(answer.claims, offers)
                case Answer():
                    self._observer.answered(event)
                    record = await self.keep(asked.said, asked.text, event, question.level)
                    if asked.unasked and event.status is Status.ABSTAINED:
                        return
                    yield self.answered(
                        event, record, question.level, private=asked.private, mute=asked.mute
                    )

    async def _may_write(self, said: Utterance) -> bool:
        """Whether the language model may be used; if nobody can tell, it isn't."""
        if not self._explainer.model:
            return False
        try:
            return await asyncio.to_thread(self._budget.is_left, said)
        except KnowledgeError as error:
            _log.error("%s", error)
            return False

    async def _charge(self, said: Utterance, meter: Meter) -> None:
        """Count what the language model was used for."""
        if not (meter.read or meter.written):
            return
        self._observer.spent(self._explainer.model, meter.read, meter.written)
        try:
            await asyncio.to_thread(self._budget.spend, said, meter.read + meter.written)
        except KnowledgeError as error:
            _log.error("%s", error)

    async def _question(self, asked: Asked) -> Question:
        habits = await asyncio.to_thread(self._journal.habits, asked.said.place)
        history = asked.history
        if history is None:
            history = await asyncio.to_thread(self._journal.history, asked.said)
        return Question(asked.text, history, asked.level or habits.level, habits.sources)


def reply_name(said: Utterance) -> str:
    """A short name for the reply to something said, which fits into a button."""
    return name_of(said.key)
