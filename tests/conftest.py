"""What takes long and only has to be made once: the packaged models, and the shipped index."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from bot.app import build
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge.embedding import PACKAGED, Embedder, make_embedder
from knowledge.onnx_reader import OnnxReader


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for the shipped articles and the exports of the packaged models.

    All processes that share the tests share it too.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "shipped"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def embedder(shipped_data: Path) -> Embedder:
    """The packaged model, exported and loaded once."""
    embedder = make_embedder(PACKAGED, shipped_data)
    with FileLock(shipped_data / "embedder.lock"):
        embedder.embed_question("Is it there?")
    return embedder


@pytest.fixture(scope="session")
def reader(shipped_data: Path) -> OnnxReader:
    """The packaged reader, exported and loaded once."""
    reader = OnnxReader(shipped_data / "models")
    with FileLock(shipped_data / "reader.lock"):
        reader.prepare()
    return reader


@pytest.fixture(scope="session")
def shipped_index(shipped_data: Path, embedder: Embedder) -> Path:
    """The data directory with the shipped articles indexed as users index them; only read."""
    settings = Settings(_env_file=None, data_dir=shipped_data, sources=(SHIPPED_ARTICLES,))
    with FileLock(shipped_data / "index.lock"), build(settings, embedder=embedder) as app:
        app.reindexer.run()
    return shipped_data
