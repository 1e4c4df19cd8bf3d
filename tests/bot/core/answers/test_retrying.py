"""A stream that fails is asked for again, until its first words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.core.answers.retrying import LAST_ATTEMPT_AFTER, MAX_ATTEMPTS, PAUSE, EmptyOutput, retried


class Failure(Exception):
    """What the clients of the providers raise."""

    def __init__(self, status: int | None = None, retry_after: str | None = None) -> None:
        super().__init__()
        self.status_code = status
        if retry_after is not None:
            self.response = self
            self.headers = {"retry-after": retry_after}


class Server:
    """Streams what a script says: words, then perhaps a failure; the last turn is repeated."""

    def __init__(self, *script: list[str | Failure]) -> None:
        self.script = script
        self.asked = 0
        self.closed = 0

    async def ask(self) -> AsyncIterator[str]:
        turn = self.script[min(self.asked, len(self.script) - 1)]
        self.asked += 1
        try:
            for step in turn:
                if isinstance(step, Failure):
                    raise step
                yield step
        finally:
            self.closed += 1


async def said(*script: list[str | Failure]) -> list[str]:
    return [words async for words in retried(Server(*script).ask)]


async def attempts(*turn: str | Failure) -> int:
    """How often a stream that ends in a failure is asked for."""
    server = Server(list(turn))
    with pytest.raises((Failure, EmptyOutput)):
        [words async for words in retried(server.ask)]
    return server.asked


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of which takes any time."""
    made: list[float] = []

    async def pause(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", pause)
    return made


async def test_a_stream_that_goes_well_is_asked_for_once(pauses: list[float]) -> None:
    server = Server(["It ", "is."])
    assert [words async for words in retried(server.ask)] == ["It ", "is."]
    assert (server.asked, pauses) == (1, [])


@pytest.mark.parametrize("status", [None, 200, 408, 409, 429, 500, 503, 529])
async def test_a_failure_that_may_pass_is_retried_so_often(status: int | None) -> None:
    assert await attempts(Failure(status)) == MAX_ATTEMPTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_is_not_retried(status: int) -> None:
    assert await attempts(Failure(status)) == 1


async def test_what_recovers_is_told() -> None:
    assert await said([Failure(503)], [], ["It is."]) == ["It is."]


async def test_words_before_the_first_ones_are_left_out() -> None:
    assert await said(["", "", "It ", "", "is."]) == ["It ", "", "is."]


async def test_nothing_is_told_twice() -> None:
    assert await attempts("It ", Failure(503)) == 1


async def test_an_empty_stream_is_retried() -> None:
    assert await attempts("", "") == MAX_ATTEMPTS


async def test_pauses_are_random_and_grow(pauses: list[float]) -> None:
    for _ in range(20):
        await attempts(Failure(503))
    first, second = pauses[::2], pauses[1::2]
    assert 0 <= min(first) < max(first) <= PAUSE < max(second) <= 2 * PAUSE
    assert len(set(pauses)) == len(pauses)


async def test_a_pause_lasts_at_least_as_long_as_the_server_asks(pauses: list[float]) -> None:
    await attempts(Failure(429, "7"))
    assert len(pauses) == MAX_ATTEMPTS - 1
    assert all(7 < pause <= 7 + 2 * PAUSE for pause in pauses)


async def test_a_server_may_ask_for_a_pause_until_a_date(pauses: list[float]) -> None:
    then = datetime.now(UTC) + timedelta(seconds=9)
    await attempts(Failure(429, format_datetime(then, usegmt=True)))
    assert all(0 < pause <= 9 + 2 * PAUSE for pause in pauses)
    assert max(pauses) > 2 * PAUSE


@pytest.mark.parametrize("asked", [f"{LAST_ATTEMPT_AFTER}", "3600", "inf", "1e999"])
async def test_a_pause_that_is_too_long_is_not_made(asked: str, pauses: list[float]) -> None:
    assert await attempts(Failure(429, asked)) == 1
    assert pauses == []


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "soon",
        "-3",
        "nan",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00",
        "Wed, 99 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 99999999999999 07:28:00 GMT",
    ],
)
async def test_a_pause_that_makes_no_sense_is_passed_over(asked: str, pauses: list[float]) -> None:
    assert await attempts(Failure(429, asked)) == MAX_ATTEMPTS
    assert all(pause <= 2 * PAUSE for pause in pauses)


async def test_a_stream_that_is_not_read_to_its_end_is_closed() -> None:
    server = Server(["It ", "is."])
    stream = retried(server.ask)
    assert await anext(stream) == "It "
    assert server.closed == 0
    await stream.aclose()
    assert server.closed == 1
