"""Every provider's client fails alike: the same retries, and the same answer in the end."""

from __future__ import annotations

import pytest

from bot.core.answers.retrying import MAX_ATTEMPTS
from tests.faults.language_model.outcome import REPLACED, Wire, asked
from tests.platforms.openai_server import Drop, Page, Refusal, Silence, Turn

pytestmark = pytest.mark.faults

MODELS = ("openai:tiny", "anthropic:claude", "ollama:llama3")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "turn",
    [Refusal(429), Refusal(429, {"Retry-After": "0.01"}), Refusal(503), Page(502), Drop()],
    ids=["429", "429 with a pause", "503", "502 page", "dropped"],
)
async def test_what_may_pass_is_tried_again(wire: Wire, model: str, turn: Turn) -> None:
    outcome = await asked(wire, turn, model=model)
    assert (outcome.by, outcome.requests) == (REPLACED, MAX_ATTEMPTS)


@pytest.mark.parametrize("model", MODELS)
async def test_a_server_that_says_nothing_is_asked_again(wire: Wire, model: str) -> None:
    outcome = await asked(wire, Silence(), model=model, seconds=0.1)
    assert (outcome.by, outcome.requests) == (REPLACED, MAX_ATTEMPTS)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_request_that_is_refused_is_not_sent_again(
    wire: Wire, model: str, status: int
) -> None:
    outcome = await asked(wire, Refusal(status), model=model)
    assert (outcome.by, outcome.requests) == (REPLACED, 1)


@pytest.mark.parametrize("model", MODELS[:2])
async def test_a_long_pause_is_not_waited_for(wire: Wire, model: str) -> None:
    outcome = await asked(wire, Refusal(429, {"Retry-After": "60"}), model=model)
    assert (outcome.by, outcome.requests) == (REPLACED, 1)
