"""The use cases: answer a question, summarize a topic, search, reindex.

question -> gate -> retrieve -> compose -> verify, each room entered once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.core.answers import summaries
from bot.core.answers.answer import (
    Answer,
    Claim,
    Draft,
    Question,
    Status,
    TopicName,
    TopicSummary,
    Verdict,
)
from bot.core.answers.chain import Composer, NotInPassages
from bot.core.answers.extractive import Brief
from bot.core.answers.followups import question_about, suggest
from bot.core.answers.gate import admit
from bot.core.answers.intent import Kind
from bot.core.answers.metering import Meter
from bot.core.answers.rewriting import Rewriter
from bot.core.answers.run import Run
from bot.core.answers.stopping import passed_on
from bot.core.answers.study import Part, Study, study_of
from bot.core.answers.telling import Timer, Told
from bot.core.answers.terms import terms_in
from bot.core.answers.verification import Verifier
from bot.core.conversation import Level
from bot.core.errors import UnknownTopic
from bot.core.messages import wording
from bot.core.observer import in_stage, stage
from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.model import Evidence, Passage
from knowledge.paths import LearningPath, learning_path
from knowledge.topics import Topic, TopicGraph

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MODEL_SECONDS = 45.0
"""After this long without an end, the extractive answer goes out in the model's place."""

GROUNDING_SENTENCES = 2
NEAREST_TOPICS = 10

REWRITE_SECONDS = 8.0
"""After this long a follow-up is understood by rule."""


@dataclass(frozen=True)
class Reading:
    """The evidence is found; the answer is being composed."""

    passages: int


@dataclass(frozen=True)
class Growing:
    """What is proven so far, as an answer; the next one adds to it."""

    answer: Answer


Event = Reading | Growing | Answer


@dataclass(frozen=True)
class LanguageModel:
    """What a language model does for answers.

    Args:
        name: as it is set.
        composer: writes them.
        rewriter: makes follow-up questions understandable alone.
    """

    name: str
    composer: Composer
    rewriter: Rewriter | None = None


class Explainer:
    """Explains what the articles hold, and says so when they don't.

    Args:
        knowledge: the published edition.
        verifier: checks every sentence before it is released.
        extractive: the composer that always works.
        model: the language model, if one is set.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        verifier: Verifier,
        extractive: Composer,
        model: LanguageModel | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._verifier = verifier
        self._extractive = extractive
        self._model = model
        self._threads = ThreadPoolExecutor(os.cpu_count() or 2, "knowledge")
        # In a crowd, an answer that is begun would else wait until all questions were studied.
        self._finishing = ThreadPoolExecutor(os.cpu_count() or 2, "finishing")

    async def warm_up(self) -> None:
        """Load what the first question would wait for, before anybody asks.

        What is loaded stays, so garbage collection need not look at it any more: to go through
        all of it stops every thread for a tenth of a second.
        """
        with suppress(KnowledgeError):  # whoever asks is told
            await self._in_thread(self._study, Question("Was ist das hier?"))
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Let the worker threads go; the knowledge base stays open."""
        for threads in (self._threads, self._finishing):
            threads.shutdown(wait=True, cancel_futures=True)

    async def answer(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            QuestionRefused: it is empty or too long.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        async for event in self.stream(question):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with its answer")

    async def stream(self, question: Question, run: Run | None = None) -> AsyncIterator[Event]:
        """Answer a question, telling what happens; ends with the :class:`Answer`.

        A claim is told when it is proven. If the language model fails half-way, the answer
        at the end doesn't hold the claims that were told before.

        Args:
            question: what is asked.
            run: how the answer is made.

        Raises:
            QuestionRefused: it is empty or too long.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        run, timer = run or Run(), Timer()
        with stage("gate"), timer.room("gate"):
            text = admit(question.text)
        asked = replace(question, text=text)
        if self._model and self._model.rewriter and question.history and not run.frugal:
            with stage("rewrite"), timer.room("rewrite"):
                asked = await _standing_alone(asked, self._model.rewriter, run.meter)
        with stage("retrieve"), timer.room("retrieve"):
            study = await self._in_thread(self._study, asked)
        refusal = self._refusal(study, timer)
        if refusal:
            yield refusal
            return
        yield Reading(len(study.passages))
        async for event in self._compose(study, timer, run):
            yield event

    async def summarize(
        self, name: str, level: Level | None = None, sources: tuple[str, ...] = ()
    ) -> TopicSummary:
        """Summarize a topic by its own article.

        Args:
            name: what a person calls the topic.
            level: whom the summary is for.
            sources: names of the sources whose articles count; empty: all.

        Raises:
            UnknownTopic: no article is about it; the text names the nearest topics.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return await self._in_thread(self._summarize, name, level, sources)

    async def path(self, name: str) -> LearningPath:
        """What to learn before a topic, in which order.

        Raises:
            UnknownTopic: no article is about it; the text names the nearest topics.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return await self._in_thread(self._path, name)

    @property
    def model(self) -> str:
        """The language model that writes the answers, which takes its time; empty if none does."""
        return self._model.name if self._model else ""

    async def title(self, name: str) -> str:
        """The title of the topic that a person names.

        Raises:
            UnknownTopic: no article is about it; the text names the nearest topics.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return (await self._in_thread(self._named, name)).title

    async def terms(self, text: str, sources: tuple[str, ...] = ()) -> Answer:
        """Define the terms in a text, in their order.

        Args:
            text: any text.
            sources: names of the sources whose articles count; empty: all.

        Raises:
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return await self._in_thread(self._terms, text, sources)

    async def ground(self, question: str) -> Answer | None:
        """The first sentences of the articles' answer to a question, if they have one.

        Raises:
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        if not question:
            return None
        study = await self._in_thread(self._study, Question(question))
        told = Told(study, Timer(), "extractive")
        async for claim in self._quoted(study, Timer()):
            told.with_(claim)
            if len(told.claims) == GROUNDING_SENTENCES:
                break
        return told.answer() if told.claims else None

    async def evidence(self, question: str) -> Evidence:
        """What is found for a question as it is asked, and whether that covers it.

        Raises:
            QuestionRefused: it is empty or too long.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        study = await self._in_thread(self._study, Question(admit(question)))
        return study.parts[0].evidence

    async def nearness(self, text: str) -> dict[str, float]:
        """How near the topics next to a text are to it: cosine similarities by their titles.

        Raises:
            QuestionRefused: it is empty or too long.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        count = NEAREST_TOPICS
        found = await self._in_thread(self._knowledge.retrieve, admit(text), count, 1)
        return {
            found.passage.title or found.passage.article_id: found.dense for found in found.passages
        }

    async def topics(self) -> TopicGraph:
        """All topics of the published edition."""
        return await self._in_thread(self._knowledge.topics)

    async def search(self, query: str, count: int) -> Evidence:
        """The passages found for a query, with their scores."""
        admitted = admit(query)
        return await self._in_thread(self._knowledge.retrieve, admitted, count, count)

    async def _in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, copy_context().run, work, *arguments)

    async def _soon(self, work: Callable[..., _T], *arguments: object) -> _T:
        """Do what is left to do for an answer that is begun."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._finishing, copy_context().run, work, *arguments)

    def _study(self, question: Question) -> Study:
        return study_of(question, self._knowledge.current(question.sources))

    def _refusal(self, study: Study, timer: Timer) -> Answer | None:
        """The answer to what cannot be answered, or ``None``."""
        nearest = study.nearest
        if study.language != "en":
            text, nearest = wording.ENGLISH_ONLY[study.language], ()
        elif study.covered:
            return None
        elif all(part.intent.kind is Kind.VAGUE for part in study.parts):
            text, nearest = wording.NO_SUBJECT, ()
        elif named := _named(study):
            titles = [topic.title for topic in named]
            text = wording.NOT_SAID.format(topics=wording.listed(titles, "and"))
            nearest = tuple(TopicName(topic.id, topic.title) for topic in named)
        else:
            titles = [topic.title for topic in nearest]
            text = wording.NOT_COVERED
            if titles:
                text += " " + wording.NEAREST.format(topics=", ".join(titles))
        return Answer(
            Status.ABSTAINED,
            text,
            topics=nearest,
            followups=tuple(
                question_about(topic, study.edition.passages_of(topic.id))
                for name in nearest
                if (topic := study.topics.get(name.id))
            ),
            edition=study.edition.record.id,
            timings_ms=timer.total(),
        )

    async def _compose(
        self, study: Study, timer: Timer, run: Run
    ) -> AsyncIterator[Growing | Answer]:
        if self._model and not run.frugal:
            told, stop = Told(study, timer, self._model.name), run.stop
            composer = self._model.composer.with_config(callbacks=[run.meter])
            claims = self._claims(composer, study.brief(), timer)
            deadline = asyncio.get_running_loop().time() + MODEL_SECONDS
            try:
                async for claim in passed_on(deadline, stop, claims):
                    yield Growing(told.with_(claim))
            except NotInPassages:
                told = Told(study, timer, self._model.name)
                yield await self._soon(self._finish, told)
                return
            except Exception as error:  # noqa: BLE001 - every provider has its own kinds
                if not stop.asked:
                    _log.warning("The language model failed: %s.", type(error).__name__)
                    told = Told(study, timer, self._model.name)
            if told.claims or stop.asked:
                remark = wording.STOPPED if stop.asked else ""
                yield await self._soon(self._finish, told, remark)
                return
        told = Told(study, timer, "extractive")
        async for claim in self._quoted(study, timer):
            yield Growing(told.with_(claim))
        spared = wording.OVER_BUDGET if run.frugal else wording.MODEL_FAILED
        yield await self._soon(self._finish, told, spared if self._model else "")

    async def _quoted(self, study: Study, timer: Timer) -> AsyncIterator[Claim]:
        """What the extractive composer says to each part of a message."""
        said: set[str] = set()
        begun = last = -1
        for part in study.covered:
            begun = last + 1
            async for claim in self._claims(self._extractive, study.brief_of(part), timer):
                if claim.text not in said:
                    said.add(claim.text)
                    placed = _placed(claim, part, begun)
                    last = placed.paragraph
                    yield placed

    async def _claims(self, composer: Composer, brief: Brief, timer: Timer) -> AsyncIterator[Claim]:
        """Compose and verify; only proven claims come out."""
        passages = [found.passage for found in brief.passages]
        told: set[str] = set()
        drafts = in_stage("compose", composer.astream(brief))
        while True:
            with timer.room("compose"):
                draft: Draft | None = await anext(drafts, None)
            if draft is None:
                return
            with stage("verify"), timer.room("verify"):
                claims = await self._soon(self._verify, draft, passages)
            for claim in claims:
                if claim.text not in told:
                    told.add(claim.text)
                    yield claim

    def _verify(self, draft: Draft, passages: Sequence[Passage]) -> list[Claim]:
        claims = [self._verifier.check(sentence, passages) for sentence in draft]
        for claim in claims:
            if claim.verdict is Verdict.UNSUPPORTED:
                _log.info("A sentence was not released.")
        return [claim for claim in claims if claim.verdict is not Verdict.UNSUPPORTED]

    def _finish(self, told: Told, remark: str = "") -> Answer:
        study = told.study
        if not told.claims:
            return replace(
                told.answer(),
                status=Status.ABSTAINED,
                text=remark or wording.NOTHING_PROVEN,
                topics=study.nearest,
            )
        main = _main_topic(study, told.claims)
        missing = study.missing
        if missing:
            partly = wording.PARTLY.format(missing=wording.listed(list(missing)))
            remark = " ".join(filter(None, (partly, remark)))
        return replace(
            told.answer(),
            status=Status.PARTLY if missing else Status.ANSWERED,
            topics=_topic_names(study, main),
            followups=self._followups(study, main),
            remark=remark,
        )

    def _followups(self, study: Study, main: Topic | None) -> tuple[str, ...]:
        if main is None:
            return ()
        passages = [
            found.passage for found in study.passages if found.passage.article_id == main.id
        ]
        found = [topic for id_ in main.related if (topic := study.topics.get(id_))]
        related = [(topic, study.edition.passages_of(topic.id)) for topic in found]
        return suggest(study.question, main, passages, related)

    def _named(self, name: str) -> Topic:
        return _topic_named(name, self._knowledge.topics())

    def _terms(self, text: str, sources: tuple[str, ...]) -> Answer:
        return terms_in(text, self._knowledge.current(sources))

    def _summarize(self, name: str, level: Level | None, sources: tuple[str, ...]) -> TopicSummary:
        edition = self._knowledge.current(sources)
        return summaries.summarize(_topic_named(name, edition.topics), edition, level)

    def _path(self, name: str) -> LearningPath:
        topics = self._knowledge.current().topics
        return learning_path(topics, _topic_named(name, topics))


def _topic_named(name: str, topics: TopicGraph) -> Topic:
    """The topic that a person names, or the nearest ones in a refusal."""
    admitted = admit(name)
    if topic := topics.resolve(admitted):
        return topic
    nearest = [near.title for near in topics.nearest(admitted, 3)]
    text = wording.UNKNOWN_TOPIC.format(name=admitted[:80])
    if nearest:
        text += " " + wording.DID_YOU_MEAN.format(topics=wording.listed(nearest))
    raise UnknownTopic(text)


async def _standing_alone(question: Question, rewriter: Rewriter, meter: Meter) -> Question:
    """A follow-up as a question of its own; as it is, if the model doesn't manage in time."""
    try:
        async with asyncio.timeout(REWRITE_SECONDS):
            text = admit(await rewriter.ainvoke(question, {"callbacks": [meter]}))
    except Exception as error:  # noqa: BLE001 - every provider has its own kinds
        _log.warning("The question was not rewritten: %s.", type(error).__name__)
        return question
    return replace(question, text=text, history=())


def _placed(claim: Claim, part: Part, begun: int) -> Claim:
    """A claim about one part of a message as one of the whole answer's.

    Args:
        claim: it numbers the part's own passages.
        part: what it is about.
        begun: the number of the part's first paragraph.
    """
    citations = tuple(part.numbers[number - 1] for number in claim.citations)
    return replace(claim, citations=citations, paragraph=begun + claim.paragraph)


def _named(study: Study) -> list[Topic]:
    """The topics that a question names whose answer isn't in the articles."""
    return list(dict.fromkeys(topic for part in study.parts for topic in part.intent.topics))


def _main_topic(study: Study, claims: Sequence[Claim]) -> Topic | None:
    if topics := _topics(study):
        return topics[0]
    first = study.passages[claims[0].citations[0] - 1].passage.article_id
    return study.topics.get(first)


def _topics(study: Study) -> list[Topic]:
    return [topic for part in study.covered for topic in part.intent.topics]


def _topic_names(study: Study, main: Topic | None) -> tuple[TopicName, ...]:
    topics = dict.fromkeys(_topics(study) or ([main] if main else []))
    return tuple(TopicName(topic.id, topic.title) for topic in topics)
