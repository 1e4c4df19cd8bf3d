"""Reindexes that are killed, and what another process publishes."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.reindexing import Diff
from tests.knowledge.doomed import AT_ONCE
from tests.knowledge.house import House

OLD = [f"old{number}" for number in range(40)]
NEW = [f"new{number}" for number in range(40)]
MOMENTS = {
    # one commit for the articles, one a batch of vectors
    "embedding": ("commit", range(2, 2 + len(NEW) // AT_ONCE)),
    # batches that are written, those that are put into the index, those that are verified
    "building": ("batch", range(1, 1 + (len(NEW) + 2 * len(OLD + NEW)) // AT_ONCE)),
    # one commit for the staged edition, one for the pointer
    "publishing": ("commit", range(2 + len(NEW) // AT_ONCE, 4 + len(NEW) // AT_ONCE)),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with forty published articles, and forty more to come."""
    root = tmp_path_factory.mktemp("published")
    house = House(root)
    house.shelve(OLD)
    house.reindex()
    house.shelve(NEW)
    house.close()
    return root


@pytest.fixture
def house(published: Path, tmp_path: Path) -> Iterator[House]:
    """A copy of it."""
    root = tmp_path / "house"
    shutil.copytree(published, root)
    house = House(root)
    yield house
    house.close()


def _reindex_elsewhere(house: House, *death: str) -> int:
    """Reindex in another process; returns how that ended."""
    return subprocess.run(  # noqa: S603 - our own module with our own arguments
        [sys.executable, "-m", "tests.knowledge.doomed", str(house.articles.parent), *death],
        cwd=Path(__file__).parents[2],
        check=False,
    ).returncode


@pytest.mark.parametrize(("seed", "step"), enumerate(MOMENTS, start=1))
def test_a_killed_reindex_costs_nothing(house: House, seed: int, step: str) -> None:
    """The old edition serves, and the next reindex ends well."""
    moment, counts = MOMENTS[step]
    count = random.Random(seed).choice(counts)  # noqa: S311 - no secret

    assert _reindex_elsewhere(house, moment, str(count)) == -signal.SIGKILL
    assert sorted(house.served()) == sorted(OLD)
    assert house.lost() == []
    assert house.reindex().diff == Diff(added=tuple(sorted(NEW)), unchanged=len(OLD))
    assert sorted(house.served()) == sorted(OLD + NEW)
    assert house.lost() == []


def test_an_open_knowledge_base_moves_on_to_what_another_process_publishes(house: House) -> None:
    base = house.base()
    before = base.retrieve("What do new7ers call it?")

    assert _reindex_elsewhere(house) == 0
    after = base.retrieve("What do new7ers call it?")

    assert after.edition != before.edition
    assert "new7" not in {hit.passage.article_id for hit in before.passages}
    assert "new7" in {hit.passage.article_id for hit in after.passages}
