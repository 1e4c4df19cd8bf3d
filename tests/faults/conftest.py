"""The bot over the shipped articles with a language model that fails or lies.

Each fault is injected as often as ``--faults`` says; its details come from the seed.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from bot.core import retrying
from knowledge.embedding import Embedder
from tests.faults.outcome import Wire, sentences_in, wired

FEW = 2


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often each fault is injected."""
    parser.addoption("--faults", type=int, default=FEW, help="inject each fault so many times")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests with a ``seed`` run once for each."""
    if "seed" in metafunc.fixturenames:
        # Unknown to pytest, unless this folder was named on its command line.
        metafunc.parametrize("seed", range(metafunc.config.getoption("--faults", FEW)))


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
