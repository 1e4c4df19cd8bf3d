"""Whatever a model's server does, one answer goes out, and all of it stands in the articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

import pytest

from bot.core.answers import explainer as use_cases
from bot.core.answers import retrying
from bot.core.answers.retrying import MAX_ATTEMPTS
from tests.faults.language_model.outcome import (
    BY_THE_MODEL,
    QUESTIONS,
    REPLACED,
    Outcome,
    Wire,
    asked,
    chances,
    quoting,
)
from tests.platforms.openai_server import (
    Cut,
    Drop,
    Endless,
    Garbage,
    OpenAIServer,
    Page,
    Refusal,
    Silence,
    Text,
    Turn,
)

pytestmark = pytest.mark.faults

Fault = Callable[[Random], Turn]

TRUE = quoting(4)
PIECE = 6
CHUNKS = 40
"""That many chunks of the true text are sure to come before its end."""

NOT_AN_ANSWER = (
    "{not json",
    '{"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {"content": "Self-att',
    "<html>502 Bad Gateway</html>",
    "[1, 2",
    "\x00\x01",
    json.dumps({"error": {"message": "The engine is overloaded.", "type": "server_error"}}),
)
ODD = (
    "{}",
    "[]",
    "null",
    "17",
    '{"choices": null}',
    '{"choices": []}',
    '{"choices": [{}]}',
    '{"choices": [{"index": 0, "delta": null}]}',
    '{"choices": [{"index": 0, "delta": {"content": null}}]}',
    '{"choices": [{"index": 0, "delta": {"content": 5}}]}',
    '{"choices": [{"index": 0, "delta": {"content": ["It is green."]}}]}',
    '{"choices": "none", "usage": 3}',
)
NOT_FIT = ("", "0", "0.01", "-5", "soon", "nan", "Wed, 99 Oct 2025 07:28:00 GMT", "1 hour")


def _date(random: Random, hours: int) -> str:
    return format_datetime(
        datetime.now(UTC) + timedelta(hours=hours, minutes=random.randrange(59)), usegmt=True
    )


def _cut(random: Random) -> Cut:
    return Cut(TRUE, random.randrange(CHUNKS), PIECE, random.randrange(120))


# Before the first words: worth another attempt.
PASSING: dict[str, Fault] = {
    "too many requests": lambda random: Refusal(429, {"Retry-After": random.choice(NOT_FIT)}),
    "retry after a past date": lambda random: Refusal(429, {"Retry-After": _date(random, -2)}),
    "server error": lambda random: Refusal(random.choice((500, 502, 503, 504, 520, 529))),
    "conflict": lambda random: Refusal(random.choice((408, 409))),
    "web page": lambda random: Page(random.choice((200, 502, 503))),
    "dropped": lambda _: Drop(),
    "cut at once": lambda random: Cut(TRUE, 0, PIECE, random.randrange(60)),
    "empty": lambda _: Text(""),
    "broken at once": lambda random: Garbage(random.choice(NOT_AN_ANSWER), TRUE),
}
# Before the first words: another attempt would be in vain, or come too late.
LASTING: dict[str, Fault] = {
    "retry much later": lambda random: Refusal(
        random.choice((429, 503)), {"Retry-After": random.choice(("21", "120", "86400", "1e400"))}
    ),
    "retry after a date to come": lambda random: Refusal(
        random.choice((429, 503)), {"Retry-After": _date(random, 1)}
    ),
    "refused": lambda random: Refusal(random.choice((400, 401, 403, 404, 413, 422))),
}
# After the first words: what was begun is not begun again.
LATE: dict[str, Fault] = {
    "cut": lambda random: Cut(TRUE, random.randrange(1, CHUNKS), PIECE, random.randrange(120)),
    "broken": lambda random: Garbage(
        random.choice(NOT_AN_ANSWER), TRUE, random.randrange(1, CHUNKS), PIECE
    ),
    "white space": lambda random: Text("".join(random.choices(" \n\t\r", k=40)), PIECE),
    "no sentence": lambda random: Text("Certainly! Here is " + "more " * random.randrange(40)),
    "endless words": lambda random: Endless("and so on " * random.randint(1, 30)),
    "endless white space": lambda random: Endless(random.choice((" ", "\n", "\n\n")) * 50),
    "one enormous chunk": lambda random: Text(
        "It goes on. " * random.randint(20_000, 60_000), 10**9
    ),
}


def of(faults: dict[str, Fault]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", faults.values(), ids=faults.keys())


async def injected(
    wire: Wire, held: frozenset[str], seed: int, *faults: Fault, seconds: float = 20
) -> Outcome:
    """The outcome of a script of faults, which is proven whatever happened."""
    random = chances(seed)
    script = [fault(random) for fault in faults]
    outcome = await asked(wire, *script, question=random.choice(QUESTIONS), seconds=seconds)
    assert outcome.answer.claims
    assert outcome.said <= held
    return outcome


@of(PASSING)
async def test_a_fault_before_the_first_words_is_retried_and_then_replaced(
    wire: Wire, held: frozenset[str], fault: Fault, seed: int
) -> None:
    outcome = await injected(wire, held, seed, fault)
    assert (outcome.by, outcome.requests) == (REPLACED, MAX_ATTEMPTS)


@of(LASTING)
async def test_a_fault_that_lasts_is_replaced_at_once(
    wire: Wire, held: frozenset[str], fault: Fault, seed: int
) -> None:
    outcome = await injected(wire, held, seed, fault)
    assert (outcome.by, outcome.requests) == (REPLACED, 1)


@of(LATE)
async def test_a_fault_after_the_first_words_is_replaced_without_another_request(
    wire: Wire, held: frozenset[str], fault: Fault, seed: int
) -> None:
    outcome = await injected(wire, held, seed, fault)
    assert (outcome.by, outcome.requests) == (REPLACED, 1)


async def test_a_model_that_recovers_before_its_first_words_answers(
    wire: Wire, held: frozenset[str], seed: int
) -> None:
    faults = chances(seed).choices(list(PASSING.values()), k=1 + seed % (MAX_ATTEMPTS - 1))
    outcome = await injected(wire, held, seed, *faults, lambda _: Text(TRUE))
    assert (outcome.by, outcome.requests) == (BY_THE_MODEL, len(faults) + 1)


async def test_of_chunks_with_missing_fields_nothing_unproven_comes(
    wire: Wire, held: frozenset[str], seed: int
) -> None:
    outcome = await injected(
        wire,
        held,
        seed,
        lambda random: Garbage(random.choice(ODD), TRUE, random.randrange(CHUNKS), PIECE),
    )
    assert outcome.by in (BY_THE_MODEL, REPLACED)


async def test_of_endless_truths_those_before_the_limit_stand(
    wire: Wire, held: frozenset[str], seed: int
) -> None:
    def true_at_first(random: Random) -> Turn:
        return Text(lambda request: TRUE(request) + " And so on." * 20_000, random.randint(5, 99))

    outcome = await injected(wire, held, seed, true_at_first)
    assert (outcome.by, outcome.requests) == (BY_THE_MODEL, 1)


async def test_a_server_that_says_nothing_is_asked_again_and_then_replaced(
    wire: Wire, held: frozenset[str], seed: int
) -> None:
    outcome = await injected(wire, held, seed, lambda _: Silence(), seconds=0.1)
    assert (outcome.by, outcome.requests) == (REPLACED, MAX_ATTEMPTS)


async def test_a_stream_that_falls_silent_is_replaced(
    wire: Wire, held: frozenset[str], seed: int
) -> None:
    outcome = await injected(
        wire,
        held,
        seed,
        lambda random: Silence(TRUE, random.randrange(1, CHUNKS), PIECE),
        seconds=0.2,
    )
    assert outcome.by == REPLACED
    assert outcome.requests <= MAX_ATTEMPTS


async def test_words_that_only_trickle_are_not_waited_for_any_longer(
    wire: Wire, held: frozenset[str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(use_cases, "MODEL_SECONDS", 0.2)
    outcome = await injected(wire, held, seed, lambda _: Endless("", 100_000))
    assert (outcome.by, outcome.requests) == (REPLACED, 1)


async def test_a_pause_that_a_server_asks_for_ends_with_the_models_time(
    wire: Wire, held: frozenset[str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(use_cases, "MODEL_SECONDS", 0.2)
    monkeypatch.setattr(retrying, "LAST_ATTEMPT_AFTER", 7200.0)
    wait = {"Retry-After": str(chances(seed).randint(1, 3600))}
    outcome = await injected(wire, held, seed, lambda _: Refusal(429, wait))
    assert (outcome.by, outcome.requests) == (REPLACED, 1)


async def test_a_server_that_is_not_there_is_replaced(
    wire: Wire, held: frozenset[str], seed: int
) -> None:
    async with OpenAIServer() as gone:
        pass
    outcome = await injected(lambda _, *given: wire(gone, *given), held, seed, lambda _: Drop())
    assert (outcome.by, outcome.requests) == (REPLACED, 0)
