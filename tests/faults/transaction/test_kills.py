"""Reindexes that are killed: no matter when and who, nothing is lost."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random

import pytest

from knowledge.reindexing import Diff
from tests.faults.transaction import doomed
from tests.faults.transaction.conftest import LARGE, SMALL, Course, Rehearsals, Rehearsed
from tests.faults.transaction.doomed import Doom, Moment, Victim
from tests.faults.transaction.processes import Elsewhere, elsewhere
from tests.faults.transaction.witness import Seen, look

LARGE_IN, AS_USERS_IN = 20, 7
"""One in so many is a large one, and one in so many starts its child as users do."""

KILLS = (
    (Moment.BATCH, Victim.BOTH),
    (Moment.COMMIT, Victim.PARENT),
    (Moment.NEVER, Victim.CHILD),
    (Moment.FORGET, Victim.PARENT),
    (Moment.NEVER, Victim.PARENT),
    (Moment.BATCH, Victim.PARENT),
    (Moment.COPY, Victim.BOTH),
    (Moment.NEVER, Victim.BOTH),
    (Moment.BATCH, Victim.CHILD),
    (Moment.COPY, Victim.CHILD),
)
"""Who is killed when, again and again; at no moment of its own means at any time."""


@pytest.mark.faults(full=200, few=3)
def test_a_killed_reindex_costs_nothing(
    rehearsals: Rehearsals,
    tmp_path: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    """One whole edition serves, all of it is found, and the next reindex ends well."""
    random = Random(seed)  # noqa: S311 - no secret
    moment, victim = KILLS[seed % len(KILLS)]
    turn = seed // len(KILLS)
    large = turn % LARGE_IN == LARGE_IN - 1
    sections = LARGE if large else SMALL
    rehearsed, course = rehearsals.of(sections), rehearsals.course_of(sections)
    if moment is Moment.NEVER:
        root = _kill_at_any_time(rehearsed, course, tmp_path, victim, random)
    else:
        root = rehearsed.copied_to(tmp_path / "house")
        which = random.randint(1, course.moments[moment])
        _die(Doom(root, moment, which, victim, turn % AS_USERS_IN == AS_USERS_IN - 1))

    seen = elsewhere(look, root)
    at = "at any time" if moment is Moment.NEVER else moment
    record_property("killed", f"{victim} {at}")
    record_property("size", f"{sum(map(len, rehearsed.old.values()))} passages")
    record_property("served by then", _edition(seen, rehearsed))
    _assert_whole(seen, rehearsed)


def _die(doom: Doom) -> None:
    """Reindex until the moment comes."""
    reindex = Elsewhere(doomed.reindex, doom)
    if doom.victim is Victim.CHILD:
        _assert_one_line(reindex.result())
    else:
        assert reindex.status() == -signal.SIGKILL


def _kill_at_any_time(
    rehearsed: Rehearsed, course: Course, folder: Path, victim: Victim, random: Random
) -> Path:
    """Reindex copies of a house until one was killed on the way; returns that one."""
    for attempt in count(1):
        root = rehearsed.copied_to(folder / f"house {attempt}")
        if _kill_after(random.uniform(0, course.seconds), root, victim):
            return root
    raise AssertionError


def _kill_after(seconds: float, root: Path, victim: Victim) -> bool:
    """Reindex, and kill it after a while; tells whether the victims were alive by then."""
    reindex = Elsewhere(doomed.reindex, Doom(root))
    if reindex.over(seconds):
        return False
    child = doomed.child_of(root)
    hit = victim is Victim.PARENT or bool(child and _kill(child))
    if victim is not Victim.CHILD or not hit:
        hit = _kill(reindex.pid) and hit
        reindex.status()
    else:
        _assert_one_line(reindex.result())
    return hit


def _assert_one_line(refusal: str) -> None:
    """Another child took the place of the one that died, or the reindex says why it ended."""
    assert not refusal or re.fullmatch(r"The new index was not published: .*died.*", refusal)


def _kill(process: int) -> bool:
    """Kill a process; tells whether there was one."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
        return True
    return False


def _edition(seen: Seen, rehearsed: Rehearsed) -> str:
    return {True: "the old edition", False: "the new edition"}[seen.opened.served == rehearsed.old]


def _assert_whole(seen: Seen, rehearsed: Rehearsed) -> None:
    """One edition served, the next reindex brought the other one, and nothing was done twice."""
    assert seen.opened.served in (rehearsed.old, rehearsed.new)
    assert seen.opened.lost == []
    assert seen.opened.embedded == []
    old = seen.opened.served == rehearsed.old
    assert seen.diff == (rehearsed.diff if old else Diff(unchanged=len(rehearsed.new)))
    assert seen.twice == []
    assert seen.reindexed.served == rehearsed.new
    assert seen.reindexed.lost == []
