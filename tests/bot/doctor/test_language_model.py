"""The doctor asks the language model for a word."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bot.doctor.examining import Finding
from tests.bot.doctor.looking import finding, settings_of
from tests.platforms.openai_server import (
    Drop,
    OpenAIServer,
    Page,
    Refusal,
    Silence,
    Text,
    Turn,
)

KEY = "sk-very-secret-1"
DATA = Path("data")


async def asked(*script: Turn, seconds: float = 30.0) -> tuple[Finding, OpenAIServer]:
    async with OpenAIServer(*script) as server:
        settings = settings_of(
            DATA,
            model="openai:tiny",
            model_base_url=server.base_url,
            model_timeout=seconds,
        )
        return await asyncio.to_thread(finding, "language model", settings), server


def test_none_is_well() -> None:
    found = finding("language model", settings_of(DATA))
    assert found.well
    assert found.detail.startswith("none")


async def test_a_model_that_answers_is_named_with_its_address() -> None:
    found, server = await asked(Text("ok"))
    assert (found.well, found.detail) == (True, f"openai:tiny at {server.base_url} answers")


async def test_a_model_is_asked_once_and_as_the_bot_asks_it() -> None:
    _, server = await asked(Text("ok"))
    [request] = server.requests
    assert request.body["stream"] is True


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        (Refusal(401), "OPENAI_API_KEY"),
        (Refusal(403), "OPENAI_API_KEY"),
        (Refusal(404), "EXPLAINER_MODEL"),
        (Refusal(429), "quota"),
        (Refusal(400), "answers 400"),
        (Refusal(503), "in trouble (503)"),
        (Drop(), "cannot be reached"),
        (Page(), "EXPLAINER_MODEL"),
        (Text(""), "ends without a word"),
    ],
)
async def test_what_is_wrong_is_told_in_one_line_with_what_to_do(
    turn: Turn, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    found, _ = await asked(turn)
    assert not found.well
    assert told in found.detail
    assert "\n" not in found.detail
    assert KEY not in found.detail


async def test_a_model_that_says_nothing_is_not_waited_for_longer_than_is_set() -> None:
    found, _ = await asked(Silence(), seconds=0.2)
    assert not found.well
    assert "EXPLAINER_MODEL_TIMEOUT" in found.detail


def test_a_model_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    settings = settings_of(DATA, model="ollama:tiny", model_base_url=address)
    found = finding("language model", settings)
    assert not found.well
    assert f"ollama:tiny at {address} cannot be reached" in found.detail


@pytest.mark.parametrize("model", ["nobody:x", "openai:tiny"])
def test_a_model_that_cannot_be_used_is_told(model: str) -> None:
    found = finding("language model", settings_of(DATA, model=model))
    assert not found.well
    assert f"EXPLAINER_MODEL={model}" in found.detail
