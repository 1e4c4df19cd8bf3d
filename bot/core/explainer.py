"""The use cases: answer a question, summarize a topic, search, reindex.

question -> gate -> retrieve -> compose -> verify, each room entered once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
from bot.core.followups import self_contained, suggest
from bot.core.gate import admit
from bot.core.intent import Intent, Kind, intent_of
from bot.core.language import language_of
from bot.core.verification import Verifier
from knowledge.base import KnowledgeBase, OpenEdition
from knowledge.model import Evidence, FoundPassage, Passage
from knowledge.topics import Topic, TopicGraph

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

MODEL_SECONDS = 45.0
"""After this long without an end, the extractive answer goes out in the model's place."""

MAX_SUBJECTS = 2


@dataclass(frozen=True)
class Reading:
    """The evidence is found; the answer is being composed."""

    passages: int


Event = Reading | Claim | Answer


@dataclass(frozen=True)
class _Study:
    """What retrieval found out about a question."""

    question: str
    language: str
    edition: OpenEdition
    intent: Intent
    evidence: Evidence
    passages: tuple[FoundPassage, ...]

    @property
    def topics(self) -> TopicGraph:
        """The topics of the edition that the answer is read from."""
        return self.edition.topics


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


class Explainer:
    """Explains what the articles hold, and says so when they don't.

    Args:
        knowledge: the published edition.
        verifier: checks every sentence before it is released.
        extractive: the composer that always works.
        generative: the composer with a language model, if one is set.
        model: that model's name.
    """

    def __init__(
        self,
        knowledge: KnowledgeBase,
        verifier: Verifier,
        extractive: Composer,
        generative: Composer | None = None,
        model: str = "",
    ) -> None:
        self._knowledge = knowledge
        self._verifier = verifier
        self._extractive = extractive
        self._generative = generative
        self._model = model
        self._threads = ThreadPoolExecutor(os.cpu_count() or 2, "knowledge")

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
        with timer.room("retrieve"):
            study = await self._in_thread(self._study, replace(question, text=text))
        refusal = self._refusal(study, timer)
        if refusal:
            yield refusal
            return
        yield Reading(len(study.passages))
        weight = study.edition.term_weight
        brief = Brief(study.question, study.intent, study.passages, weight, question.level)
        async for event in self._compose(study, brief, timer):
            yield event

    async def summarize(self, name: str, level: Level | None = None) -> TopicSummary:
        """Summarize a topic by its own article.

        Raises:
            UnknownTopic: no article is about it; the text names the nearest topics.
            KnowledgeError: nothing is indexed, or the index cannot be used.
        """
        return await self._in_thread(self._summarize, name, level)

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

    def _study(self, question: Question) -> _Study:
        edition = self._knowledge.current()
        text = self_contained(question.text, question.history, edition.topics)
        mentions = edition.topics.mentioned(text)
        intent = intent_of(text, mentions)
        evidence = edition.retrieve(text)
        subjects = [
            passage
            for topic in intent.topics[:MAX_SUBJECTS]
            for passage in edition.passages_of(topic.id)
        ]
        return _Study(
            question=text,
            language=language_of(question.text, [mention.words for mention in mentions]),
            edition=edition,
            intent=intent,
            evidence=evidence,
            passages=_with_subjects(evidence.passages, subjects),
        )

    def _refusal(self, study: _Study, timer: _Timer) -> Answer | None:
        """The answer to what cannot be answered, or ``None``."""
        nearest = _nearest(study)
        if study.language != "en":
            text = wording.ENGLISH_ONLY[study.language]
        elif study.intent.kind is Kind.VAGUE:
            text, nearest = wording.NO_SUBJECT, ()
        elif not study.evidence.coverage.covered:
            titles = [topic.title for topic in nearest]
            text = wording.NOT_COVERED
            if titles:
                text += " " + wording.NEAREST.format(topics=", ".join(titles))
        else:
            return None
        return Answer(
            Status.ABSTAINED,
            text,
            topics=nearest,
            edition=study.evidence.edition,
            timings_ms=timer.total(),
        )

    async def _compose(
        self, study: _Study, brief: Brief, timer: _Timer
    ) -> AsyncIterator[Claim | Answer]:
        if self._generative:
            told: list[Claim] = []
            try:
                async with asyncio.timeout(MODEL_SECONDS):
                    async for claim in self._claims(self._generative, brief, timer):
                        told.append(claim)
                        yield claim
            except NotInPassages:
                yield await self._in_thread(self._finish, study, [], timer, self._model)
                return
            except Exception as error:  # noqa: BLE001 - every provider has its own kinds
                _log.warning("The language model failed: %s.", type(error).__name__)
                told = []
            if told:
                yield await self._in_thread(self._finish, study, told, timer, self._model)
                return
        told = [claim async for claim in self._claims(self._extractive, brief, timer)]
        for claim in told:
            yield claim
        remark = wording.MODEL_FAILED if self._generative else ""
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
        study: _Study,
        claims: list[Claim],
        timer: _Timer,
        model: str,
        remark: str = "",
    ) -> Answer:
        edition = study.evidence.edition
        if not claims:
            text = wording.NOTHING_PROVEN
            return Answer(
                Status.ABSTAINED,
                text,
                topics=_nearest(study),
                model=model,
                edition=edition,
                timings_ms=timer.total(),
            )
        bibliography = Bibliography([found.passage for found in study.passages])
        cited = tuple(map(bibliography.cite, claims))
        main = _main_topic(study, claims)
        missing = study.intent.missing
        if missing:
            remark = " ".join(filter(None, (wording.PARTLY.format(missing=missing), remark)))
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

    def _followups(self, study: _Study, main: Topic | None) -> tuple[str, ...]:
        if main is None:
            return ()
        passages = [
            found.passage for found in study.passages if found.passage.article_id == main.id
        ]
        found = [topic for id_ in main.related if (topic := study.topics.get(id_))]
        related = [(topic, study.edition.passages_of(topic.id)) for topic in found]
        return suggest(study.question, main, passages, related)

    def _summarize(self, name: str, level: Level | None) -> TopicSummary:
        admitted = admit(name)
        edition = self._knowledge.current()
        topics = edition.topics
        topic = topics.resolve(admitted)
        if topic is None:
            nearest = [near.title for near in topics.nearest(admitted, 3)]
            text = wording.UNKNOWN_TOPIC.format(name=admitted[:80])
            if nearest:
                text += " " + wording.DID_YOU_MEAN.format(topics=wording.listed(nearest))
            raise UnknownTopic(text)
        return summaries.summarize(topic, edition, level)


def _with_subjects(
    found: Sequence[FoundPassage], subjects: Sequence[Passage]
) -> tuple[FoundPassage, ...]:
    """Add the passages of the topics' own articles, which an answer is built from."""
    present = {hit.passage.id for hit in found}
    added = [
        FoundPassage(passage, 0.0, 0.0, 0.0) for passage in subjects if passage.id not in present
    ]
    order = {passage.id: place for place, passage in enumerate(subjects)}
    # The articles' own order where an article is told, the ranking's elsewhere.
    own = [hit for hit in found if hit.passage.id in order]
    rest = [hit for hit in found if hit.passage.id not in order]
    own = sorted([*own, *added], key=lambda hit: order[hit.passage.id])
    return (*own, *rest)


def _nearest(study: _Study) -> tuple[TopicName, ...]:
    ids = dict.fromkeys(found.passage.article_id for found in study.evidence.passages)
    topics = [topic for id_ in ids if (topic := study.topics.get(id_))]
    return tuple(TopicName(topic.id, topic.title) for topic in topics[:3])


def _main_topic(study: _Study, claims: Sequence[Claim]) -> Topic | None:
    if study.intent.topics:
        return study.intent.topics[0]
    first = study.passages[claims[0].citations[0] - 1].passage.article_id
    return study.topics.get(first)


def _topic_names(study: _Study, main: Topic | None) -> tuple[TopicName, ...]:
    topics = dict.fromkeys(study.intent.topics or ([main] if main else []))
    return tuple(TopicName(topic.id, topic.title) for topic in topics)
