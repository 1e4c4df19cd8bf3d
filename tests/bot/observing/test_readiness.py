"""Every check must pass, and none may hold anybody up."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import ExplainerError
from bot.observing.readiness import Readiness
from knowledge.errors import IndexMissing


async def passing() -> None: ...


def failing(error: Exception) -> Readiness:
    async def check() -> None:
        raise error

    return Readiness({"fine": passing, "journal": check})


async def test_nothing_is_wrong_where_every_check_passes() -> None:
    assert await Readiness({"one": passing, "two": passing}).problems() == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ExplainerError("The topics are\nbeing loaded."), "journal: The topics are being loaded."),
        (IndexMissing("Nothing is indexed."), "journal: Nothing is indexed."),
        (RuntimeError("a row that is nobody's business"), "journal: RuntimeError"),
    ],
)
async def test_what_is_wrong_is_told_in_a_line(error: Exception, told: str) -> None:
    assert await failing(error).problems() == [told]


async def test_a_check_that_takes_too_long_fails_and_is_not_begun_again() -> None:
    begun, end = [], asyncio.Event()

    async def hanging() -> None:
        begun.append(1)
        await end.wait()

    readiness = Readiness({"database": hanging, "fine": passing}, patience=0.001)
    for _ in range(3):
        assert await readiness.problems() == ["database: no answer within 0.001 seconds"]
    assert len(begun) == 1
    end.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    patient = Readiness({"database": hanging})
    assert await patient.problems() == []
    await readiness.problems()
    assert len(begun) == 3


async def test_a_check_that_is_dropped_ends() -> None:
    ended = asyncio.Event()

    async def hanging() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    readiness = Readiness({"database": hanging}, patience=0.001)
    await readiness.problems()
    await readiness.close()
    assert ended.is_set()
