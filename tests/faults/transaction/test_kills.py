"""Reindexes that are killed: no matter when and who, nothing is lost."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from knowledge.reindexing import Diff
from tests.faults.transaction import doomed
from tests.faults.transaction.conftest import LARGE, SMALL, Rehearsals, Rehearsed
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
    root = rehearsed.copied_to(tmp_path / "house")

    if moment is Moment.NEVER:
        at = "at any time"
        killed = _kill_at(random.uniform(0, course.seconds), root, victim)
    else:
        at = moment
        count = random.randint(1, course.moments[moment])
        as_users = turn % AS_USERS_IN == AS_USERS_IN - 1
        killed = _die(Doom(root, moment, count, victim, as_users))

    seen = elsewhere(look, root)
    record_property("killed", f"{killed} {at}")
    record_property("size", f"{sum(map(len, rehearsed.old.values()))} passages")
    record_property("served by then", _edition(seen, rehearsed))
    _assert_whole(seen, rehearsed)


def _die(doom: Doom) -> str:
    """Reindex until the moment comes; tells who was killed."""
    reindex = Elsewhere(doomed.reindex, doom)
    if doom.victim is Victim.CHILD:
        _assert_one_line(reindex.result())
    else:
        assert reindex.status() == -signal.SIGKILL
    return f"{doom.victim}"


def _kill_at(seconds: float, root: Path, victim: Victim) -> str:
    """Reindex, and kill it after a while; tells who was killed."""
    reindex = Elsewhere(doomed.reindex, Doom(root))
    if reindex.over(seconds):
        return "nobody, as it was over,"
    child = doomed.child_of(root)
    killed = []
    if victim is not Victim.PARENT and child and _kill(child):
        killed.append("its child")
    if victim is not Victim.CHILD or not killed:
        _kill(reindex.pid)
        killed.append("the reindex")
    if killed == ["its child"]:
        _assert_one_line(reindex.result())
    reindex.status()
    return " and ".join(killed)


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
