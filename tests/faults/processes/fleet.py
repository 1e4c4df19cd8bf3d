"""Several processes of the bot on one store, some of which are always dying."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.knowledge.chroma_server import free_port
from tests.platforms.slack_http import Workspace

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Mortality:
    """How processes die.

    Args:
        chance: with which one dies each time between post and record.
        lease: how many seconds a ticket's lease lasts.
    """

    chance: float = 0.0
    lease: float = 3.0


@dataclass
class Member:
    """One process, which is started again when it has died.

    Args:
        folder: its data directory.
        port: where it listens for Slack.
        process: it.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    process: Process | None = None
    deaths: int = 0

    @property
    def address(self) -> str:
        """Where Slack reaches it."""
        return f"http://127.0.0.1:{self.port}"


class Fleet:
    """All processes.

    Args:
        members: they.
        variables: what is set for each of them.
        mortality: how they die by themselves.
    """

    def __init__(
        self, members: list[Member], variables: dict[str, str], mortality: Mortality
    ) -> None:
        self.members = members
        self._variables = variables
        self._mortality = mortality
        self._watching: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._watching = [asyncio.create_task(self._keep_alive(each)) for each in self.members]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        for member in self.members:
            if member.process and member.process.returncode is None:
                member.process.kill()
                await member.process.wait()

    @property
    def deaths(self) -> int:
        """How many processes have died."""
        return sum(member.deaths for member in self.members)

    def kill(self, number: int) -> None:
        """Kill a process, if it lives."""
        process = self.members[number].process
        if process and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()

    async def deliver(self, workspace: Workspace, number: int, event: dict[str, object]) -> bool:
        """Send an event to a process; returns whether it was acknowledged."""
        workspace.requests.reach(self.members[number].address)
        delivery = workspace.tell(event)
        answered = len(workspace.requests.answers) + 1
        await workspace.until(lambda: len(workspace.requests.answers) >= answered)
        return bool(delivery.acknowledged)

    async def _keep_alive(self, member: Member) -> None:
        while True:
            member.process = await self._started(member)
            await member.process.wait()
            member.deaths += 1

    async def _started(self, member: Member) -> Process:
        member.folder.mkdir(exist_ok=True)
        own = {
            "EXPLAINER_DATA_DIR": str(member.folder),
            "EXPLAINER_SLACK_PORT": str(member.port),
        }
        mortality = (str(self._mortality.chance), str(self._mortality.lease))
        with (member.folder / "said.log").open("ab") as said:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.faults.processes.child",
                *mortality,
                env=self._variables | own,
                cwd=ROOT,
                stdout=said,
                stderr=said,
            )
