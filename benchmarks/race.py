"""Every contender is measured at everything, each time in a process of its own."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.children import run_module
from benchmarks.corpus import Corpus
from benchmarks.errors import BenchmarkError
from benchmarks.measuring import Samples

BARE, TEXTBOOK, EXPLAINER = CONTENDERS = ("bare", "textbook", "explainer")
LOAD, INDEX, ALONE, TOGETHER = MEASUREMENTS = ("load", "index", "alone", "together")

Figures = dict[str, Samples]
"""What was measured of each contender, by ``MEASUREMENT: NAME``."""


@dataclass(frozen=True)
class Race:
    """What is run.

    Args:
        corpus: the articles; they are changed for a while.
        questions: what is asked, the first ones to warm up.
        rounds: how often everything is measured, the contenders taking turns.
    """

    corpus: Corpus
    questions: Sequence[str]
    rounds: int

    def run(self, workspace: Path, tell: Callable[[str], None]) -> Figures:
        """Measure.

        Args:
            workspace: an empty folder.
            tell: called with what is being measured.

        Raises:
            BenchmarkError: a contender failed.
        """
        figures: Figures = {name: defaultdict(list) for name in CONTENDERS}
        questions = workspace / "questions.json"
        questions.write_bytes(orjson.dumps(self.questions))
        for number, measurement, name in itertools.product(
            range(1, self.rounds + 1), MEASUREMENTS, CONTENDERS
        ):
            if (name, measurement) == (BARE, TOGETHER):
                continue
            tell(f"Round {number} of {self.rounds}: {measurement}, {name}")
            folder = workspace / f"{number}-{name}"
            folder.mkdir(exist_ok=True)
            measured = _measure(name, measurement, self.corpus, questions, folder)
            for figure, samples in measured.items():
                figures[name][f"{measurement}: {figure}"] += samples
        return figures


def _measure(name: str, measurement: str, corpus: Corpus, questions: Path, folder: Path) -> Samples:
    """Measure in a child process; its memory includes the largest of its own children's."""
    figures = folder / "figures.json"
    files = [str(path) for path in (corpus.path, questions, folder / "index", figures)]
    try:
        of_children = run_module(
            "benchmarks.child", [name, measurement, *files], folder / "log.txt"
        )
    except BenchmarkError as error:
        raise BenchmarkError(f"{name} failed at {measurement}: {error}") from None
    samples: Samples = orjson.loads(figures.read_bytes())
    samples["MiB"] = [samples["MiB"][0] + of_children]
    return samples
