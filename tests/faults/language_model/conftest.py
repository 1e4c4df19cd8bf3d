"""The bot over the shipped articles with a language model that fails or lies."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from bot.core.answers import retrying
from knowledge.embedding import Embedder
from tests.faults.language_model.outcome import Wire, sentences_in, wired


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the tests alone."""
    for name in os.environ:
        if name.startswith(("EXPLAINER_", "OPENAI_", "ANTHROPIC_", "OLLAMA_")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the pauses that a server asks for are kept."""
    monkeypatch.setattr(retrying, "PAUSE", 0.0)


@pytest.fixture
def wire(shipped_index: Path, embedder: Embedder) -> Wire:
    """The bot is wired over the shipped articles."""
    return partial(wired, shipped_index, embedder)


@pytest.fixture(scope="session")
def held(shipped_index: Path) -> frozenset[str]:
    """All sentences of the shipped articles; what is not among them is not proven here."""
    return sentences_in(shipped_index)
