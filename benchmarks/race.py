"""Every contender is measured at everything, each time in a process of its own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.corpus import Corpus
from benchmarks.errors import BenchmarkError
from benchmarks.measuring import Samples, peaks_of_children_mib

BARE, TEXTBOOK, EXPLAINER = CONTENDERS = ("bare", "textbook", "explainer")
LOAD, INDEX, ALONE, TOGETHER = MEASUREMENTS = ("load", "index", "alone", "together")

_GAUGE_SECONDS = 0.1
_THEIR_SETTINGS = ("EXPLAINER_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_")

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
    figures, log = folder / "figures.json", folder / "log.txt"
    index = folder / "index"
    files = [str(path) for path in (corpus.path, questions, index, figures)]
    peaks: dict[int, float] = {}
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own module with our own arguments
            [sys.executable, "-m", "benchmarks.child", name, measurement, *files],
            stdout=output,
            stderr=output,
            cwd=Path(__file__).parent.parent,
            env=_environment(),
        ) as child,
    ):
        while _running(child):
            peaks |= peaks_of_children_mib(child.pid)
    if child.returncode:
        reason = log.read_text(errors="replace").strip().rsplit("\n", 1)[-1]
        raise BenchmarkError(f"{name} failed at {measurement}: {reason or child.returncode}")
    samples: Samples = orjson.loads(figures.read_bytes())
    samples["MiB"] = [samples["MiB"][0] + max(peaks.values(), default=0.0)]
    return samples


def _environment() -> dict[str, str]:
    """The contenders run as they are shipped, whatever this machine's settings are."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_THEIR_SETTINGS)
    }


def _running(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(_GAUGE_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False
