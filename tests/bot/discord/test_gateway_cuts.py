"""Whatever cuts the gateway's connection, each question is answered, and once."""

from __future__ import annotations

import pytest

from tests.bot.discord.disturbed import RESUMABLE, SILENCE, Disturbance, When, converse
from tests.platforms.discord_sessions import INVALID, Ending, Moment


@pytest.mark.parametrize("ending", RESUMABLE, ids=str)
async def test_what_was_said_during_an_interruption_is_answered(
    ending: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    await converse(Disturbance(When.GROWING, ending), monkeypatch)


@pytest.mark.parametrize("when", When)
async def test_a_lost_session_is_replaced_by_one(
    when: When, monkeypatch: pytest.MonkeyPatch
) -> None:
    await converse(Disturbance(when, INVALID), monkeypatch)


async def test_a_connection_that_acknowledges_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await converse(Disturbance(When.HEARD, SILENCE), monkeypatch)


@pytest.mark.parametrize("moment", [Moment.HANDSHAKE, Moment.HELLO, Moment.GREETED, Moment.RESUME])
@pytest.mark.parametrize("ending", [None, 4000])
async def test_a_cut_on_the_way_back_costs_neither_the_session_nor_a_question(
    moment: Moment, ending: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = ((moment, ending),) * 3
    await converse(Disturbance(When.HEARD, None, trips), monkeypatch)


@pytest.mark.parametrize("ending", [None, 4000, INVALID], ids=str)
async def test_a_cut_before_a_session_is_ready_starts_another_one(
    ending: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = ((Moment.IDENTIFY, ending),) * 2
    await converse(Disturbance(When.HEARD, INVALID, trips), monkeypatch)


async def test_a_session_that_cannot_be_resumed_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trips = ((Moment.RESUME, INVALID),)
    await converse(Disturbance(When.GROWING, 4009, trips), monkeypatch)
