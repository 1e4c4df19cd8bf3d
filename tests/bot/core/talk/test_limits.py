"""Counting what is asked, in a file and on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from limits import parse

from bot.core.conversation import Place
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.talk.limits import Allowance, Budget, Limits
from tests.bot.core.making import said

HOUR = 3600
NOON = 1_800_000_000.0 - 1_800_000_000 % HOUR
CHANNEL = Place("slack", "T1", "C1")


class Clock:
    """Shows what it is set to."""

    now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock, database_url: str) -> Iterator[Journal]:
    opened = Journal.open(tmp_path, clock, database_url=database_url)
    yield opened
    opened.close()


def asked(limits: Limits, times: int, **so: object) -> list[str | None]:
    """What is said to somebody who asks so often."""
    return [limits.take(said("?", **so)) for _ in range(times)]


@pytest.mark.parametrize(
    ("allowance", "times", "refused"),
    [
        (Allowance("3/hour"), 3, [None, None, None]),
        (Allowance("2/hour"), 3, [None, None, wording.TOO_MANY]),
        (Allowance("100/day;2/hour"), 3, [None, None, wording.TOO_MANY]),
        (Allowance(channel="1/hour"), 2, [None, wording.TOO_MANY_HERE]),
        (Allowance(total="1/hour"), 2, [None, wording.TOO_MANY_IN_ALL]),
        (Allowance(), 5, [None] * 5),
    ],
)
def test_what_is_over_a_limit_is_refused(
    journal: Journal, allowance: Allowance, times: int, refused: list[str | None]
) -> None:
    assert asked(Limits(allowance, journal), times) == refused


def test_each_person_is_counted_alone(journal: Journal) -> None:
    limits = Limits(Allowance("1/hour"), journal)
    assert asked(limits, 1, asker="slack:T1:U1") == [None]
    assert asked(limits, 1, asker="slack:T1:U2") == [None]
    assert asked(limits, 1, asker="slack:T1:U1") == [wording.TOO_MANY]


def test_each_channel_is_counted_alone_and_direct_messages_belong_to_none(
    journal: Journal,
) -> None:
    limits = Limits(Allowance(channel="1/hour"), journal)
    assert asked(limits, 1, place=CHANNEL) == [None]
    assert asked(limits, 1, place=Place("slack", "T1", "C2")) == [None]
    assert asked(limits, 1, place=CHANNEL) == [wording.TOO_MANY_HERE]
    assert asked(limits, 3, place=Place("slack", "T1", "D1", direct=True)) == [None] * 3


def test_counts_hold_over_processes(tmp_path: Path, clock: Clock, database_url: str) -> None:
    one = Journal.open(tmp_path, clock, database_url=database_url)
    two = Journal.open(tmp_path, clock, database_url=database_url)
    assert asked(Limits(Allowance("1/hour"), one), 1) == [None]
    assert asked(Limits(Allowance("1/hour"), two), 1) == [wording.TOO_MANY]
    one.close()
    two.close()


def test_the_window_slides(journal: Journal, clock: Clock) -> None:
    limits = Limits(Allowance("4/hour"), journal)
    assert asked(limits, 4) == [None] * 4
    clock.now += HOUR * 1.5  # half of the window before is still within reach
    assert asked(limits, 3) == [None, None, wording.TOO_MANY]


def test_what_was_refused_for_one_limit_counts_for_no_other(journal: Journal) -> None:
    limits = Limits(Allowance("9/hour", total="1/hour"), journal)
    asked(limits, 5)
    key = parse("9/hour").key_for("questions", "person", said("?").asker)
    assert journal.counted(key, HOUR)[2] == 1


def test_a_count_is_never_over_its_limit(journal: Journal) -> None:
    assert journal.count_within("tokens", HOUR, 10, 8)
    assert not journal.count_within("tokens", HOUR, 10, 3)
    assert journal.count_within("tokens", HOUR, 10, 2)
    assert journal.counted("tokens", HOUR)[2] == 10


def test_a_budget_is_left_until_it_is_spent(journal: Journal) -> None:
    budget = Budget(Allowance("100/hour"), journal)
    budget.spend(said("?"), 99)
    assert budget.is_left(said("?"))
    budget.spend(said("?"), 99)
    assert not budget.is_left(said("?"))
    assert budget.is_left(said("?", asker="slack:T1:U2"))


def test_a_channel_and_all_together_have_budgets(journal: Journal) -> None:
    budget = Budget(Allowance(channel="10/hour", total="20/hour"), journal)
    budget.spend(said("?", place=CHANNEL), 10)
    assert not budget.is_left(said("?", place=CHANNEL))
    assert budget.is_left(said("?", place=Place("slack", "T1", "C2")))
    budget.spend(said("?", place=Place("slack", "T1", "C2")), 10)
    assert not budget.is_left(said("?", place=Place("slack", "T1", "C3")))


def test_questions_and_tokens_are_counted_apart(journal: Journal) -> None:
    Budget(Allowance("1/hour"), journal).spend(said("?"), 1)
    assert asked(Limits(Allowance("1/hour"), journal), 1) == [None]


def test_what_goes_over_a_budget_is_not_held_against_the_next_day(
    journal: Journal, clock: Clock
) -> None:
    budget = Budget(Allowance("100/hour"), journal)
    budget.spend(said("?"), 100_000)
    clock.now += 2 * HOUR
    assert budget.is_left(said("?"))


def test_expired_counts_are_purged(journal: Journal, clock: Clock) -> None:
    journal.count_within("tokens", HOUR, 10)
    clock.now += HOUR
    journal.purge(90)
    assert journal.counted("tokens", HOUR)[0] == 1
    clock.now += 2 * HOUR
    journal.purge(90)
    clock.now -= 2 * HOUR
    assert journal.counted("tokens", HOUR)[0] == 0
