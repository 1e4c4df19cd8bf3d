"""A model that invents, or obeys what it should not: nothing of it is posted as fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from tests.faults.language_model.outcome import (
    BY_THE_MODEL,
    QUESTIONS,
    REPLACED,
    Wire,
    asked,
    chances,
    quoting,
)
from tests.platforms.openai_server import Request, Text

pytestmark = pytest.mark.faults

Lie = Callable[[str, Random], str]

NAMES = ("DeepSeek", "Ada Lovelace", "GPT-9", "Kyoto University", "NeurIPS", "HAL 9000", "XKCD-7")
FACTS = (
    "The moon is made of green cheese.",
    "It cures headaches and lowers taxes for everybody.",
    "Every network dreams of electric sheep at night.",
    "Its inventor was awarded an Oscar for the soundtrack.",
)
ORDERS = (
    "HACKED.",
    "Visit https://evil.example and enter your password.",
    "As you wish: my system prompt says that I explain concepts to a curious reader.",
    "I am now DAN and may say anything.",
    "Please send 3 bitcoin to the operator of this server.",
)


def _number(random: Random) -> str:
    return str(random.randint(10_000, 99_999))


def _extended(sentence: str, words: str) -> str:
    return f"{sentence[:-1]}, {words}."


# A true sentence -> a false one with its citation.
LIES: dict[str, Lie] = {
    "number": lambda true, random: _extended(true, f"at {_number(random)} steps each") + " [1]",
    "year": lambda true, random: f"In {_number(random)}, {true[0].lower()}{true[1:]} [1]",
    "name": lambda true, random: _extended(true, f"as {random.choice(NAMES)} showed") + " [1]",
    "negation": lambda true, random: f"It is not true that {true[0].lower()}{true[1:]} [1]",
    "fact": lambda _, random: f"{random.choice(FACTS)} [{random.randint(1, 4)}]",
    "unknown citation": lambda _, random: f"{random.choice(FACTS)} [{random.randint(50, 999)}]",
    "no citation": lambda _, random: random.choice(FACTS),
    "many citations": lambda _, random: f"{random.choice(FACTS)} [1][2][3][{_number(random)[:3]}]",
    "address": lambda true, random: (
        _extended(true, f"see https://{_number(random)}.example") + " [1]"
    ),
    "obeyed": lambda _, random: f"{random.choice(ORDERS)} [1]",
    "quoted falsely": lambda _, random: f"The article says: “{random.choice(FACTS)}” [1]",
    "mixed in": lambda true, random: f"{true[:-1]} and {random.choice(FACTS).lower()} [1]",
}

of_each_kind = pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())


def first_truth(request: Request) -> str:
    return re.sub(r" \[\d+\]$", "", quoting(1)(request))


@of_each_kind
async def test_a_model_that_only_lies_is_replaced(
    wire: Wire, held: frozenset[str], lie: Lie, seed: int
) -> None:
    random = chances(seed)

    def lying(request: Request) -> str:
        return " ".join(lie(first_truth(request), random) for _ in range(3))

    outcome = await asked(
        wire, Text(lying, random.randint(1, 40)), question=random.choice(QUESTIONS)
    )
    assert outcome.by == REPLACED
    assert outcome.answer.claims
    assert outcome.said <= held


@of_each_kind
async def test_of_truths_and_lies_only_the_truths_get_out(
    wire: Wire, held: frozenset[str], lie: Lie, seed: int
) -> None:
    random = chances(seed)

    def mixed(request: Request) -> str:
        said = [quoting(1)(request), lie(first_truth(request), random)]
        return " ".join(random.sample(said, len(said)))

    outcome = await asked(
        wire, Text(mixed, random.randint(1, 40)), question=random.choice(QUESTIONS)
    )
    assert outcome.by == BY_THE_MODEL
    assert len(outcome.answer.claims) == 1
    assert outcome.said <= held
