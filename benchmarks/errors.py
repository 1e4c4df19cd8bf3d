"""What can go wrong in a benchmark."""

from __future__ import annotations


class BenchmarkError(Exception):
    """A benchmark cannot be run; the text is one line for people."""
