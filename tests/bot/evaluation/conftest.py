"""The command line, as its own tests run it."""

from __future__ import annotations

from tests.bot.test_cli import cli, set_to, small

__all__ = ["cli", "set_to", "small"]
