"""Imported once by the process that the others are forked from."""

from __future__ import annotations

from knowledge.editions import building, embedded, opening, probing
from tests.faults.transaction import doomed, witness

__all__ = ["building", "doomed", "embedded", "opening", "probing", "witness"]
