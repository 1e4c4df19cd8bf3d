"""With a key, nothing in the journal tells who people are; and the bot still knows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.conversation import Place
from bot.core.journal import Journal
from bot.core.talk.dialogue import Dialogue
from tests.bot.core.talking import buttons, once, rating, read, standing

SOMEBODY = "slack:T1:UVERYSECRET"
THREAD = Place("slack", "T1", "C1", "7.0")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "hashed", id_key="a long and random key")
    yield opened
    opened.close()


async def test_no_id_of_a_person_is_kept(app: App, journal: Journal, tmp_path: Path) -> None:
    dialogue = app.dialogue(journal)
    await _talk(dialogue)
    with sqlite3.connect(tmp_path / "hashed" / "journal.sqlite") as connection:
        kept = "\n".join(connection.iterdump())
    connection.close()
    assert "What is self-attention?" in kept
    assert "UVERYSECRET" not in kept


async def test_a_thread_is_followed_all_the_same(app: App, journal: Journal) -> None:
    dialogue = app.dialogue(journal)
    await _talk(dialogue)
    more = once("And what is a transformer?", asker=SOMEBODY, place=THREAD, addressed=False)
    assert await dialogue.hear(more) is not None
    other = once("And what is a transformer?", asker="slack:T1:U2", place=THREAD, addressed=False)
    assert await dialogue.hear(other) is None


async def _talk(dialogue: Dialogue) -> None:
    """Ask in a thread, rate the answer and press a button that counts once."""
    asked = once("What is self-attention?", asker=SOMEBODY, place=THREAD)
    answer = await standing(await dialogue.hear(asked))
    await dialogue.posted(asked, ("1",))
    for action in (rating(answer).bad, *[each.action for each in buttons(answer).values()][:1]):
        use = once("wrong", asker=SOMEBODY, place=THREAD)
        await read(await dialogue.press(use, action))
        await dialogue.posted(use, ())
