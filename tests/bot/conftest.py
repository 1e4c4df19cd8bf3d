"""The shipped articles, indexed once with the packaged model, and the bot over them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App, build
from bot.core.explainer import Explainer
from bot.settings import Settings
from knowledge.embedding import PACKAGED, Embedder, make_embedder

_PREFIXES = ("EXPLAINER_", "OPENAI_", "ANTHROPIC_", "OLLAMA_", "FORCE_COLOR", "COLUMNS")


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the tests alone."""
    for name in os.environ:
        if name.startswith(_PREFIXES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def _data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shipped")


@pytest.fixture(scope="session")
def embedder(_data_dir: Path) -> Embedder:
    """The packaged model, loaded once."""
    return make_embedder(PACKAGED, _data_dir)


@pytest.fixture(scope="session")
def shipped(_data_dir: Path, embedder: Embedder) -> Path:
    """The data directory of the shipped articles."""
    settings = Settings(_env_file=None, data_dir=_data_dir, model="none")
    with build(settings, embedder=embedder) as app:
        app.reindexer.run()
    return _data_dir


@pytest.fixture(scope="session")
def app(shipped: Path, embedder: Embedder) -> Iterator[App]:
    """The bot without a language model over the shipped articles."""
    settings = Settings(_env_file=None, data_dir=shipped, model="none")
    with build(settings, embedder=embedder) as wired:
        yield wired


@pytest.fixture(scope="session")
def explainer(app: App) -> Explainer:
    """The use cases over the shipped articles."""
    return app.explainer
