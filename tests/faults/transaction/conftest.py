"""Houses with published editions and articles that have changed since."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from time import monotonic

import pytest

from knowledge.reindexing import Diff
from tests.faults.transaction import doomed
from tests.faults.transaction.doomed import Doom, Moment
from tests.faults.transaction.processes import elsewhere
from tests.faults.transaction.shelf import publish_some
from tests.faults.transaction.witness import Served
from tests.knowledge.house import House

SMALL, LARGE = 1, 27
"""Passages an article. From a thousand on, Chroma has files of its own for its graph."""


@dataclass(frozen=True)
class Rehearsed:
    """A house, and what an undisturbed reindex makes of it.

    Args:
        root: the house.
        old: what it serves now.
        new: what it serves after a reindex.
        diff: what that one changes.
    """

    root: Path
    old: Served
    new: Served
    diff: Diff

    def copied_to(self, root: Path) -> Path:
        """A copy of the house."""
        return Path(shutil.copytree(self.root, root))


@dataclass(frozen=True)
class Course:
    """How a reindex goes that nobody kills.

    Args:
        seconds: how long it takes.
        moments: how often each moment comes.
    """

    seconds: float
    moments: dict[Moment, int]


class Rehearsals:
    """Makes houses when they are first asked for.

    Args:
        folder: where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.of = cache(self._rehearse)
        self.course_of = cache(self._run_through)

    def _rehearse(self, sections: int) -> Rehearsed:
        root = self._folder / f"of {sections}"
        publish_some(root, sections)
        with closing(House(shutil.copytree(root, self._folder / f"next of {sections}"))) as house:
            old = house.served()
            diff = house.reindex().diff
            return Rehearsed(root, old, house.served(), diff)

    def _run_through(self, sections: int) -> Course:
        seconds = inf
        for attempt in range(2):  # the first one also warms up
            copy = self.of(sections).copied_to(self._folder / f"course {attempt} of {sections}")
            started = monotonic()
            assert elsewhere(doomed.reindex, Doom(copy)) == ""
            seconds = min(seconds, monotonic() - started)
        moments = doomed.come(copy)
        assert moments.keys() == set(Moment) - {Moment.NEVER}
        return Course(seconds, moments)


@pytest.fixture(scope="session")
def rehearsals(tmp_path_factory: pytest.TempPathFactory) -> Rehearsals:
    """Makes houses when they are first asked for."""
    return Rehearsals(tmp_path_factory.mktemp("rehearsals"))


@pytest.fixture(scope="session")
def small(rehearsals: Rehearsals) -> Rehearsed:
    """Forty articles of a passage each."""
    return rehearsals.of(SMALL)


@pytest.fixture(scope="session")
def large(rehearsals: Rehearsals) -> Rehearsed:
    """Forty articles, together more than a thousand passages."""
    return rehearsals.of(LARGE)
