"""What to learn before a topic, in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Article
from knowledge.paths import LearningPath, learning_path
from knowledge.topics import TopicGraph


def path_to(goal: str, *articles: Article) -> LearningPath:
    topics = TopicGraph(articles)
    topic = topics.get(goal)
    assert topic
    return learning_path(topics, topic)


def article(id_: str, *needs: str, level: str = "") -> Article:
    return Article(id_, id_.title(), (), prerequisites=needs, level=level)


def order(path: LearningPath) -> list[str]:
    return [step.topic.id for step in path.steps]


def needs(path: LearningPath) -> dict[str, tuple[str, ...]]:
    return {step.topic.id: step.needs for step in path.steps}


def test_what_a_topic_needs_comes_before_it() -> None:
    path = path_to("c", article("c", "b"), article("b", "a"), article("a"), article("d", "c"))
    assert order(path) == ["a", "b", "c"]
    assert path.goal.id == "c"


def test_a_topic_that_needs_nothing_is_its_own_path() -> None:
    assert order(path_to("a", article("a"), article("b", "a"))) == ["a"]


def test_easier_topics_come_first_and_then_the_alphabet_decides() -> None:
    path = path_to(
        "goal",
        article("goal", "x", "y", "w", "v"),
        article("v"),
        article("w", level="expert"),
        article("x", level="practitioner"),
        article("y", level="beginner"),
    )
    assert order(path) == ["y", "x", "w", "v", "goal"]


def test_what_another_need_builds_upon_is_no_direct_need() -> None:
    path = path_to("c", article("c", "a", "b"), article("b", "a"), article("a"))
    assert needs(path) == {"a": (), "b": ("a",), "c": ("b",)}


def test_depth_counts_the_longest_way() -> None:
    path = path_to("d", article("d", "a", "c"), article("c", "b"), article("b", "a"), article("a"))
    assert {step.topic.id: step.depth for step in path.steps} == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_topic_that_several_build_upon_is_there_once() -> None:
    path = path_to("d", article("d", "b", "c"), article("b", "a"), article("c", "a"), article("a"))
    assert order(path) == ["a", "b", "c", "d"]


def test_prerequisites_that_are_no_topics_are_left_out() -> None:
    path = path_to("b", article("b", "a", "nowhere"), article("a"))
    assert needs(path) == {"a": (), "b": ("a",)}


def test_a_circle_is_cut() -> None:
    path = path_to("c", article("a", "c"), article("b", "a"), article("c", "b", "c"))
    assert order(path) == ["a", "b", "c"]
    assert needs(path) == {"a": (), "b": ("a",), "c": ("b",)}


def test_what_builds_upon_the_topic_follows_the_easiest_first() -> None:
    path = path_to(
        "a",
        article("a"),
        article("hard", "a", level="expert"),
        article("easy", "a", level="beginner"),
        article("far", "easy"),
    )
    assert [topic.id for topic in path.onwards] == ["easy", "hard"]


_IDS = "abcdefg"
_NEEDS = st.lists(st.sampled_from(_IDS), max_size=4, unique=True)


@given(st.lists(_NEEDS, min_size=len(_IDS), max_size=len(_IDS)))
def test_whatever_the_prerequisites_every_need_stands_before_its_step(
    prerequisites: list[list[str]],
) -> None:
    articles = [article(id_, *given) for id_, given in zip(_IDS, prerequisites, strict=True)]
    path = path_to("a", *articles)
    seen: dict[str, int] = {}
    for step in path.steps:
        assert all(seen[need] < step.depth for need in step.needs)
        seen[step.topic.id] = step.depth
    assert order(path)[-1] == "a"
    assert len(seen) == len(path.steps)
