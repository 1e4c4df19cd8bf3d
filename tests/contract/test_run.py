"""The whole bot as people start it: ``explainer run``, both platforms, one process."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from knowledge.onnx_reader import OnnxReader
from tests.platforms.discord_server import DiscordServer
from tests.platforms.slack_server import SlackServer

SECONDS = 60.0
"""After this long a test gives up."""


@pytest.fixture
def environment(
    copied: Path,
    shipped_data: Path,
    reader: OnnxReader,
    discord: DiscordServer,
    slack: SlackServer,
) -> dict[str, str]:
    """What a user sets, and an index that is already there."""
    reader.prepare()
    shutil.copytree(shipped_data / "models", copied / "data" / "models", dirs_exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if "EXPLAINER" not in name}
    return kept | {
        "EXPLAINER_DATA_DIR": str(copied / "data"),
        "EXPLAINER_SOURCES": str(copied / "articles"),
        "EXPLAINER_DISCORD_TOKEN": discord.token,
        "EXPLAINER_DISCORD_API_BASE": discord.api_base,
        "EXPLAINER_DISCORD_GATEWAY_URL": discord.gateway_url,
        "EXPLAINER_SLACK_BOT_TOKEN": slack.bot_token,
        "EXPLAINER_SLACK_APP_TOKEN": slack.app_token,
        "EXPLAINER_SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _from_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that a command is started in must not matter."""
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def running(environment: dict[str, str]) -> AsyncIterator[Process]:
    process = await started(environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def started(environment: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "explainer", "run", env=environment, stdout=PIPE, stderr=PIPE
    )


async def test_a_bot_answers_on_both_platforms_until_it_is_told_to_stop(
    environment: dict[str, str], discord: DiscordServer, slack: SlackServer
) -> None:
    async with asyncio.timeout(SECONDS), running(environment) as bot:
        await discord.connected()
        await slack.connected()
        discord.say(f"{discord.bot.mention} What is BERT?")
        slack.say(f"{slack.bot.mention} What is BERT?")
        for server in (discord, slack):
            await server.reading("BERT is a transformer encoder")
        bot.send_signal(signal.SIGTERM)
        await bot.communicate()
        assert bot.returncode == 0


async def test_a_second_bot_on_the_same_data_is_refused(
    environment: dict[str, str], discord: DiscordServer
) -> None:
    async with asyncio.timeout(SECONDS), running(environment):
        await discord.connected()
        second = await started(environment)
        _, told = await second.communicate()
        assert second.returncode == 2
        assert told.decode().count("\n") == 1
        assert b"Another `explainer run`" in told


async def test_reading_beside_a_running_bot_works(
    environment: dict[str, str], discord: DiscordServer
) -> None:
    async with asyncio.timeout(SECONDS), running(environment):
        await discord.connected()
        asking = await asyncio.create_subprocess_exec(
            Path(sys.executable).parent / "explainer",
            *("ask", "What is BERT?"),
            env=environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        answer, _ = await asking.communicate()
        assert asking.returncode == 0
        assert b"BERT is a transformer encoder" in answer


async def test_a_refused_token_ends_in_one_line(environment: dict[str, str]) -> None:
    wrong = environment | {"EXPLAINER_DISCORD_TOKEN": "not.the.token"}
    async with asyncio.timeout(SECONDS), running(wrong) as bot:
        _, told = await bot.communicate()
        assert bot.returncode == 2
        last = told.decode().splitlines()[-1]
        assert "EXPLAINER_DISCORD_TOKEN" in last
        assert "not.the.token" not in told.decode()
        assert "Traceback" not in told.decode()
