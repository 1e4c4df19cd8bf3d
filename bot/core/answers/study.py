"""What retrieval finds out about a message before anything is composed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.answers.answer import Question, TopicName
from bot.core.answers.extractive import Brief
from bot.core.answers.followups import self_contained
from bot.core.answers.intent import Intent, Kind, intent_of
from bot.core.answers.language import language_of
from bot.core.answers.parts import parts_of
from bot.core.conversation import Exchange, Level
from knowledge.base import OpenEdition
from knowledge.model import Evidence, FoundPassage, Passage
from knowledge.topics import TopicGraph

MAX_SUBJECTS = 2


@dataclass(frozen=True)
class Part:
    """One question of a message.

    Args:
        asked: its words, as they were written.
        question: the same, corrected and understandable alone.
        intent: what it asks for.
        evidence: what was found for it.
        passages: what an answer is composed from.
        numbers: the places of these passages among the whole study's, from 1.
    """

    asked: str
    question: str
    intent: Intent
    evidence: Evidence
    passages: tuple[FoundPassage, ...]
    numbers: tuple[int, ...]

    @property
    def covered(self) -> bool:
        """Whether the articles answer it."""
        return self.intent.kind is not Kind.VAGUE and self.evidence.coverage.covered


@dataclass(frozen=True)
class Study:
    """All that was found out about a message.

    Args:
        question: the message.
        language: the language that it was asked in.
        level: whom the answer is for.
        edition: what everything is read from.
        parts: the questions in it.
        passages: the passages of its covered parts.
    """

    question: str
    language: str
    level: Level | None
    edition: OpenEdition
    parts: tuple[Part, ...]
    passages: tuple[FoundPassage, ...]

    @property
    def topics(self) -> TopicGraph:
        """The topics of the edition."""
        return self.edition.topics

    @property
    def covered(self) -> tuple[Part, ...]:
        """The parts that the articles answer."""
        return tuple(part for part in self.parts if part.covered)

    @property
    def missing(self) -> tuple[str, ...]:
        """The words of what isn't covered, if anything is."""
        open_ = tuple(f"“{part.asked.rstrip('? ')}”" for part in self.parts if not part.covered)
        sides = tuple(part.intent.missing for part in self.covered if part.intent.missing)
        return (*sides, *open_)

    @property
    def nearest(self) -> tuple[TopicName, ...]:
        """The topics next to what was asked."""
        ids = dict.fromkeys(
            found.passage.article_id for part in self.parts for found in part.evidence.passages
        )
        topics = [topic for id_ in ids if (topic := self.topics.get(id_))]
        return tuple(TopicName(topic.id, topic.title) for topic in topics[:3])

    def brief(self) -> Brief:
        """What a composer that writes about all parts at once works from."""
        first = self.covered[0]
        return Brief(
            " ".join(f"{part.question.rstrip('?')}?" for part in self.covered),
            first.intent,
            self.passages,
            self.edition.term_weight,
            self.level,
        )

    def brief_of(self, part: Part) -> Brief:
        """What a composer that writes about one part works from."""
        return Brief(
            part.question,
            part.intent,
            part.passages,
            self.edition.term_weight,
            self.level,
            part.evidence.answer,
        )


def study_of(question: Question, edition: OpenEdition) -> Study:
    """Find out all about a question; blocking.

    Args:
        question: what was asked, admitted by the gate.
        edition: the opened edition that the whole answer is read from.
    """
    parts: list[Part] = []
    passages: list[FoundPassage] = []
    places: dict[str, int] = {}
    history = question.history
    for asked in parts_of(question.text):
        part = _part(asked, history, edition, places, passages)
        parts.append(part)
        if part.intent.topics:
            history = (*history, Exchange(asked, tuple(t.id for t in part.intent.topics)))
    names = [name for part in parts for name in part.intent.names]
    return Study(
        question=question.text,
        language=language_of(question.text, names),
        level=question.level,
        edition=edition,
        parts=tuple(parts),
        passages=tuple(passages),
    )


def _part(
    asked: str,
    history: tuple[Exchange, ...],
    edition: OpenEdition,
    places: dict[str, int],
    passages: list[FoundPassage],
) -> Part:
    """Study one question; puts its passages, if they cover it, among those of the message."""
    text = self_contained(edition.corrected(asked), history, edition.topics)
    intent = intent_of(text, edition.topics.mentioned(text))
    evidence = edition.retrieve(text)
    subjects = [
        passage
        for topic in intent.topics[:MAX_SUBJECTS]
        for passage in edition.passages_of(topic.id)
    ]
    found = _with_subjects(evidence.passages, subjects)
    part = Part(asked, text, intent, evidence, found, ())
    if not part.covered:
        return part
    for hit in found:
        if hit.passage.id not in places:
            passages.append(hit)
            places[hit.passage.id] = len(passages)
    numbers = tuple(places[hit.passage.id] for hit in found)
    return Part(asked, text, intent, evidence, found, numbers)


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
