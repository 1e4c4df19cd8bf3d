"""Reading sources again by themselves, as often as they are declared to be read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.scheduling import SCHEDULE, Schedule, due
from knowledge.errors import SourceError
from knowledge.library import Library, SourceState
from knowledge.reindexing import Order, Report
from knowledge.reindexing.progress import nobody
from knowledge.sources.declaring import Declaration, Declarations
from tests.knowledge.house import House

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.close()


def source(house: House, name: str, every: timedelta | None = None) -> Declaration:
    """A source of one article that is declared to be read now and then."""
    file = house.write(name, f"A {name} is a toy.", title=name)
    return Declaration(location=str(file), name=name, every=every)


def tried(library: Library, **ago: timedelta) -> None:
    """Note when sources were last read."""
    states = [SourceState(name, NOW - age) for name, age in ago.items()]
    library.note_sources(states, (), list(ago))


@pytest.mark.parametrize(
    ("every", "ago", "is_due"),
    [
        (None, None, False),
        (None, 9 * HOUR, False),
        (HOUR, None, True),
        (HOUR, HOUR / 2, False),
        (HOUR, HOUR, True),
        (HOUR, 9 * HOUR, True),
    ],
    ids=["never", "not again", "not yet read", "too early", "in time", "long ago"],
)
def test_a_source_is_due_when_its_time_has_come(
    house: House, every: timedelta | None, ago: timedelta | None, is_due: bool
) -> None:
    kite = source(house, "kite", every)
    tried(house.library, **({"kite": ago} if ago else {}))
    assert due([kite], house.library, NOW) == (("kite",) if is_due else ())


def test_only_those_that_are_due_are_named(house: House) -> None:
    sources = [source(house, name, HOUR) for name in ("kite", "top", "ball")]
    tried(house.library, kite=2 * HOUR, top=HOUR / 2, ball=HOUR)
    assert due(sources, house.library, NOW) == ("kite", "ball")


def test_nothing_is_due_while_the_edition_is_pinned(house: House) -> None:
    kite = source(house, "kite", HOUR)
    house.reindex(Declarations(source=(kite,)))
    house.library.publish(1, pin=True)
    assert due([kite], house.library, datetime.now(UTC) + HOUR) == ()


class Clockwork:
    """A schedule over a house, of which a test sees what was ordered and published.

    Args:
        house: where it reads.
        sources: what it reads.
        looks: how often it looks what is due, before it stops.
    """

    def __init__(self, house: House, sources: list[Declaration], looks: int = 1) -> None:
        self.orders: list[Order] = []
        self.published = 0
        self._reindexer = house.reindexer(Declarations(source=tuple(sources)))
        self._looks = looks
        self.schedule = Schedule(sources, house.library, self._reindex, self._heard, self._pause)

    async def run(self) -> None:
        """Let it look as often as it may."""
        with pytest.raises(asyncio.CancelledError):
            await self.schedule.run()

    def _reindex(self, order: Order) -> Report:
        self.orders.append(order)
        return self._reindexer.run(order, nobody)

    async def _heard(self) -> None:
        self.published += 1

    async def _pause(self, seconds: float) -> None:
        self._looks -= 1
        if not self._looks:
            raise asyncio.CancelledError


async def test_a_source_that_is_due_is_read_and_others_are_left_alone(house: House) -> None:
    kite, top = source(house, "kite", HOUR), source(house, "top")
    house.reindex(Declarations(source=(kite, top)))
    read = house.library.source_states()
    tried(house.library, kite=HOUR, top=HOUR)
    for name in ("kite", "top"):
        house.write(name, f"A {name} is old.", title=name)
    clockwork = Clockwork(house, [kite, top])
    await clockwork.run()
    assert clockwork.orders == [Order(SCHEDULE, only=("kite",))]
    assert house.served() == {"kite": ["A kite is old."], "top": ["A top is a toy."]}
    assert house.library.source_states()["kite"].tried > read["kite"].tried
    assert house.library.source_states()["top"].tried == NOW - HOUR


async def test_an_edition_of_the_schedule_says_so(house: House) -> None:
    await Clockwork(house, [source(house, "kite", HOUR)]).run()
    [edition] = house.library.overview()
    assert edition.record.note.who == SCHEDULE


async def test_a_new_edition_is_told_of(house: House) -> None:
    clockwork = Clockwork(house, [source(house, "kite", HOUR)])
    await clockwork.run()
    assert clockwork.published == 1


async def test_of_an_unchanged_source_nothing_is_told(house: House) -> None:
    kite = source(house, "kite", HOUR)
    house.reindex(Declarations(source=(kite,)))
    tried(house.library, kite=HOUR)
    clockwork = Clockwork(house, [kite])
    await clockwork.run()
    assert (len(clockwork.orders), clockwork.published) == (1, 0)


async def test_nothing_is_read_while_the_edition_is_pinned(house: House) -> None:
    kite = source(house, "kite", HOUR)
    house.reindex(Declarations(source=(kite,)))
    house.library.publish(1, pin=True)
    tried(house.library, kite=HOUR)
    clockwork = Clockwork(house, [kite])
    await clockwork.run()
    assert clockwork.orders == []


async def test_a_source_that_fails_is_tried_again_when_its_time_has_come_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    kite = source(house, "kite", HOUR)
    house.reindex(Declarations(source=(kite,)))
    tried(house.library, kite=HOUR)
    kite = kite.model_copy(update={"location": kite.location + ".gone"})
    clockwork = Clockwork(house, [kite], looks=3)
    with caplog.at_level(logging.ERROR):
        await clockwork.run()
    assert len(clockwork.orders) == 1
    [record] = caplog.records
    assert "there is no such folder or file" in record.getMessage()
    assert house.library.source_states()["kite"].problem


@pytest.mark.parametrize("error", [SourceError("gone."), RuntimeError("a mistake")])
async def test_whatever_fails_the_schedule_goes_on(house: House, error: Exception) -> None:
    looked: list[str] = []

    def failing(order: Order) -> Report:
        looked.append(order.who)
        raise error

    async def unheard() -> None: ...

    async def pause(seconds: float) -> None:
        if len(looked) == 3:
            raise asyncio.CancelledError

    sources = [source(house, "kite", HOUR)]
    with pytest.raises(asyncio.CancelledError):
        await Schedule(sources, house.library, failing, unheard, pause).run()
    assert looked == [SCHEDULE] * 3


async def test_where_nothing_has_a_schedule_it_ends_at_once(house: House) -> None:
    clockwork = Clockwork(house, [source(house, "kite")])
    await clockwork.schedule.run()
    assert clockwork.orders == []
