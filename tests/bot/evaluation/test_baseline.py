"""What became worse since a run before."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import orjson
import pytest

from bot.core.errors import ExplainerError
from bot.evaluation.baseline import compare, read_run
from bot.evaluation.estimates import Figure
from bot.evaluation.figures import Figures, Run

FACTS, AUC = "answers.facts", "coverage.auc"


def figures(values: dict[str, float], count: int = 10) -> Figures:
    return {name: Figure(value, value, value, count) for name, value in values.items()}


def run(values: dict[str, float]) -> Run:
    return Run(1, figures(values), {"q.jsonl": figures(values)}, {})


def test_a_drop_beyond_the_tolerance_is_one_line() -> None:
    before, now = run({FACTS: 0.9, AUC: 0.8}), run({FACTS: 0.85, AUC: 1.0})
    assert compare(before, now, 0.02).drops == (
        "answers.facts: dropped from 0.900 to 0.850; 0.02 is tolerated.",
    )


@pytest.mark.parametrize("now", [0.88, 0.9, 1.0])
def test_a_drop_within_the_tolerance_is_none(now: float) -> None:
    assert compare(run({FACTS: 0.9}), run({FACTS: now}), 0.02).drops == ()


def test_the_tolerance_can_be_nought() -> None:
    assert compare(run({FACTS: 0.9}), run({FACTS: 0.899}), 0).drops


@pytest.mark.parametrize("name", ["latency.p95_ms", "length.words"])
def test_amounts_are_not_compared(name: str) -> None:
    comparison = compare(run({name: 90.0}), run({name: 10.0}), 0.02)
    assert (comparison.drops, comparison.differences) == ((), ())


def test_new_and_missing_figures_are_told_but_are_no_drop() -> None:
    comparison = compare(run({FACTS: 0.9}), run({AUC: 0.8}), 0.02)
    assert comparison.drops == ()
    assert comparison.differences == (
        "answers.facts: missing, it was 0.900.",
        "coverage.auc: new, 0.800.",
    )


def test_a_drop_in_one_of_several_files_is_told() -> None:
    good, bad = figures({FACTS: 0.9}), figures({FACTS: 0.5})
    before = Run(1, good, {"a.jsonl": good, "b.jsonl": good}, {})
    now = replace(before, files={"a.jsonl": good, "b.jsonl": bad})
    assert compare(before, now, 0.02).drops == (
        "b.jsonl: answers.facts: dropped from 0.900 to 0.500; 0.02 is tolerated.",
    )


@pytest.mark.parametrize(("count", "drops"), [(49, 0), (50, 1)])
def test_a_kind_is_compared_where_one_sample_does_not_exceed_the_tolerance(
    count: int, drops: int
) -> None:
    before = Run(1, {}, {}, {"why": figures({FACTS: 0.9}, count)})
    now = replace(before, kinds={"why": figures({FACTS: 0.5}, count)})
    assert len(compare(before, now, 0.02).drops) == drops


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = run({FACTS: 0.9})
    (tmp_path / "run.json").write_bytes(orjson.dumps(asdict(written)))
    assert read_run(tmp_path / "run.json") == written


@pytest.mark.parametrize("text", ["{", "[]", '{"edition": 1}', '{"figures": 3}'])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(ExplainerError, match=r"run\.json: no run to compare with"):
        read_run(tmp_path / "run.json")


def test_a_run_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExplainerError, match=r"none\.json: No such file"):
        read_run(tmp_path / "none.json")
