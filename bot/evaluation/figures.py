"""What was measured -> figures: of all, of each file and of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.answers import citation_samples, content_samples, reading_samples
from bot.evaluation.decisions import coverage_scores, decision_samples, verdict_samples
from bot.evaluation.estimates import Figure, auc, estimate, p95, rejected_at_90_kept
from bot.evaluation.measuring import Asked, Checked
from bot.evaluation.ranking import ranking_samples

Figures = dict[str, Figure]
"""Figures by name, ``FAMILY.MEASURE``. One that nothing was measured for is left out."""

SIZES = ("length", "latency")
"""Families of figures that are amounts. The others are shares, and the higher the better."""


@dataclass(frozen=True)
class Measured:
    """Questions and pairs with what came of them."""

    asked: tuple[Asked, ...] = ()
    checked: tuple[Checked, ...] = ()

    def of_kind(self, kind: str) -> Measured:
        """Those of one kind."""
        return Measured(
            tuple(one for one in self.asked if one.label.kind == kind),
            tuple(one for one in self.checked if one.label.kind == kind),
        )

    def kinds(self) -> list[str]:
        """The kinds there are, in the order of the alphabet."""
        of_questions = {one.label.kind for one in self.asked}
        of_pairs = {one.label.kind for one in self.checked}
        return sorted((of_questions | of_pairs) - {""})


@dataclass(frozen=True)
class Run:
    """The figures of one evaluation.

    Args:
        edition: what was asked.
        figures: of all rows.
        files: of the rows of each file.
        kinds: of the rows of each kind.
    """

    edition: int
    figures: Figures
    files: dict[str, Figures]
    kinds: dict[str, Figures]


def run_of(edition: int, files: Mapping[str, Measured]) -> Run:
    """Work out the figures of everything that was measured, file by file."""
    everything = Measured(
        tuple(one for measured in files.values() for one in measured.asked),
        tuple(one for measured in files.values() for one in measured.checked),
    )
    return Run(
        edition=edition,
        figures=figures_of(everything),
        files={name: figures_of(measured) for name, measured in files.items()},
        kinds={kind: figures_of(everything.of_kind(kind)) for kind in everything.kinds()},
    )


def figures_of(measured: Measured) -> Figures:
    """All figures that something was measured for."""
    asked = measured.asked
    means = {
        **ranking_samples(asked),
        **decision_samples(asked),
        **citation_samples(asked),
        **content_samples(asked),
        **reading_samples(asked),
        **verdict_samples(measured.checked),
    }
    scores = coverage_scores(asked)
    spent = [one.answer.timings_ms["total"] for one in asked]
    estimates: list[tuple[str, Callable[..., float], Sequence[Sequence[float]]]] = [
        *((name, np.mean, [samples]) for name, samples in means.items()),
        ("coverage.auc", auc, scores),
        ("coverage.rejected_at_90_kept", rejected_at_90_kept, scores),
        ("latency.median_ms", np.median, [spent]),
        ("latency.p95_ms", p95, [spent]),
    ]
    return {
        name: estimate(statistic, *samples)
        for name, statistic, samples in estimates
        if all(samples)
    }


def family(name: str) -> str:
    """The family that a figure belongs to."""
    return name.partition(".")[0]
