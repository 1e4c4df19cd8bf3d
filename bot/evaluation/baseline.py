"""A run and the one before it -> what became worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.core.errors import ExplainerError
from bot.evaluation.figures import SIZES, Figures, Run, family

_ROUNDING = 1e-9

_RUN = TypeAdapter(Run)


@dataclass(frozen=True)
class Comparison:
    """How a run differs from the one before it; one line for each figure.

    Args:
        drops: figures that became worse by more than is tolerated.
        differences: figures that only one of the runs has.
    """

    drops: tuple[str, ...]
    differences: tuple[str, ...]


def read_run(file: Path) -> Run:
    """Read a run that ``explainer evaluate --json`` printed.

    Raises:
        ExplainerError: it cannot be read, or it is no such run.
    """
    try:
        return _RUN.validate_json(file.read_bytes())
    except OSError as error:
        raise ExplainerError(f"{file}: {error.strerror or error}.") from None
    except ValidationError:
        raise ExplainerError(
            f"{file}: no run to compare with; save one with `explainer evaluate --json`."
        ) from None


def compare(before: Run, now: Run, tolerance: float) -> Comparison:
    """Compare every share of two runs. Lengths and latencies are no matter of better or worse.

    A kind is compared where it has so many samples that one of them alone doesn't exceed the
    tolerance.

    Args:
        before: the baseline.
        now: what is compared with it.
        tolerance: by how much a figure may drop, absolute.
    """
    drops: list[str] = []
    differences: list[str] = []
    old, new = dict(_gated(before, tolerance)), dict(_gated(now, tolerance))
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            differences.append(f"{name}: missing, it was {old[name]:.3f}.")
        elif name not in old:
            differences.append(f"{name}: new, {new[name]:.3f}.")
        elif old[name] - new[name] > tolerance + _ROUNDING:
            drop = f"dropped from {old[name]:.3f} to {new[name]:.3f}"
            drops.append(f"{name}: {drop}; {tolerance:g} is tolerated.")
    return Comparison(tuple(drops), tuple(differences))


def _gated(run: Run, tolerance: float) -> Iterator[tuple[str, float]]:
    parts: list[tuple[str, Figures, float]] = [("", run.figures, 0)]
    if len(run.files) > 1:
        parts += [(f"{file}: ", figures, 0) for file, figures in run.files.items()]
    parts += [(f"kind {kind}: ", figures, 1) for kind, figures in run.kinds.items()]
    for where, figures, least in parts:
        for name, figure in figures.items():
            if family(name) not in SIZES and figure.count * tolerance >= least:
                yield where + name, figure.value
