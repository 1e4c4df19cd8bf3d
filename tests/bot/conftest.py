"""The bot over the shipped articles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App, build
from bot.core.explainer import Explainer
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.onnx_reader import OnnxReader

_PREFIXES = ("EXPLAINER_", "OPENAI_", "ANTHROPIC_", "OLLAMA_", "FORCE_COLOR", "COLUMNS")


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the tests alone."""
    for name in os.environ:
        if name.startswith(_PREFIXES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shipped(shipped_index: Path) -> Path:
    """The data directory of the shipped articles."""
    return shipped_index


@pytest.fixture(scope="session")
def app(shipped: Path, embedder: Embedder, reader: OnnxReader) -> Iterator[App]:
    """The bot without a language model over the shipped articles."""
    settings = Settings(_env_file=None, data_dir=shipped, model="none")
    with build(settings, embedder=embedder, reader=reader) as wired:
        yield wired


@pytest.fixture(scope="session")
def explainer(app: App) -> Explainer:
    """The use cases over the shipped articles."""
    return app.explainer
