"""How far a reindex has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from knowledge.editions import Phase


class Step(StrEnum):
    """What a reindex is doing."""

    GATHER = "reading the sources"
    EMBED = "embedding new passages"
    BUILD = "building the index"
    VERIFY = "verifying the index"


_STEPS = {Phase.BUILD: Step.BUILD, Phase.VERIFY: Step.VERIFY}


@dataclass(frozen=True)
class Progress:
    """How far a step has come.

    Args:
        step: what is being done.
        done: how much of it is done.
        total: how much there is, or ``None`` while nobody knows.
        seconds: how long the step has taken so far.
    """

    step: Step
    done: int
    total: int | None = None
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """How much is done a second; 0 while nobody can tell."""
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the step will still take, if it goes on like this."""
        if self.total is None or not self.rate:
            return None
        return (self.total - self.done) / self.rate


Tell = Callable[[Progress], None]


def nobody(progress: Progress) -> None:
    """Hear of progress and do nothing."""


class Reporter:
    """Tells of progress with the time that each step has taken.

    Args:
        tell: called with each progress.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._step: Step | None = None
        self._started = 0.0

    def report(self, step: Step, done: int, total: int | None = None) -> None:
        """Tell how much of a step is done."""
        now = time.monotonic()
        if step is not self._step:
            self._step, self._started = step, now
        self._tell(Progress(step, done, total, now - self._started))

    def phase(self, phase: Phase, done: int, total: int) -> None:
        """Tell how far a phase of making the index has come."""
        self.report(_STEPS[phase], done, total)
