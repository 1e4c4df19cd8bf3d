"""An answer while it grows: its claims with their numbered sources, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.core.answers.answer import Answer, Claim, Status, plain_text
from bot.core.answers.citing import Bibliography
from bot.core.answers.study import Study


@dataclass
class Timer:
    """Times the rooms that a question goes through."""

    started: float = field(default_factory=time.perf_counter)
    milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def room(self, name: str) -> Iterator[None]:
        """Add the time that is spent within to a room's."""
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self.milliseconds[name] = round(self.milliseconds.get(name, 0.0) + spent, 3)

    def total(self) -> dict[str, float]:
        """Milliseconds by room, and since the question came."""
        since = round((time.perf_counter() - self.started) * 1000, 3)
        return {**self.milliseconds, "total": since}


class Told:
    """The claims of an answer so far, with the numbers of their sources.

    Args:
        study: what they answer.
        timer: times the rooms.
        model: the composer's name.
    """

    def __init__(self, study: Study, timer: Timer, model: str) -> None:
        self.study = study
        self.claims: list[Claim] = []
        self._timer = timer
        self._model = model
        self._bibliography = Bibliography([found.passage for found in study.passages])
        self._cited: tuple[Claim, ...] = ()

    def with_(self, claim: Claim) -> Answer:
        """Add a claim; returns what is told by then."""
        self.claims.append(claim)
        self._cited = (*self._cited, self._bibliography.cite(claim))
        return self.answer()

    def answer(self) -> Answer:
        """What is told so far."""
        return Answer(
            status=Status.ANSWERED,
            text=plain_text(self._cited),
            claims=self._cited,
            sources=self._bibliography.sources(self.study.edition.article),
            model=self._model,
            edition=self.study.edition.record.id,
            timings_ms=self._timer.total(),
        )
