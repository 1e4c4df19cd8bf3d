"""``explainer doctor``: what is set up, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from bot.doctor.checks import checks
from bot.doctor.examining import Finding, examined
from bot.settings import Settings

__all__ = ["Finding", "examine", "findings", "show"]


def examine(settings: Settings, console: Console) -> bool:
    """Check everything and print a line each; returns whether all is well."""
    found = []
    for finding in findings(settings):
        show(finding, console)
        found.append(finding)
    return all(finding.well for finding in found)


def findings(settings: Settings) -> Iterator[Finding]:
    """Check everything; each finding comes as soon as it and those before it are known."""
    return examined(checks(settings), settings)


def show(finding: Finding, console: Console) -> None:
    """Print a finding; what is told in several lines is indented."""
    mark, style = ("ok", "green") if finding.well else ("!!", "red")
    console.print(f"[{style}]{mark}[/] [bold]{finding.name}[/]  ", end="")
    console.print(finding.detail.replace("\n", "\n   "), markup=False)
