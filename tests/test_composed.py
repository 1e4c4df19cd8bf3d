"""Each process of ours that Docker would start runs with the arguments and variables it would have.

Only hosts, ports, folders and secrets are local ones, and nothing else is around a process: what a
bot needs stands in the image, in the compose file or in ``.env``.
"""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import DEVNULL
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
import pytest_asyncio

from knowledge.embedding import Embedder
from knowledge.onnx_reader import OnnxReader
from tests.composed import (
    ANSWER,
    BIN,
    ROOT,
    SECONDS,
    SERVICES,
    arguments,
    container,
    environment,
    few_articles,
    health_check,
    last_stage,
    local,
    tokens,
)
from tests.knowledge.chroma_server import free_port
from tests.platforms.discord_server import DiscordServer
from tests.platforms.slack_server import SlackServer


@dataclass(frozen=True)
class Played:
    """What came of everything.

    Args:
        answers: what was posted on each platform.
        healthy: how the health check ended while the bot ran, and after.
        code: what the bot ended with when it was told to stop.
        said: what it wrote meanwhile.
        data: its data directory.
    """

    answers: tuple[str, ...]
    healthy: tuple[int, int]
    code: int
    said: str
    data: Path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def small(
    shipped_data: Path,
    embedder: Embedder,
    reader: OnnxReader,
    tmp_path_factory: pytest.TempPathFactory,
) -> Played:
    """The small size, from its first start on an empty volume until it is stopped."""
    data = tmp_path_factory.mktemp("volume")
    articles = few_articles(tmp_path_factory.mktemp("articles"))
    async with asyncio.timeout(SECONDS), DiscordServer() as discord, SlackServer() as slack:
        given = {
            "EXPLAINER_DATA_DIR": "data",
            "EXPLAINER_SOURCES": str(articles),
            **tokens(discord),
            "EXPLAINER_SLACK_BOT_TOKEN": slack.bot_token,
            "EXPLAINER_SLACK_APP_TOKEN": slack.app_token,
            "EXPLAINER_SLACK_API_URL": slack.api_url,
        }
        variables = environment("bot", given, local(data, shipped_data / "models"))
        async with container(arguments("bot"), variables, data) as bot:
            for server in (discord, slack):
                await server.connected()
                server.say(f"{server.bot.mention} What is BERT?")
            answers = [(await server.reading(ANSWER)).text for server in (discord, slack)]
            running = await _health(variables)
            bot.send_signal(signal.SIGTERM)
            code = await bot.wait()
        said = (data / "said.log").read_text(encoding="utf-8")
    return Played(tuple(answers), (running, await _health(variables)), code, said, data)


def test_the_small_size_answers_on_both_platforms(small: Played) -> None:
    assert all(ANSWER in answer for answer in small.answers)


def test_its_health_check_tells_a_bot_that_runs_from_one_that_does_not(small: Played) -> None:
    assert small.healthy == (0, 1)


def test_it_stops_when_docker_tells_it_to(small: Played) -> None:
    assert small.code == 0


def test_it_logs_json_lines(small: Played) -> None:
    lines = [line for line in small.said.splitlines() if line.startswith("{")]
    assert lines
    assert all(orjson.loads(line) for line in lines)


def test_it_exports_no_model_and_keeps_its_data_in_the_volume(small: Played) -> None:
    assert not (small.data / "models").exists()
    assert (small.data / "library.sqlite").exists()


async def test_chroma_runs_with_its_arguments_and_its_health_check_tells_so(tmp_path: Path) -> None:
    data, port = tmp_path / "data", str(free_port())
    here = {"0.0.0.0": "127.0.0.1", "8000": port, "/data": str(data)}  # noqa: S104 - replaced
    asked = [here.get(word, word) for word in SERVICES["chroma"]["command"]]
    health = [word.replace("/8000", f"/{port}") for word in health_check("chroma")]
    assert await _ended(health) != 0
    async with asyncio.timeout(SECONDS), container(["chroma", *asked], {"PATH": BIN}, tmp_path):
        while await _ended(health):
            pass
    assert (data / "chroma.sqlite3").exists()


async def _health(variables: Mapping[str, str]) -> int:
    """What the health check of the image ends with."""
    program, options, file = orjson.loads(last_stage()["HEALTHCHECK"].partition(" CMD ")[2])
    return await _ended([program, options, str(ROOT / "deploy" / Path(file).name)], variables)


async def _ended(command: list[str], variables: Mapping[str, str] | None = None) -> int:
    process = await asyncio.create_subprocess_exec(*command, env=variables, stderr=DEVNULL)
    return await process.wait()
