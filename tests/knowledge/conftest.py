"""A house of articles for each test, and the shipped one with the real model for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.embedding import Embedder
from knowledge.onnx_reader import OnnxReader
from tests.knowledge.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture(scope="session")
def packaged(embedder: Embedder) -> Embedder:
    """The packaged model."""
    return embedder


@pytest.fixture(scope="session")
def shipped(packaged: Embedder, reader: OnnxReader, shipped_index: Path) -> Iterator[KnowledgeBase]:
    """The shipped articles, indexed as users index them."""
    base = KnowledgeBase(shipped_index, packaged, reader)
    yield base
    base.close()
