"""Houses with published editions and articles that have changed since."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic

import pytest

from knowledge.reindexing import Diff
from tests.faults.transaction import doomed
from tests.faults.transaction.doomed import Doom, Moment
from tests.faults.transaction.processes import elsewhere
from tests.faults.transaction.shelf import publish_some
from tests.faults.transaction.witness import Served, look

SMALL, LARGE = 1, 27
"""Passages an article. From a thousand on, Chroma has files of its own for its graph."""


@dataclass(frozen=True)
class Rehearsed:
    """A house, and what an undisturbed reindex makes of a copy of it.

    Args:
        root: the house.
        old: what it serves now.
        new: what it serves after a reindex.
        diff: what that one changes.
        seconds: how long it takes.
        moments: how often each moment comes in it.
    """

    root: Path
    old: Served
    new: Served
    diff: Diff
    seconds: float
    moments: dict[Moment, int]

    def copied_to(self, root: Path) -> Path:
        """A copy of the house."""
        return Path(shutil.copytree(self.root, root))


class Rehearsals:
    """Makes houses when they are first asked for.

    Args:
        folder: where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.of = cache(self._rehearse)

    def _rehearse(self, sections: int) -> Rehearsed:
        root = self._folder / f"of {sections}"
        publish_some(root, sections)
        copies = [shutil.copytree(root, self._folder / f"{name} of {sections}") for name in "ab"]
        started = monotonic()
        assert elsewhere(doomed.reindex, Doom(copies[0])) == ""
        seconds = monotonic() - started
        moments = doomed.come(copies[0])
        assert moments.keys() == set(Moment) - {Moment.NEVER}
        new, old = (elsewhere(look, copy) for copy in copies)
        return Rehearsed(root, old.opened.served, new.opened.served, old.diff, seconds, moments)


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
