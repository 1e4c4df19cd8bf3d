"""How often faults are injected: ``make faults`` does it in full, ``make test`` a seeded handful.

A test asks for a ``seed`` and runs once for each; it takes the details of its fault from there.
Its marker may say how often that is: ``faults(full=200, few=3)``.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.faults.report import ReportWriter

FULL, FEW = 25, 2
"""How often each fault is injected in full, and by ``make test``, where its marker says nothing."""

_REPORT = Path(__file__).parents[2] / "benchmarks" / "FAULTS.md"


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often each fault is injected."""
    parser.addoption(
        "--faults", type=int, help=f"inject each fault so many times; {FULL} is the full count"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A full run writes its report."""
    if _asked(config) >= FULL:
        config.pluginmanager.register(ReportWriter(_REPORT))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests with a ``seed`` run once for each; those with ``rounds`` are told how many to do."""
    marker = metafunc.definition.get_closest_marker("faults")
    counts = marker.kwargs if marker else {}
    asked = _asked(metafunc.config)
    full, few = counts.get("full", FULL), counts.get("few", FEW)
    times = math.ceil(full * asked / FULL) if asked else few
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(times))
    if "rounds" in metafunc.fixturenames:
        metafunc.parametrize("rounds", [times])


def _asked(config: pytest.Config) -> int:
    """How often each fault shall be injected; 0 if nobody says."""
    # Unknown to pytest, unless this folder was named on its command line.
    return config.getoption("--faults", None) or 0
