"""Whether the bot can do its work: every check must pass."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias

from bot.core.errors import ExplainerError
from knowledge.errors import KnowledgeError

Check: TypeAlias = Callable[[], Coroutine[Any, Any, None]]
"""Raises if something is wrong; the text of an error for people is told."""

PATIENCE = 3.0
"""Seconds that a check may take."""


class Readiness:
    """Runs checks.

    A check that doesn't end is not begun again, so that one that waits in a thread cannot use up
    all threads however often somebody asks.

    Args:
        checks: by their names.
        patience: seconds to wait for each.
    """

    def __init__(self, checks: Mapping[str, Check], patience: float = PATIENCE) -> None:
        self._checks = dict(checks)
        self._patience = patience
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def problems(self) -> list[str]:
        """One line for each check that fails."""
        found = await asyncio.gather(*map(self._problem, self._checks))
        return [problem for problem in found if problem]

    async def close(self) -> None:
        """Drop the checks that have not ended."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _problem(self, name: str) -> str:
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.create_task(self._checks[name](), name=name)
            task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done():
            return f"{name}: no answer within {self._patience:g} seconds"
        if task.cancelled():
            return f"{name}: stopped"
        error = task.exception()
        return f"{name}: {_told(error)}" if error else ""

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task.get_name(), None)
        if not task.cancelled():
            task.exception()  # perhaps nobody waits for it any more


def _told(error: BaseException) -> str:
    """One line; only errors that are made for people are told in words."""
    if isinstance(error, ExplainerError | KnowledgeError):
        return " ".join(str(error).split())
    return type(error).__name__
