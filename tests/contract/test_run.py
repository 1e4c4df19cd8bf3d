"""The whole bot as people start it: ``explainer run``, both platforms, one process.

Starting takes seconds, so one bot runs, all that happens is played, and then it is looked at.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from knowledge.onnx_reader import OnnxReader
from tests.platforms.discord_server import DiscordServer
from tests.platforms.slack_server import SlackServer

SECONDS = 120.0
"""After this long a test gives up."""

ANSWER = "BERT is a transformer encoder"


@dataclass(frozen=True)
class Ended:
    """A process that has ended: its exit code, and what it printed and told."""

    code: int | None
    printed: str
    told: str


@dataclass(frozen=True)
class Played:
    """What came of everything.

    Args:
        answers: what was posted on each platform.
        second: another bot on the same data.
        asking: a question in the terminal, while the bot ran.
        stopped: the bot itself, which was told to stop in the end.
    """

    answers: tuple[str, ...]
    second: Ended
    asking: Ended
    stopped: Ended


@pytest.fixture(scope="module")
def data(
    indexed: Path, shipped_data: Path, reader: OnnxReader, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The articles, an index that is already there, and the models."""
    reader.prepare()
    folder = tmp_path_factory.mktemp("run") / "own"
    shutil.copytree(indexed, folder)
    shutil.copytree(shipped_data / "models", folder / "data" / "models", dirs_exist_ok=True)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def played(data: Path) -> Played:
    """The whole play."""
    async with asyncio.timeout(SECONDS), DiscordServer() as discord, SlackServer() as slack:
        environment = _environment(data, discord, slack)
        async with _running(environment, "run") as bot:
            for server in (discord, slack):
                await server.connected()
                server.say(f"{server.bot.mention} What is BERT?")
            answers = [(await server.reading(ANSWER)).text for server in (discord, slack)]
            second, asking = await asyncio.gather(
                _ended(environment, "run"), _ended(environment, "ask", "What is BERT?")
            )
            bot.send_signal(signal.SIGTERM)
            return Played(tuple(answers), second, asking, await _end_of(bot))


def test_a_bot_answers_on_both_platforms(played: Played) -> None:
    there, here = played.answers
    assert ANSWER in there
    assert ANSWER in here


def test_it_stops_when_it_is_told_to(played: Played) -> None:
    assert played.stopped.code == 0


def test_a_second_bot_on_the_same_data_is_refused(played: Played) -> None:
    assert played.second.code == 2
    assert played.second.told.count("\n") == 1
    assert "Another `explainer run`" in played.second.told


def test_reading_beside_a_running_bot_works(played: Played) -> None:
    assert played.asking.code == 0
    assert ANSWER in played.asking.printed


async def test_a_refused_token_ends_in_one_line(data: Path) -> None:
    async with asyncio.timeout(SECONDS), DiscordServer() as discord, SlackServer() as slack:
        environment = _environment(data, discord, slack)
        wrong = environment | {"EXPLAINER_DISCORD_TOKEN": "not.the.token"}
        ended = await _ended(wrong, "run")
    assert ended.code == 2
    assert "EXPLAINER_DISCORD_TOKEN" in ended.told.splitlines()[-1]
    assert "not.the.token" not in ended.told
    assert "Traceback" not in ended.told


def _environment(data: Path, discord: DiscordServer, slack: SlackServer) -> dict[str, str]:
    """What a user sets."""
    kept = {name: value for name, value in os.environ.items() if "EXPLAINER" not in name}
    return kept | {
        "EXPLAINER_DATA_DIR": str(data / "data"),
        "EXPLAINER_SOURCES": str(data / "articles"),
        "EXPLAINER_DISCORD_TOKEN": discord.token,
        "EXPLAINER_DISCORD_API_BASE": discord.api_base,
        "EXPLAINER_DISCORD_GATEWAY_URL": discord.gateway_url,
        "EXPLAINER_SLACK_BOT_TOKEN": slack.bot_token,
        "EXPLAINER_SLACK_APP_TOKEN": slack.app_token,
        "EXPLAINER_SLACK_API_URL": slack.api_url,
    }


@asynccontextmanager
async def _running(environment: dict[str, str], *arguments: str) -> AsyncIterator[Process]:
    """A command while a block runs; the folder that it is started in must not matter."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "explainer",
        *arguments,
        env=environment,
        cwd=Path(environment["EXPLAINER_DATA_DIR"]).parent,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ended(environment: dict[str, str], *arguments: str) -> Ended:
    async with _running(environment, *arguments) as process:
        return await _end_of(process)


async def _end_of(process: Process) -> Ended:
    printed, told = await process.communicate()
    return Ended(process.returncode, printed.decode(), told.decode())
