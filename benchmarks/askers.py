"""``python -m benchmarks.askers``: how long people on Discord and Slack wait, alone and in a crowd.

The bot is ``explainer run`` in a process of its own, with the platforms' own clients. The local
platforms that the tests use, and the people, share this process: what is measured is when the
platform hears of something. No limit of the platforms' real ones is enforced.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.commands import err, positive, show, told_in_one_line
from benchmarks.crowds import (
    Asked,
    Crowd,
    DiscordCommands,
    DiscordMentions,
    SlackCommands,
    SlackMentions,
)
from benchmarks.errors import BenchmarkError
from benchmarks.shipped import shipped_app, shipped_questions
from benchmarks.tables import plain_table
from bot.settings import SHIPPED_ARTICLES
from tests.platforms.discord_server import DiscordServer
from tests.platforms.slack_server import SlackServer

AT_ONCE = (1, 32, 200)

_QUESTIONS = 300
_WARM_UP = 10
_START_SECONDS = 60.0
_PERCENTILES = {"median": 50, "95 %": 95, "99 %": 99}
_MOMENTS = {"acknowledged": "acknowledged", "first": "first words", "answered": "whole answer"}

Waves = dict[int, list[Asked]]
"""What was asked, by how many asked at the same moment."""


@dataclass(frozen=True)
class Platforms:
    """Both local platforms, on which the bot is."""

    discord: DiscordServer
    slack: SlackServer

    @property
    def online(self) -> bool:
        """Whether the bot is there."""
        return self.discord.online and self.slack.online

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which the bot comes."""
        return {
            "EXPLAINER_DISCORD_TOKEN": self.discord.token,
            "EXPLAINER_DISCORD_API_BASE": self.discord.api_base,
            "EXPLAINER_DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "EXPLAINER_SLACK_BOT_TOKEN": self.slack.bot_token,
            "EXPLAINER_SLACK_APP_TOKEN": self.slack.app_token,
            "EXPLAINER_SLACK_API_URL": self.slack.api_url,
            "EXPLAINER_LIMIT_PERSON": "",
            "EXPLAINER_LIMIT_CHANNEL": "",
        }


async def measure(folder: Path, events: int) -> dict[str, Waves]:
    """Let people ask, in each way to ask.

    Args:
        folder: holds the bot's data directory, ``data``, with everything indexed.
        events: how many of them at least, alone and in each crowd.

    Returns:
        What was asked, by how.
    """
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        slack = await stack.enter_async_context(SlackServer())
        waves = {size: math.ceil(events / size) for size in AT_ONCE}
        total = 2 * (_WARM_UP + sum(size * count for size, count in waves.items()))
        channels = iter([discord.channel(f"asking-{number}") for number in range(total)])
        await stack.enter_async_context(_running(Platforms(discord, slack), folder))
        crowds = (
            DiscordMentions(discord, channels),
            DiscordCommands(discord, channels),
            SlackMentions(slack),
            SlackCommands(slack),
        )
        return {crowd.title: await _asked(crowd, waves) for crowd in crowds}


async def _asked(crowd: Crowd, waves: Mapping[int, int]) -> Waves:
    """Let a crowd of each size ask so many times."""
    questions = cycle(shipped_questions(_QUESTIONS))
    await crowd.ask(list(islice(questions, _WARM_UP)))
    found: Waves = {}
    for size, count in waves.items():
        found[size] = []
        for _ in range(count):
            found[size] += await crowd.ask(list(islice(questions, size)))
    for asked in found.values():
        crowd.settle(asked)
    return found


@asynccontextmanager
async def _running(platforms: Platforms, folder: Path) -> AsyncIterator[None]:
    """Run the bot as operators do, while a block runs.

    Raises:
        BenchmarkError: it does not come.
    """
    kept = {name: value for name, value in os.environ.items() if "EXPLAINER" not in name}
    data = {"EXPLAINER_DATA_DIR": str(folder / "data"), "EXPLAINER_SOURCES": SHIPPED_ARTICLES}
    log = folder / "log.txt"
    with log.open("wb") as output:
        bot = await asyncio.create_subprocess_exec(
            Path(sys.executable).parent / "explainer",
            "run",
            env=kept | data | platforms.environment,
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    try:
        async with asyncio.timeout(_START_SECONDS):
            while bot.returncode is None and not platforms.online:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.1)
        if bot.returncode is not None:
            raise BenchmarkError(log.read_text().strip().rsplit("\n", 1)[-1])
        yield
    except TimeoutError:
        raise BenchmarkError("The bot does not come to the local platforms.") from None
    finally:
        if bot.returncode is None:
            bot.terminate()
        await bot.wait()


def waiting_table(title: str, waves: Waves) -> Table:
    """How long people waited, and whose answer is missing or stands twice."""
    table = plain_table(f"{title}, ms", *_PERCENTILES, "questions", "lost", "answered twice")
    for size, asked in waves.items():
        crowd = "1 asker" if size == 1 else f"{size} askers"
        for moment, name in _MOMENTS.items():
            counts = _counts(asked) if moment == "answered" else ()
            table.add_row(f"{crowd}: {name}", *_waited(asked, moment), *counts)
    return table


def _waited(asked: Sequence[Asked], moment: str) -> list[str]:
    figures = [figure for each in asked if (figure := getattr(each, moment)) is not None]
    if not figures:
        return ["–"] * len(_PERCENTILES)
    return [f"{np.percentile(figures, percentile):,.0f}" for percentile in _PERCENTILES.values()]


def _counts(asked: Sequence[Asked]) -> Iterator[str]:
    lost = sum(each.answered is None for each in asked)
    twice = sum(each.duplicates for each in asked)
    yield from (f"{count:,}" for count in (len(asked), lost, twice))


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: show(_measured(options), options.markdown))


def _measured(options: argparse.Namespace) -> Iterator[Table]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        with err.status("Indexing…"), shipped_app(folder / "data"):
            pass  # what the bot finds
        with err.status("Asking…"):
            found = asyncio.run(measure(folder, options.events))
        yield from (waiting_table(title, waves) for title, waves in found.items())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.askers", description=__doc__)
    add = parser.add_argument
    add("--events", type=positive, default=200, help="questions, alone and in each crowd (200)")
    add("--markdown", type=Path, metavar="FILE", help="write the tables to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
