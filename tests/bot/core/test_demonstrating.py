"""What to learn before a topic, as it is told in a conversation."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core import wording
from bot.core.dialogue import Dialogue, Draw
from bot.core.journal import Journal
from bot.core.message import Bullets, Heading, Message, Paragraph, Picture, block_markdown
from bot.core.phrasing import say
from knowledge.paths import LearningPath
from tests.bot.core.making import bot_over, said

PICTURE = Picture(b"PNG", "path.png", "A way.")
ARTICLES = {
    "line.md": "---\ntitle: Line\nlevel: beginner\n---\n\nA line is a thin rope.\n",
    "kite.md": "---\ntitle: Kite\nprerequisites: [line]\n---\n\nA kite is a toy on a line.\n",
    "race.md": "---\ntitle: Race\nprerequisites: [kite]\n---\n\nA race is a game of kites.\n",
}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def kites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with bot_over(tmp_path_factory.mktemp("kites"), ARTICLES) as app:
        app.reindexer.run()
        yield app


def drawn(path: LearningPath) -> Picture:
    return PICTURE


async def told(kites: App, journal: Journal, topic: str, draw: Draw = drawn) -> list[Message]:
    dialogue = Dialogue(kites.explainer, journal, kites.reindex, (), draw)
    return [message async for message in dialogue.path(said(topic)).messages]


async def test_a_path_is_told_in_words_with_its_picture_at_the_end(
    kites: App, journal: Journal
) -> None:
    progress, path = await told(kites, journal, "race")
    assert progress == say(wording.READING, progress=True)
    heading, steps, picture = path.blocks
    assert heading == Heading(wording.PATH_TO.format(topic="Race"))
    assert steps == Bullets(("1\\. Line (beginner)", "2\\. Kite", "3\\. Race"))
    assert picture == PICTURE
    assert not path.progress


async def test_the_picture_is_of_the_path(kites: App, journal: Journal) -> None:
    paths: list[LearningPath] = []

    def draw(path: LearningPath) -> Picture:
        paths.append(path)
        return PICTURE

    await told(kites, journal, "kite", draw)
    assert [[step.topic.id for step in path.steps] for path in paths] == [["line", "kite"]]


async def test_the_loop_goes_on_while_a_picture_is_drawn(kites: App, journal: Journal) -> None:
    loop, threads = asyncio.get_running_loop(), []

    def draw(path: LearningPath) -> Picture:
        threads.append(threading.current_thread())
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(10)
        return PICTURE

    *_, path = await told(kites, journal, "race", draw)
    assert path.blocks[-1] == PICTURE
    assert threads != [threading.main_thread()]


async def test_one_picture_is_drawn_at_a_time(kites: App, journal: Journal) -> None:
    easel = threading.Lock()

    def draw(path: LearningPath) -> Picture:
        assert easel.acquire(blocking=False)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(10)
        easel.release()
        return PICTURE

    loop = asyncio.get_running_loop()
    dialogue = Dialogue(kites.explainer, journal, kites.reindex, (), draw)
    replies = [dialogue.path(said("race", key=f"slack:T1:C1:{n}")) for n in range(4)]

    async def read(number: int) -> Message:
        return [message async for message in replies[number].messages][-1]

    paths = await asyncio.gather(*map(read, range(4)))
    assert [path.blocks[-1] for path in paths] == [PICTURE] * 4


async def test_a_topic_without_prerequisites_is_not_drawn(kites: App, journal: Journal) -> None:
    *_, path = await told(kites, journal, "line")
    assert Paragraph(wording.PATH_EMPTY.format(topic="Line")) in path.blocks
    assert PICTURE not in path.blocks


async def test_a_path_that_cannot_be_drawn_is_told_in_words(
    kites: App, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(path: LearningPath) -> Picture:
        raise ValueError("no ink")

    *_, path = await told(kites, journal, "race", fail)
    assert [type(block) for block in path.blocks] == [Heading, Bullets]
    assert "no ink" in caplog.text


async def test_an_unknown_topic_names_the_nearest(kites: App, journal: Journal) -> None:
    *_, refusal = await told(kites, journal, "kites fly")
    words = block_markdown(refusal.blocks[0])
    assert words.startswith(wording.UNKNOWN_TOPIC.format(name="kites fly"))
    assert wording.DID_YOU_MEAN.format(topics="Kite") in words


async def test_a_path_to_nothing_asks_which_topic(kites: App, journal: Journal) -> None:
    *_, word = await told(kites, journal, " ")
    assert word == say(wording.NO_TOPIC)


async def test_the_same_use_is_answered_once(kites: App, journal: Journal) -> None:
    assert await told(kites, journal, "race")
    assert await told(kites, journal, "race") == []
