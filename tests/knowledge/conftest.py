"""A house of articles for each test, and the shipped one with the real model for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import knowledge
from knowledge.base import KnowledgeBase
from knowledge.editions import Editions
from knowledge.embedding import PACKAGED, Embedder, make_embedder
from knowledge.library import Library
from knowledge.reindexing import Reindexer
from tests.knowledge.house import House

SHIPPED = Path(knowledge.__file__).parent / "articles"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The packaged model, exported and loaded once."""
    return make_embedder(PACKAGED, tmp_path_factory.mktemp("packaged"))


@pytest.fixture(scope="session")
def shipped(
    packaged: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeBase]:
    """The shipped articles, indexed as users index them."""
    data_dir = tmp_path_factory.mktemp("shipped")
    library = Library.open(data_dir)
    Reindexer(data_dir, library, Editions(data_dir, library), packaged, [str(SHIPPED)]).run()
    library.close()
    base = KnowledgeBase(data_dir, packaged)
    yield base
    base.close()
