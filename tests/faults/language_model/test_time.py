"""However a server dawdles, the answer comes within a minute, with the settings as they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.core.answers.answer import Answer, Claim, Question
from bot.settings import Settings
from tests.faults.language_model.outcome import QUESTIONS, REPLACED, Outcome, Wire, quoting
from tests.platforms.openai_server import Endless, OpenAIServer, Refusal, Silence, Text, Turn

pytestmark = pytest.mark.faults

SECONDS = float(Settings.model_fields["model_timeout"].default)
LESS_THAN_A_MINUTE = 55.0


@pytest.fixture
async def advance(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Puts the clock of the running loop forward by some seconds."""
    loop = asyncio.get_running_loop()
    true_time = loop.time
    ahead = 0.0

    def put_forward(seconds: float) -> None:
        nonlocal ahead
        ahead += seconds

    monkeypatch.setattr(loop, "time", lambda: true_time() + ahead)
    return put_forward


@pytest.mark.parametrize(
    "turn",
    [Silence(), Silence(quoting(4), 3), Endless("", 10**6), Refusal(429, {"Retry-After": "19"})],
    ids=["silent", "falls silent", "trickles", "asks for a pause"],
)
async def test_a_server_that_dawdles_is_left_within_a_minute(
    wire: Wire, advance: Callable[[float], None], turn: Turn
) -> None:
    async with OpenAIServer(turn) as server, wire(server, SECONDS) as explainer:
        answering = asyncio.create_task(explainer.answer(Question(QUESTIONS[0])))
        await server.asked.wait()
        advance(LESS_THAN_A_MINUTE)
        async with asyncio.timeout(LESS_THAN_A_MINUTE):
            outcome = Outcome([await answering], len(server.requests))
    assert outcome.by == REPLACED


async def test_who_reads_slowly_is_not_interrupted_when_the_models_time_is_over(
    wire: Wire, advance: Callable[[float], None]
) -> None:
    told = []
    async with OpenAIServer(Text(quoting(4))) as server, wire(server, SECONDS) as explainer:
        async for event in explainer.stream(Question(QUESTIONS[0])):
            told.append(event)
            if isinstance(event, Claim):
                advance(LESS_THAN_A_MINUTE)
                for _ in range(10):
                    await asyncio.sleep(0)
    assert isinstance(told[-1], Answer)
    assert told[-1].claims
