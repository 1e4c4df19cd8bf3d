"""What people are told, and have deleted, of what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.action import Action, Verb
from bot.core.conversation import Place
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.messages.privacy import Policy, privacy_message
from bot.core.talk.dialogue import Dialogue
from bot.core.talk.limits import Allowance, Limits
from tests.bot.core.talking import buttons, is_private, last, once, rating, read, standing, text

ADA, GRACE = "slack:T1:U1", "slack:T1:U2"
THREAD = Place("slack", "T1", "C1", "7.0")
QUESTION = "What is self-attention?"


@pytest.fixture
def journal(tmp_path: Path, database_url: str) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal", database_url=database_url)
    yield opened
    opened.close()


@pytest.fixture
def dialogue(app: App, journal: Journal) -> Dialogue:
    return app.dialogue(journal)


async def _talk(dialogue: Dialogue, asker: str) -> str:
    """Ask in a thread, rate the answer, press a button that counts once; returns the key."""
    asked = once(QUESTION, asker=asker, place=THREAD)
    answer = await standing(await dialogue.hear(asked))
    await dialogue.posted(asked, ("1",))
    simpler = buttons(answer)[wording.SIMPLER].action
    for action in (rating(answer).bad, simpler):
        use = once("wrong", asker=asker, place=THREAD)
        await read(await dialogue.press(use, action))
        await dialogue.posted(use, ())
    return asked.key


async def _command(dialogue: Dialogue, name: str, asker: str = ADA) -> str:
    return await last(await dialogue.command(once(asker=asker), name, {}))


async def _forget(dialogue: Dialogue, asker: str = ADA) -> str:
    return await last(await dialogue.press(once(asker=asker), Action(Verb.FORGET)))


async def test_a_person_is_told_what_is_kept_of_them(dialogue: Dialogue) -> None:
    await _talk(dialogue, ADA)
    told = await _command(dialogue, "privacy")
    assert "Of you I keep 2 questions and 1 rating." in told
    assert "90 days" in told


async def test_of_a_stranger_nothing_is_kept(dialogue: Dialogue) -> None:
    await _talk(dialogue, GRACE)
    assert "Of you I keep nothing." in await _command(dialogue, "privacy")
    assert await _command(dialogue, "forget-me") == wording.KNOWS_NOTHING


@pytest.mark.parametrize("name", ["privacy", "forget-me"])
async def test_nobody_else_sees_it(dialogue: Dialogue, name: str) -> None:
    assert is_private(await dialogue.command(once(), name, {}))


async def test_nothing_is_deleted_before_it_is_confirmed(dialogue: Dialogue) -> None:
    await _talk(dialogue, ADA)
    asked = await standing(await dialogue.command(once(), "forget-me", {}))
    assert "2 questions and 1 rating" in text(asked)
    assert buttons(asked)[wording.FORGET_ME].action == Action(Verb.FORGET)
    assert "2 questions" in await _command(dialogue, "privacy")


async def test_what_is_forgotten_is_gone(dialogue: Dialogue, journal: Journal) -> None:
    key = await _talk(dialogue, ADA)
    assert "2 questions and 1 rating" in await _forget(dialogue)
    assert journal.find_said(key) is None
    assert journal.posts_of(key) == ()
    assert journal.gaps(THREAD, 9) == ()
    assert await _command(dialogue, "forget-me") == wording.KNOWS_NOTHING


async def test_a_thread_is_followed_no_longer(dialogue: Dialogue, journal: Journal) -> None:
    await _talk(dialogue, ADA)
    await _forget(dialogue)
    assert journal.habits(THREAD).partner is None


async def test_what_others_said_stays(dialogue: Dialogue, journal: Journal) -> None:
    key = await _talk(dialogue, GRACE)
    await _talk(dialogue, ADA)
    await _forget(dialogue)
    assert journal.find_said(key) is not None
    assert "2 questions and 1 rating" in await _command(dialogue, "privacy", GRACE)


async def test_who_forgets_is_still_limited(dialogue: Dialogue, journal: Journal) -> None:
    limits = Limits(Allowance("1/day"), journal)
    assert limits.take(once(asker=ADA)) is None
    await _forget(dialogue)
    assert limits.take(once(asker=ADA)) == wording.TOO_MANY


async def test_no_trace_of_an_id_is_left(app: App, tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "file")
    dialogue = app.dialogue(journal)
    await _talk(dialogue, "slack:T1:UVERYRARE")
    use = once(asker="slack:T1:UVERYRARE")
    await read(await dialogue.press(use, Action(Verb.FORGET)))
    await dialogue.posted(use, ())
    with journal._reading() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        kept = [line for line in raw.iterdump() if "UVERYRARE" in line]
    journal.close()
    assert all('INTO "counts"' in line for line in kept)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(days=0), wording.KEPT),
        (Policy(hashed=True), wording.KNOWN_BY_HASH),
        (Policy(), wording.KNOWN_BY_ID),
        (Policy(), wording.NOBODY_SEES),
        (Policy(model="openai:tiny"), wording.MODEL_SEES.format(model="openai:tiny")),
    ],
)
def test_the_policy_is_told_as_it_is_set(journal: Journal, policy: Policy, expected: str) -> None:
    assert expected in text(privacy_message(policy, journal.known_of(ADA)))
