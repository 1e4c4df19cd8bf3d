"""A topic told by its own article: definition, key points, what to read before and next."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.answers.answer import Claim, TopicName, TopicSummary, Verdict
from bot.core.answers.citing import Bibliography
from bot.core.answers.extractive import Role, alike, role_of, stands_alone
from bot.core.conversation import Level
from knowledge.base import OpenEdition
from knowledge.model import Passage
from knowledge.sentences import sentences
from knowledge.topics import Topic, TopicGraph

MAX_POINTS = 6

_POINTS: dict[Level | None, tuple[tuple[Role, int], ...]] = {
    None: (
        (Role.DEFINITION, 1),
        (Role.MECHANISM, 2),
        (Role.TRADEOFFS, 2),
        (Role.MISCONCEPTION, 1),
    ),
    Level.BEGINNER: ((Role.DEFINITION, 1), (Role.INTUITION, 3), (Role.MISCONCEPTION, 2)),
    Level.EXPERT: ((Role.MECHANISM, 2), (Role.TRADEOFFS, 1), (Role.DEPTH, 3)),
}


def summarize(topic: Topic, edition: OpenEdition, level: Level | None) -> TopicSummary:
    """Summarize a topic in sentences of its article; blocking.

    Args:
        topic: what to summarize.
        edition: holds its article.
        level: which sections the key points come from.
    """
    passages = edition.passages_of(topic.id)
    quotable = [
        Claim(sentence, (number,), Verdict.QUOTED)
        for number, passage in enumerate(passages, 1)
        for sentence in sentences(passage.text)
        if stands_alone(sentence) and not sentence.endswith("?")
    ]
    definition = quotable[:1]
    rest = [c for c in quotable[1:] if not any(alike(c.text, d.text) for d in definition)]
    points = _key_points(rest, passages, _POINTS.get(level, _POINTS[None]))
    bibliography = Bibliography(passages)
    cited = [bibliography.cite(claim) for claim in (*definition, *points)]
    return TopicSummary(
        topic=TopicName(topic.id, topic.title),
        definition=cited[0] if cited else None,
        key_points=tuple(cited[1:]),
        prerequisites=_names(topic.prerequisites, edition.topics),
        related=_names(topic.related, edition.topics),
        sources=bibliography.sources(edition.article),
        edition=edition.record.id,
    )


def _key_points(
    claims: list[Claim], passages: tuple[Passage, ...], plan: Iterable[tuple[Role, int]]
) -> list[Claim]:
    points: list[Claim] = []
    for role, count in plan:
        own = [c for c in claims if role_of(passages[c.citations[0] - 1].headings) is role]
        if role is Role.MISCONCEPTION:  # each one is corrected by its first sentence
            own = list({claim.citations: claim for claim in reversed(own)}.values())[::-1]
        points += own[:count]
    return (points or claims)[:MAX_POINTS]


def _names(ids: Iterable[str], topics: TopicGraph) -> tuple[TopicName, ...]:
    return tuple(TopicName(found.id, found.title) for id_ in ids if (found := topics.get(id_)))
