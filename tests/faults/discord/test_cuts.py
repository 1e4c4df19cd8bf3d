"""A gateway that is cut anywhere: each question is answered once, and no session is wasted."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.bot.discord.disturbed import RESUMABLE, SILENCE, Disturbance, When, converse
from tests.platforms.discord_sessions import INVALID, Ending, Moment

ENDINGS: tuple[Ending, ...] = (*RESUMABLE, INVALID, SILENCE)
CUTS: tuple[Ending, ...] = (4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 1000, 1001, None)
LOST_ON_THE_WAY = 0.2
"""How often Discord forgets a session that would have survived."""


def _trips(random: Random, ending: Ending) -> tuple[tuple[Moment, Ending], ...]:
    """What happens to the next few attempts to come back."""
    last = Moment.IDENTIFY if ending == INVALID else Moment.RESUME
    moments = (Moment.HANDSHAKE, Moment.HELLO, Moment.GREETED, last)
    times = random.choice((0, 0, 1, 3))
    trips = [(random.choice(moments), random.choice(CUTS)) for _ in range(times)]
    if ending != INVALID and random.random() < LOST_ON_THE_WAY:
        trips.append((Moment.RESUME, INVALID))
    return tuple(trips)


@pytest.mark.faults(full=100, few=4)
async def test_a_cut_gateway_costs_no_question_and_no_session(
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(seed)  # noqa: S311 - no secret depends on it
    ending = ENDINGS[seed % len(ENDINGS)]
    disturbance = Disturbance(random.choice(tuple(When)), ending, _trips(random, ending))
    record_property("cut", _told(ending))
    record_property("when", disturbance.when.value)
    for moment, _ in disturbance.trips:
        record_property("cut once more", moment.value)
    record_property("sessions started", disturbance.identifies)
    await converse(disturbance, monkeypatch)


def _told(ending: Ending) -> str:
    match ending:
        case None:
            return "without a word"
        case {"op": 9, "d": True}:
            return "op 9, resumable"
        case {"op": number}:
            return f"op {number}"
        case _:
            return "no acknowledgements" if ending == SILENCE else str(ending)
