"""Looking with the doctor's eyes at one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.doctor.checks import checks
from bot.doctor.examining import Finding, examined
from bot.settings import Settings


def settings_of(folder: Path, **changes: Any) -> Settings:
    """Settings for a data directory, without an environment."""
    return Settings(_env_file=None, **({"data_dir": folder} | changes))


def finding(name: str, settings: Settings) -> Finding:
    """What the check of a name finds; the others don't run."""
    [found] = examined([check for check in checks(settings) if check.name == name], settings)
    return found
