"""Several reindexes at once: one runs, and the others are told who is at it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from knowledge.editions.embedded import EmbeddedEditions
from knowledge.errors import ReindexRefused
from knowledge.reindexing import Order, Progress
from tests.faults.transaction.conftest import Rehearsed
from tests.faults.transaction.processes import CONTEXT, Elsewhere, elsewhere, fork_children
from tests.faults.transaction.witness import look
from tests.knowledge.house import House

AT_ONCE = 4
PUBLISHED, NOTHING_NEW = "published", "found nothing new"
RUNNING = r"A reindex is already running: {} \(process {}\) since [-\d]+ [:\d]+ UTC\."


def reindex(root: Path, who: str, gate: Connection | None = None) -> str:
    """Reindex; at the first progress, tell through the gate and wait for the word to go on.

    Returns:
        What came of it.
    """
    fork_children()
    house, waiting = House(root, EmbeddedEditions), [gate] if gate else []

    def pause(_: Progress) -> None:
        while waiting:
            held = waiting.pop()
            held.send("in")
            held.recv()

    try:
        report = house.reindexer().run(Order(who=who), pause)
    except ReindexRefused as refused:
        return str(refused)
    finally:
        house.close()
    return PUBLISHED if report.published else NOTHING_NEW


@pytest.mark.faults(full=10, few=1)
def test_a_second_reindex_is_told_who_is_at_it_since_when(
    small: Rehearsed, tmp_path: Path, seed: int
) -> None:
    root = small.copied_to(tmp_path / "house")
    here, there = CONTEXT.Pipe()
    first = Elsewhere(reindex, root, "the first", there)
    here.recv()

    others = [Elsewhere(reindex, root, f"number {number}") for number in range(AT_ONCE)]
    told = [other.result() for other in others]
    here.send("go on")

    assert first.result() == PUBLISHED
    for line in told:
        assert re.fullmatch(RUNNING.format("the first", first.pid), line)
    _assert_whole(root, small)


@pytest.mark.faults(full=10, few=1)
def test_of_several_that_start_together_one_publishes(
    small: Rehearsed,
    tmp_path: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    root = small.copied_to(tmp_path / "house")

    started = [Elsewhere(reindex, root, f"number {number}") for number in range(AT_ONCE)]
    ends = [each.result() for each in started]

    refused = [end for end in ends if end not in (PUBLISHED, NOTHING_NEW)]
    record_property("told that another one is running", len(refused))
    assert ends.count(PUBLISHED) == 1
    for line in refused:
        assert re.fullmatch(RUNNING.format(r"number \d", r"\d+"), line)
    _assert_whole(root, small)


@pytest.mark.faults(full=10, few=1)
def test_who_is_killed_at_it_keeps_nobody_from_it(
    small: Rehearsed, tmp_path: Path, seed: int
) -> None:
    root = small.copied_to(tmp_path / "house")
    here, there = CONTEXT.Pipe()
    first = Elsewhere(reindex, root, "the first", there)
    here.recv()
    os.kill(first.pid, signal.SIGKILL)

    assert first.status() == -signal.SIGKILL
    assert Elsewhere(reindex, root, "the second").result() == PUBLISHED
    _assert_whole(root, small)


def _assert_whole(root: Path, small: Rehearsed) -> None:
    seen = elsewhere(look, root)
    assert seen.opened.served == small.new
    assert seen.opened.lost == []
    assert not seen.diff.changes
