"""What takes long and only has to be made once: the packaged models, and the shipped index."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SHIPPED_ARTICLES
from knowledge.editions import Editions
from knowledge.embedding import PACKAGED, Embedder, make_embedder
from knowledge.library import Library
from knowledge.onnx_reader import OnnxReader
from knowledge.reindexing import Reindexer


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
    library = Library.open(shipped_data)
    editions = Editions(shipped_data, library)
    Reindexer(shipped_data, library, editions, embedder, [SHIPPED_ARTICLES]).run()
    library.close()
    return shipped_data
