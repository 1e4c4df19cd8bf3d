"""Figures -> tables for people, and JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from rich.table import Table

from benchmarks.child import AT_ONCE
from benchmarks.race import (
    ALONE,
    BARE,
    CONTENDERS,
    EXPLAINER,
    INDEX,
    LOAD,
    TEXTBOOK,
    TOGETHER,
    Figures,
)
from benchmarks.tables import plain_table

TITLES = {BARE: "bare encode", TEXTBOOK: "LangChain + Chroma", EXPLAINER: "Explainer"}
ROOMS = ("gate", "retrieve", "compose", "verify", "total")

_LIBRARIES = ("torch", "sentence-transformers", "chromadb", "langchain-core", "langchain-chroma")

Summary = Callable[[Sequence[float]], float]


def median(samples: Sequence[float]) -> float:
    """The middle one."""
    return float(np.median(samples))


def p95(samples: Sequence[float]) -> float:
    """What 95 % stay below."""
    return float(np.percentile(samples, 95))


def mean(samples: Sequence[float]) -> float:
    """Their mean."""
    return float(np.mean(samples))


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Args:
        title: what people read.
        samples: name of what was measured.
        summary: how several figures become one.
        form: how that one is written.
    """

    title: str
    samples: str
    summary: Summary = median
    form: str = "{:.2f}"

    def cell(self, samples: Sequence[float] | None) -> str:
        """The figure, or a dash where nothing was measured."""
        return self.form.format(self.summary(samples)) if samples else "–"


COMPARED = (
    Row("seconds to load, first time", f"{LOAD}: seconds to load"),
    Row("  every other time", f"{ALONE}: seconds to load"),
    Row("passages", f"{INDEX}: passages", form="{:,.0f}"),
    Row("seconds to index", f"{INDEX}: seconds"),
    Row("  again, nothing changed", f"{INDEX}: seconds unchanged", form="{:.3f}"),
    Row("  again, one article changed", f"{INDEX}: seconds changed"),
    Row("  MiB at most", f"{INDEX}: MiB", max, "{:,.0f}"),
    Row("ms a question, 1 at a time", f"{ALONE}: ms", form="{:.1f}"),
    Row("  95th percentile", f"{ALONE}: ms", p95, "{:.1f}"),
    Row("  MiB at most", f"{ALONE}: MiB", max, "{:,.0f}"),
    Row(f"ms a question, {AT_ONCE} at a time", f"{TOGETHER}: ms", form="{:.1f}"),
    Row("  95th percentile", f"{TOGETHER}: ms", p95, "{:.1f}"),
    Row("  questions a second", f"{TOGETHER}: a second", form="{:.1f}"),
    Row("  event loop's longest stall, ms", f"{TOGETHER}: ms stalled", max, "{:.1f}"),
    Row("  MiB at most", f"{TOGETHER}: MiB", max, "{:,.0f}"),
)


@dataclass(frozen=True)
class Target:
    """What Explainer is held to: a ratio, which every machine should show alike, or a time.

    Args:
        title: what is compared.
        measured: what was measured.
        limit: what it is held to.
        at_most: whether the limit is an upper one.
    """

    title: str
    measured: float
    limit: float
    at_most: bool

    @property
    def holds(self) -> bool:
        """Whether Explainer keeps to it."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


def targets(figures: Figures) -> tuple[Target, ...]:
    """What was measured, of several rounds the median; of stalls the longest."""
    indexing = median(figures[EXPLAINER][f"{INDEX}: seconds"])
    unchanged = median(figures[EXPLAINER][f"{INDEX}: seconds unchanged"])
    answered = _answered(figures)
    answering = median(answered)
    passages = median(figures[BARE][f"{INDEX}: seconds"])
    question = median(figures[BARE][f"{ALONE}: ms"])
    together = median(figures[EXPLAINER][f"{TOGETHER}: a second"])
    textbook = median(figures[TEXTBOOK][f"{ALONE}: a second"])
    stall = max(figures[EXPLAINER][f"{TOGETHER}: ms stalled"])
    return (
        Target("index / bare encode of its passages", indexing / passages, 1.2, True),
        Target("index / index again, nothing changed", indexing / unchanged, 20, False),
        Target("answer / bare encode of the question", answering / question, 0.5, True),
        Target("answer, 95th percentile / median", p95(answered) / answering, 2, True),
        Target(
            f"answers a second, {AT_ONCE} at a time / {TITLES[TEXTBOOK]}, 1 at a time",
            together / textbook,
            3,
            False,
        ),
        Target(f"event loop's longest stall, ms, {AT_ONCE} at a time", stall, 50, True),
    )


def _answered(figures: Figures) -> list[float]:
    """Milliseconds of the questions that got an answer: to abstain takes less."""
    spent = figures[EXPLAINER][f"{ALONE}: ms"]
    answered = figures[EXPLAINER][f"{ALONE}: answered"]
    return [ms for ms, yes in zip(spent, answered, strict=True) if yes] or spent


def comparison(figures: Figures) -> Table:
    """The contenders side by side."""
    table = plain_table("Side by side", *TITLES.values())
    for row in COMPARED:
        table.add_row(row.title, *(row.cell(figures[name].get(row.samples)) for name in CONTENDERS))
    return table


def rooms(figures: Figures) -> Table:
    """Where Explainer's answers spend their time, waiting for a thread included."""
    table = plain_table("Explainer, ms room by room", "1 at a time", f"{AT_ONCE} at a time")
    rows = [Row(name, f"room {name}") for name in ROOMS]
    for row in (*rows, Row("share of questions answered", "answered", mean)):
        samples = (figures[EXPLAINER].get(f"{way}: {row.samples}") for way in (ALONE, TOGETHER))
        table.add_row(row.title, *map(row.cell, samples))
    return table


def verdicts(figures: Figures) -> Table:
    """Whether Explainer keeps to its targets."""
    table = plain_table("Explainer is held to", "target", "measured", "holds")
    for target in targets(figures):
        bound = "at most" if target.at_most else "at least"
        holds = "[green]yes[/]" if target.holds else "[red]no[/]"
        table.add_row(target.title, f"{bound} {target.limit:g}", f"{target.measured:,.2f}", holds)
    return table


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def as_json(figures: Figures, articles: int) -> dict[str, Any]:
    """Everything that was measured, one figure a sample."""
    return {
        "machine": machine(),
        "articles": articles,
        "targets": [{**asdict(target), "holds": target.holds} for target in targets(figures)],
        "samples": figures,
    }
