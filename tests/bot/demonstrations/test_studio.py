"""The process in which demonstrations are drawn."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from bot.core.demonstration import Demonstration, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.messages import wording
from bot.demonstrations import studio as module
from bot.demonstrations.kinds import demonstrate
from bot.demonstrations.studio import Studio

TRAINING = Showing(Kind.TRAINING, ("0.3",))


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    running = Studio()
    yield running
    running.close()


async def test_a_demonstration_is_drawn_in_another_process(studio: Studio) -> None:
    shown = await studio.show(TRAINING, None)
    assert shown.picture == demonstrate(TRAINING, None).picture


async def test_a_refusal_comes_back_as_it_is(studio: Studio) -> None:
    with pytest.raises(DemonstrationRefused) as caught:
        await studio.show(Showing(Kind.TRAINING, ("fast",)), None)
    with pytest.raises(DemonstrationRefused) as here:
        demonstrate(Showing(Kind.TRAINING, ("fast",)), None)
    assert str(caught.value) == str(here.value)


async def test_several_are_drawn_one_after_the_other(studio: Studio) -> None:
    rates = [Showing(Kind.TRAINING, (f"0.{n}",)) for n in range(1, 5)]
    shown = await asyncio.gather(*(studio.show(showing, None) for showing in rates))
    assert len({each.title for each in shown}) == len(rates)


async def test_no_more_wait_than_there_is_room_for() -> None:
    studio = Studio(queue=0)
    with pytest.raises(DemonstrationRefused, match=wording.SHOW_BUSY[:20]):
        await studio.show(TRAINING, None)


async def test_what_takes_too_long_is_given_up_and_the_next_is_drawn(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hasty:
        hasty.setattr(studio, "_seconds", 0.000_1)
        with pytest.raises(DemonstrationRefused) as caught:
            await studio.show(TRAINING, None)
    assert str(caught.value) == wording.SHOW_FAILED
    assert isinstance(await studio.show(TRAINING, None), Demonstration)


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_a_process_that_dies_is_replaced(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as deadly:
        deadly.setattr(module, "_drawn", die)
        with pytest.raises(DemonstrationRefused) as caught:
            await studio.show(TRAINING, None)
    assert str(caught.value) == wording.SHOW_FAILED
    assert isinstance(await studio.show(TRAINING, None), Demonstration)


async def test_closed_it_starts_anew() -> None:
    studio = Studio()
    studio.close()
    studio.close()
