"""What to learn before a topic, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.topics import Topic, TopicGraph

_LEVELS = ("beginner", "practitioner", "expert")


@dataclass(frozen=True)
class Step:
    """A topic on the way.

    Args:
        topic: what is learned.
        needs: ids of the steps that it builds upon directly; one that another of them already
            builds upon is left out.
        depth: how many steps the longest way to it has before it.
    """

    topic: Topic
    needs: tuple[str, ...]
    depth: int


@dataclass(frozen=True)
class LearningPath:
    """The way to a topic.

    Args:
        steps: in the order in which they are best read; the last one is the topic itself.
        onwards: topics that build upon it.
    """

    steps: tuple[Step, ...]
    onwards: tuple[Topic, ...]

    @property
    def goal(self) -> Topic:
        """The topic that the path leads to."""
        return self.steps[-1].topic


def learning_path(topics: TopicGraph, goal: Topic) -> LearningPath:
    """The prerequisites of a topic, and theirs, each before what builds upon it.

    Prerequisites that are no topics, and those that would lead round in a circle, are left out.
    """
    order: dict[str, tuple[str, ...]] = {}
    _visit(goal, topics, order, ())
    ancestors: dict[str, set[str]] = {}
    depth: dict[str, int] = {}
    for id_, needed in order.items():
        ancestors[id_] = {*needed, *(above for need in needed for above in ancestors[need])}
        depth[id_] = 1 + max((depth[need] for need in needed), default=-1)
    steps = [
        Step(topic, tuple(_direct(order[topic.id], ancestors)), depth[topic.id])
        for topic in (topics.get(id_) for id_ in order)
        if topic
    ]
    onwards = sorted((t for t in topics if goal.id in t.prerequisites), key=_ease)
    return LearningPath(tuple(steps), tuple(onwards))


def _visit(
    topic: Topic, topics: TopicGraph, order: dict[str, tuple[str, ...]], above: tuple[str, ...]
) -> None:
    found = (topics.get(id_) for id_ in topic.prerequisites)
    needed = sorted((t for t in found if t and t.id not in (*above, topic.id)), key=_ease)
    for each in needed:
        if each.id not in order:
            _visit(each, topics, order, (*above, topic.id))
    order[topic.id] = tuple(each.id for each in needed)


def _direct(needed: tuple[str, ...], ancestors: dict[str, set[str]]) -> Iterator[str]:
    for id_ in needed:
        if not any(id_ in ancestors[other] for other in needed):
            yield id_


def _ease(topic: Topic) -> tuple[int, str]:
    level = _LEVELS.index(topic.level) if topic.level in _LEVELS else len(_LEVELS)
    return level, topic.title.lower()
