"""A disk that is full at some point of a reindex: it ends with one line, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

from knowledge.editions import Edition
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.errors import DiskFull
from knowledge.library import EditionRecord
from knowledge.reindexing import Diff
from tests.faults.transaction import full_disk
from tests.faults.transaction.conftest import Rehearsed
from tests.faults.transaction.full_disk import DONE, PLENTY, Outcome
from tests.faults.transaction.processes import CONTEXT
from tests.knowledge.house import House

POINTS = 30
MORE = 1.4
"""The most room that is left, as a share of what an undisturbed reindex takes."""

Disk = Callable[[Path, int], Outcome]
"""Tries a house out with so many bytes of room."""


@pytest.fixture(scope="session")
def disk(request: pytest.FixtureRequest) -> Iterator[Disk]:
    """A disk of its own, which root may mount, and anybody in a user namespace of his own."""
    own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    try:
        subprocess.run([*own, "true"], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        lacking = f"A disk can't be filled here: only root may mount one ({error})."
        if "CI" in os.environ or request.config.getoption("--faults", None):
            pytest.fail(lacking)
        pytest.skip(lacking)
    here, there = CONTEXT.Pipe()
    task = f"from {full_disk.__name__} import answer; answer({there.fileno()})"
    process = subprocess.Popen(  # noqa: S603 - our own module
        [*own, sys.executable, "-c", task],
        pass_fds=[there.fileno()],
        cwd=Path(__file__).parents[3],
    )
    there.close()
    yield lambda house, room: _asked(here, house, room)
    here.close()
    process.wait()


@pytest.fixture(scope="session")
def needed(disk: Disk, small: Rehearsed) -> int:
    """The bytes that an undisturbed reindex takes."""
    outcome = disk(small.root, PLENTY)
    assert outcome.ended == DONE
    return outcome.taken


@pytest.mark.faults(full=POINTS, few=2)
def test_a_full_disk_costs_nothing(
    disk: Disk,
    needed: int,
    small: Rehearsed,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    """The reindex ends with a line, the old edition serves, and the next reindex ends well."""
    random = Random(seed)  # noqa: S311 - no secret
    share = (seed * 11 % POINTS + random.random()) / POINTS

    outcome = disk(small.root, round(share * MORE * needed))

    seen = outcome.seen
    done, old = outcome.ended == DONE, seen.opened.served == small.old
    started = outcome.started == DONE
    record_property("the reindex", "fitted" if done else "ended with a line")
    record_property("served by then", "the old edition" if old else "the new edition")
    record_property(
        "another bot on the full disk", "started" if started else "said that it is full"
    )
    assert done or _is_about_the_disk(outcome.ended)
    assert started or _is_about_the_disk(outcome.started)
    assert outcome.served == sum(map(len, small.old.values()))
    assert outcome.astray == []
    assert seen.opened.served in (small.old, small.new)
    assert not (done and old)
    assert seen.opened.lost == []
    assert seen.opened.embedded == []
    assert seen.diff == (small.diff if old else Diff(unchanged=len(small.new)))
    assert seen.twice == []
    assert seen.reindexed.served == small.new
    assert seen.reindexed.lost == []


class Full(EmbeddedEditions):
    """Editions on a disk that even opening one finds full."""

    def open(self, record: EditionRecord) -> Edition:
        """Find no room."""
        raise DiskFull("the disk is full.")


def test_a_bot_that_cannot_open_the_next_edition_serves_the_one_before(tmp_path: Path) -> None:
    with closing(House(tmp_path)) as house:
        house.shelve(["old"])
        house.reindex()
        base = house.base()
        before = base.retrieve("What is old?").edition
        house.shelve(["new"])
        house.reindex()

        roomy, base.editions = base.editions, Full(house.data_dir, house.library)
        full = base.retrieve("What is old?")
        base.editions = roomy
        after = base.retrieve("What is new?")

    assert full.edition == before
    assert full.passages
    assert after.edition != before


def _is_about_the_disk(line: str) -> bool:
    """Whether it is one line that says what is wrong."""
    return "\n" not in line and ("full" in line or "No space left" in line)


def _asked(pipe: Connection, house: Path, room: int) -> Outcome:
    pipe.send((house, room))
    outcome: Outcome = pipe.recv()
    return outcome
