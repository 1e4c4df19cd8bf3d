"""How far a reindex has come."""

from __future__ import annotations

import pytest

from knowledge.editions import Phase
from knowledge.reindexing import Order, Progress, Step, transaction
from knowledge.reindexing.progress import Reporter
from tests.knowledge.house import House

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


def test_a_rate_tells_how_long_a_step_will_still_take() -> None:
    progress = Progress(Step.EMBED, done=30, total=120, seconds=10.0)

    assert (progress.rate, progress.seconds_left) == (3.0, 30.0)


@pytest.mark.parametrize(
    "progress",
    [
        Progress(Step.GATHER, done=30, total=None, seconds=10.0),
        Progress(Step.EMBED, done=0, total=120, seconds=10.0),
        Progress(Step.EMBED, done=0, total=120),
    ],
    ids=["no total", "nothing done", "no time taken"],
)
def test_nobody_guesses_how_long_a_step_will_take(progress: Progress) -> None:
    assert progress.seconds_left is None


def test_a_finished_step_takes_no_longer() -> None:
    assert Progress(Step.EMBED, done=120, total=120, seconds=10.0).seconds_left == 0.0


def test_the_time_of_each_step_begins_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 103.0, 110.0, 111.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    told: list[Progress] = []
    reporter = Reporter(told.append)

    reporter.report(Step.GATHER, 0)
    reporter.report(Step.GATHER, 5)
    reporter.phase(Phase.BUILD, 0, 8)
    reporter.phase(Phase.BUILD, 4, 8)

    assert told == [
        Progress(Step.GATHER, 0, None, 0.0),
        Progress(Step.GATHER, 5, None, 3.0),
        Progress(Step.BUILD, 0, 8, 0.0),
        Progress(Step.BUILD, 4, 8, 1.0),
    ]


def test_progress_goes_from_step_to_step_and_each_is_finished(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "EMBED_AT_ONCE", 4)
    house.shelve(NAMES)
    told: list[Progress] = []

    house.reindexer().run(Order(), told.append)

    assert list(dict.fromkeys(progress.step for progress in told)) == list(Step)
    assert [progress.done for progress in told if progress.step is Step.EMBED] == [0, 4, 6]
    last = {progress.step: progress for progress in told}
    assert last[Step.GATHER].done == 6
    assert last[Step.BUILD].done == last[Step.BUILD].total == 6
    assert last[Step.VERIFY].done == last[Step.VERIFY].total == 6
