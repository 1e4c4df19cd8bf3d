"""Texts that are kept beside the tests, to be read by people and compared."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

UPDATE = "UPDATE_SNAPSHOTS"
"""The environment variable that has the snapshots written anew: look at what Git says then."""


def check_snapshot(file: Path, text: str) -> None:
    """Fail if a text is not what is kept."""
    if os.environ.get(UPDATE):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"There is no snapshot {file.name}: run the test with {UPDATE}=1."
    assert text == file.read_text(encoding="utf-8"), f"If that is meant, run with {UPDATE}=1."


def check_nothing_else(folder: Path, names: Iterable[str]) -> None:
    """Fail if texts are kept that nothing is compared with."""
    kept = {file.stem: file for file in folder.glob("*.txt")}
    extra = kept.keys() - set(names)
    if os.environ.get(UPDATE):
        for name in extra:
            kept.pop(name).unlink()
    assert kept.keys() <= set(names), f"If they shall go, run the test with {UPDATE}=1."


def quoted(text: str) -> str:
    """Lines with a mark before each; what nobody sees is written as its number."""
    return "\n".join(f"  | {_seen(line)}".rstrip() for line in text.split("\n"))


def _seen(line: str) -> str:
    return "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in line)
