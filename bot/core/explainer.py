"""The use cases: answer a question, summarize a topic, search, reindex.

question -> gate -> retrieve -> compose -> verify, each room entered once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.core import summaries, wording
from bot.core.answer import (
    Answer,
    Claim,
    Draft,
    Question,
    Status,
    TopicName,
    TopicSummary,
    Verdict,
    plain_text,
)
from bot.core.chain import Composer, NotInPassages
from bot.core.citing import Bibliography
from bot.core.conversation import Level
from bot.core.errors import UnknownTopic
from bot.core.extractive import Brief
from bot.core.followups import suggest
from bot.core.gate import admit
from bot.core.intent import Kind
from bot.core.rewriting import Rewriter
from bot.core.study import Part, Study, study_of
from bot.core.verification import Verifier
from knowledge.base import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.model import Evidence, Passage
from knowledge.paths import LearningPath, learning_path
from knowledge.topics import Topic, TopicGraph

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MODEL_SECONDS = 45.0
"""After this long without an end, the extractive answer goes out in the model's place."""

REWRITE_SECONDS = 8.0
"""After this long a follow-up is understood by rule."""


@dataclass(frozen=True)
class Reading:
    """The evidence is found; the answer is being composed."""

    passages: int


Event = Reading | Claim | Answer


@dataclass
class _Timer:
    started: float = field(default_factory=time.perf_counter)
    milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def room(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self.milliseconds[name] = round(self.milliseconds.get(name, 0.0) + spent, 3)

    def total(self) -> dict[str, float]:
        """Milliseconds by room, and since the question came."""
        since = round((time.perf_counter() - self.started) * 1000, 3)
        return {**self.milliseconds, "total": since}


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
        self._threads.shutdown(wait=True, cancel_futures=True)

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

    async def stream(self, question: Question) -> AsyncIterator[Event]:
        """Answer a question, telling what happens; ends with the :class:`Answer`.

        A claim is told when it is proven. If the language model fails half-way, the answer
        at the end doesn't hold the claims that were told before.

        Raises:
            QuestionRefused: it is empty or too long.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        timer = _Timer()
        with timer.room("gate"):
            text = admit(question.text)
        asked = replace(question, text=text)
        if self._model and self._model.rewriter and question.history:
            with timer.room("rewrite"):
                asked = await _standing_alone(asked, self._model.rewriter)
        with timer.room("retrieve"):
            study = await self._in_thread(self._study, asked)
        refusal = self._refusal(study, timer)
        if refusal:
            yield refusal
            return
        yield Reading(len(study.passages))
        async for event in self._compose(study, timer):
            yield event

    async def summarize(self, name: str, level: Level | None = None) -> TopicSummary:
        """Summarize a topic by its own article.

        Raises:
            UnknownTopic: no article is about it; the text names the nearest topics.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return await self._in_thread(self._summarize, name, level)

    async def path(self, name: str) -> LearningPath:
        """What to learn before a topic, in which order.

        Raises:
            UnknownTopic: no article is about it; the text names the nearest topics.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return await self._in_thread(self._path, name)

    async def topics(self) -> TopicGraph:
        """All topics of the published edition."""
        return await self._in_thread(self._knowledge.topics)

    async def search(self, query: str, count: int) -> Evidence:
        """The passages found for a query, with their scores."""
        admitted = admit(query)
        return await self._in_thread(self._knowledge.retrieve, admitted, count, count)

    async def _in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, work, *arguments)

    def _study(self, question: Question) -> Study:
        return study_of(question, self._knowledge.current())

    def _refusal(self, study: Study, timer: _Timer) -> Answer | None:
        """The answer to what cannot be answered, or ``None``."""
        nearest = study.nearest
        if study.language != "en":
            text = wording.ENGLISH_ONLY[study.language]
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
            edition=study.edition.record.id,
            timings_ms=timer.total(),
        )

    async def _compose(self, study: Study, timer: _Timer) -> AsyncIterator[Claim | Answer]:
        if self._model:
            told: list[Claim] = []
            claims = self._claims(self._model.composer, study.brief(), timer)
            deadline = asyncio.get_running_loop().time() + MODEL_SECONDS
            try:
                async for claim in _until(deadline, claims):
                    told.append(claim)
                    yield claim
            except NotInPassages:
                yield await self._in_thread(self._finish, study, [], timer, self._model.name)
                return
            except Exception as error:  # noqa: BLE001 - every provider has its own kinds
                _log.warning("The language model failed: %s.", type(error).__name__)
                told = []
            if told:
                yield await self._in_thread(self._finish, study, told, timer, self._model.name)
                return
        told = []
        for part in study.covered:
            begun = told[-1].paragraph + 1 if told else 0
            said = {claim.text for claim in told}
            async for claim in self._claims(self._extractive, study.brief_of(part), timer):
                if claim.text not in said:
                    told.append(_placed(claim, part, begun))
                    yield told[-1]
        remark = wording.MODEL_FAILED if self._model else ""
        yield await self._in_thread(self._finish, study, told, timer, "extractive", remark)

    async def _claims(
        self, composer: Composer, brief: Brief, timer: _Timer
    ) -> AsyncIterator[Claim]:
        """Compose and verify; only proven claims come out."""
        passages = [found.passage for found in brief.passages]
        told: set[str] = set()
        drafts = composer.astream(brief)
        while True:
            with timer.room("compose"):
                draft: Draft | None = await anext(drafts, None)
            if draft is None:
                return
            with timer.room("verify"):
                claims = await self._in_thread(self._verify, draft, passages)
            for claim in claims:
                if claim.text not in told:
                    told.add(claim.text)
                    yield claim

    def _verify(self, draft: Draft, passages: Sequence[Passage]) -> list[Claim]:
        claims = [self._verifier.check(sentence, passages) for sentence in draft]
        for claim in claims:
            if claim.verdict is Verdict.UNSUPPORTED:
                _log.info("A sentence was not released: %s.", claim.reason)
        return [claim for claim in claims if claim.verdict is not Verdict.UNSUPPORTED]

    def _finish(
        self,
        study: Study,
        claims: list[Claim],
        timer: _Timer,
        model: str,
        remark: str = "",
    ) -> Answer:
        edition = study.edition.record.id
        if not claims:
            text = wording.NOTHING_PROVEN
            return Answer(
                Status.ABSTAINED,
                text,
                topics=study.nearest,
                model=model,
                edition=edition,
                timings_ms=timer.total(),
            )
        bibliography = Bibliography([found.passage for found in study.passages])
        cited = tuple(map(bibliography.cite, claims))
        main = _main_topic(study, claims)
        missing = study.missing
        if missing:
            partly = wording.PARTLY.format(missing=wording.listed(list(missing)))
            remark = " ".join(filter(None, (partly, remark)))
        return Answer(
            status=Status.PARTLY if missing else Status.ANSWERED,
            text=plain_text(cited),
            claims=cited,
            sources=bibliography.sources(study.edition.article),
            topics=_topic_names(study, main),
            followups=self._followups(study, main),
            model=model,
            edition=edition,
            timings_ms=timer.total(),
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

    def _summarize(self, name: str, level: Level | None) -> TopicSummary:
        edition = self._knowledge.current()
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


async def _standing_alone(question: Question, rewriter: Rewriter) -> Question:
    """A follow-up as a question of its own; as it is, if the model doesn't manage in time."""
    try:
        async with asyncio.timeout(REWRITE_SECONDS):
            text = admit(await rewriter.ainvoke(question))
    except Exception as error:  # noqa: BLE001 - every provider has its own kinds
        _log.warning("The question was not rewritten: %s.", type(error).__name__)
        return question
    return replace(question, text=text, history=())


async def _until(deadline: float, items: AsyncIterator[_T]) -> AsyncIterator[_T]:
    """Pass items on until a deadline; nobody but this wait for the next one is interrupted.

    Args:
        deadline: in the running loop's time.
        items: what takes its time.

    Raises:
        TimeoutError: the deadline passed before the next item came.
    """
    while True:
        async with asyncio.timeout_at(deadline):
            try:
                item = await anext(items)
            except StopAsyncIteration:
                return
        yield item


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
