"""The report of a full run: what was injected how often, and what came of it."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pytest

_HEAD = """# What was broken on purpose, and what came of it

Written by `make faults`; what each line means says the test of that name in `tests/faults`.

"""


@dataclass
class Row:
    """What one test found, over all its runs.

    Args:
        passed: how many runs withstood.
        failed: how many did not.
        skipped: how many were not run.
        noted: what they noted: how often each value of each property.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    noted: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, report: pytest.TestReport) -> None:
        """Count one run."""
        self.passed += report.passed
        self.failed += report.failed
        self.skipped += report.skipped
        for name, value in report.user_properties:
            self.noted.setdefault(name, Counter())[str(value)] += 1


class ReportWriter:
    """A plugin of pytest that writes the report when all is over.

    Args:
        file: where to.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: dict[tuple[str, str], Row] = {}
        self._started = time.monotonic()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a run: its call, or what kept it from being called."""
        if "faults" not in Path(report.nodeid).parts:
            return
        if report.when == "call" or (report.when == "setup" and not report.passed):
            path, _, test = report.nodeid.partition("::")
            key = Path(path).parent.name, test.split("[")[0]
            self._rows.setdefault(key, Row()).add(report)

    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        parts = [_HEAD, self._setting()]
        for folder in dict.fromkeys(folder for folder, _ in self._rows):
            rows = {test: row for (of, test), row in self._rows.items() if of == folder}
            parts += [f"## {_words(folder).capitalize()}\n\n", _table(rows), *_notes(rows)]
        self._file.write_text("".join(parts).rstrip() + "\n", "utf-8")

    def _setting(self) -> str:
        minutes = (time.monotonic() - self._started) / 60
        return (
            f"{time.strftime('%Y-%m-%d')}: {minutes:.0f} minutes on {os.cpu_count()} cores; "
            f"{platform.system()}, Python {platform.python_version()}, "
            f"chromadb {version('chromadb')}, SQLite {sqlite3.sqlite_version}.\n\n"
        )


def _table(rows: dict[str, Row]) -> str:
    lines = ["| what | times | withstood | failed | not run |", "|---|---:|---:|---:|---:|"]
    for test, row in rows.items():
        times = row.passed + row.failed + row.skipped
        lines.append(
            f"| {_words(test.removeprefix('test_'))} | {times} | {row.passed} | {row.failed} "
            f"| {row.skipped} |"
        )
    return "\n".join(lines) + "\n\n"


def _notes(rows: dict[str, Row]) -> list[str]:
    return [
        f"**{_words(test.removeprefix('test_'))}**\n\n"
        + "".join(f"- {name}: {_tally(counts)}\n" for name, counts in row.noted.items())
        + "\n"
        for test, row in rows.items()
        if row.noted
    ]


def _tally(counts: Counter[str]) -> str:
    """Values with how often they came, the most frequent first."""
    return ", ".join(f"{value} × {times}" for value, times in counts.most_common())


def _words(name: str) -> str:
    return name.replace("_", " ")
