"""The way to a topic, as a picture."""

from __future__ import annotations

import re
import struct

import pytest

from bot.core.demonstration import ImageFormat
from bot.demonstrations.path import describe_path, draw_path
from knowledge.model import Article
from knowledge.paths import LearningPath, learning_path
from knowledge.topics import TopicGraph

LEVELS = ("beginner", "practitioner", "expert")


def way(length: int) -> LearningPath:
    """A path of so many steps, each built upon the two before it."""
    topics = TopicGraph(
        [
            Article(
                f"t{n}",
                f"Topic {n}",
                (),
                level=LEVELS[n % 3],
                prerequisites=tuple(f"t{before}" for before in range(max(0, n - 2), n)),
            )
            for n in range(length)
        ]
    )
    goal = topics.get(f"t{length - 1}")
    assert goal
    return learning_path(topics, goal)


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("length", [1, 2, 12])
def test_a_png_is_one_and_small_enough_to_post(length: int) -> None:
    png = draw_path(way(length))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(png) < 300_000


def test_an_svg_is_one() -> None:
    svg = draw_path(way(3), ImageFormat.SVG).decode()
    assert svg.startswith("<?xml")
    assert re.search(r"<svg\b", svg)


def test_more_rows_make_it_higher_and_not_wider() -> None:
    small, large = size(draw_path(way(3))), size(draw_path(way(9)))
    assert large[1] > small[1]
    assert large[0] == small[0]


def test_more_topics_in_a_row_make_it_wider() -> None:
    many = tuple(Article(f"n{n}", f"Need {n}", ()) for n in range(6))
    goal = Article("goal", "Goal", (), prerequisites=tuple(need.id for need in many))
    topics = TopicGraph((goal, *many))
    found = topics.get("goal")
    assert found
    wide = size(draw_path(learning_path(topics, found)))
    assert wide[0] > size(draw_path(way(2)))[0]


def test_the_same_path_is_the_same_picture() -> None:
    assert draw_path(way(4)) == draw_path(way(4))


@pytest.mark.parametrize("title", ["$5 and $6", r"$\frac$", "A & B <C>", "L" * 200])
def test_any_title_can_be_drawn(title: str) -> None:
    topics = TopicGraph((Article("a", "A", ()), Article("b", title, (), prerequisites=("a",))))
    goal = topics.get("b")
    assert goal
    assert draw_path(learning_path(topics, goal)).startswith(b"\x89PNG")


def test_it_is_told_in_words_in_the_order_of_reading() -> None:
    assert describe_path(way(3)) == "What to learn before Topic 2, in order: Topic 0, Topic 1."
    assert describe_path(way(1)) == "Topic 0 needs no other topic first."
