"""What takes long and only has to be made once: the packaged models, and the shipped index."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import build
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge.embedding import PACKAGED, Embedder, make_embedder
from knowledge.onnx_reader import OnnxReader


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for the shipped articles and the exports of the packaged models."""
    return tmp_path_factory.mktemp("shipped")


@pytest.fixture(scope="session")
def embedder(shipped_data: Path) -> Embedder:
    """The packaged model, exported and loaded once."""
    return make_embedder(PACKAGED, shipped_data)


@pytest.fixture(scope="session")
def reader(shipped_data: Path) -> OnnxReader:
    """The packaged reader, exported and loaded once."""
    return OnnxReader(shipped_data / "models")


@pytest.fixture(scope="session")
def shipped_index(shipped_data: Path, embedder: Embedder) -> Path:
    """The data directory with the shipped articles indexed as users index them; only read."""
    settings = Settings(_env_file=None, data_dir=shipped_data, sources=(SHIPPED_ARTICLES,))
    with build(settings, embedder=embedder) as app:
        app.reindexer.run()
    return shipped_data
