"""Processes on one store, which are killed all the time: each question is answered once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from knowledge.embedding import Embedder
from knowledge.onnx_reader import OnnxReader
from tests.composed import ANSWER, few_articles
from tests.faults.processes.fleet import Fleet, Member, Mortality
from tests.knowledge.chroma_server import ChromaProcess
from tests.platforms.slack_http import SECRET, HttpSlack, Workspace
from tests.servers import PostgresServer

PATIENCE = 3000.0
PROCESSES, QUESTIONS = 4, 2000
BETWEEN_KILLS = 5.0
"""Seconds."""


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path / "chroma")
    yield process
    process.stop()


@pytest.fixture
def variables(
    tmp_path: Path,
    postgres: PostgresServer,
    chroma: ChromaProcess,
    shipped_data: Path,
    embedder: Embedder,
    reader: OnnxReader,
) -> dict[str, str]:
    """What is set for every process."""
    (tmp_path / "articles").mkdir()
    return {
        "PATH": os.environ["PATH"],
        "EXPLAINER_SOURCES": str(few_articles(tmp_path / "articles")),
        "EXPLAINER_MODELS_DIR": str(shipped_data / "models"),
        "EXPLAINER_DATABASE_URL": postgres.database(),
        "EXPLAINER_CHROMA_URL": chroma.url,
        "EXPLAINER_LIMIT_PERSON": "",
        "EXPLAINER_LIMIT_CHANNEL": "",
        "EXPLAINER_SLACK_MODE": "http",
        "EXPLAINER_SLACK_SIGNING_SECRET": SECRET,
    }


@pytest.mark.faults(full=1, few=1)
async def test_each_question_is_answered_once_whoever_dies(
    tmp_path: Path,
    variables: dict[str, str],
    seed: int,
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    random = Random(seed)  # noqa: S311 - who is killed
    full = bool(pytestconfig.getoption("--faults", None))
    processes, questions = (PROCESSES, QUESTIONS) if full else (2, 12)
    chance = 0.02 if full else 0.1
    async with asyncio.timeout(PATIENCE), HttpSlack() as slack:
        workspace = await slack.workspace("Acme")
        variables |= {
            "EXPLAINER_SLACK_API_URL": slack.api_url,
            "EXPLAINER_SLACK_BOT_TOKEN": workspace.bot_token,
        }
        members = [Member(tmp_path / str(number)) for number in range(processes)]
        async with Fleet(members, variables, Mortality(chance)) as fleet:
            await _all_serve(fleet, workspace)
            killing = asyncio.create_task(_kill(fleet, random, BETWEEN_KILLS if full else 2.0))
            asked = [await _ask(fleet, workspace, random, text) for text in range(questions)]
            await _until(lambda: all(_answers(workspace, ts) for ts in asked))
            killing.cancel()
            await _settled(fleet, workspace)
            found = [len(_answers(workspace, ts)) for ts in asked]
    record_property("deaths", fleet.deaths)
    record_property("questions", len(found))
    assert found == [1] * questions
    assert fleet.deaths


async def _all_serve(fleet: Fleet, workspace: Workspace) -> None:
    for number in range(len(fleet.members)):
        while not await fleet.deliver(workspace, number, {"type": "app_home_opened"}):  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def _kill(fleet: Fleet, random: Random, seconds: float) -> None:
    """Kill a process at once, and then again and again."""
    while True:
        fleet.kill(random.randrange(len(fleet.members)))
        await asyncio.sleep(seconds)


async def _ask(fleet: Fleet, workspace: Workspace, random: Random, number: int) -> str:
    """Deliver a question to random processes, one to three times, and till one takes it."""
    ts = f"{1_700_000_000 + number}.000100"
    event: dict[str, object] = {
        "type": "app_mention",
        "channel": workspace.general.id,
        "user": workspace.ada.id,
        "text": f"<@{workspace.bot.id}> What is BERT?",
        "ts": ts,
    }
    left, taken = random.randint(1, 3), False
    while left > 0 or not taken:
        chosen = random.randrange(len(fleet.members))
        if await fleet.deliver(workspace, chosen, event):
            taken, left = True, left - 1
        else:
            await asyncio.sleep(0.1)
    return ts


async def _settled(fleet: Fleet, workspace: Workspace) -> None:
    """What is said after all others were answered comes when nothing is left to be done."""
    last = await _ask(fleet, workspace, Random(0), 1_000_000)  # noqa: S311
    await _until(lambda: bool(_answers(workspace, last)))


async def _until(predicate: Callable[[], bool]) -> None:
    while not predicate():  # noqa: ASYNC110 - over a lease and a start, longer than servers wait
        await asyncio.sleep(0.2)


def _answers(workspace: Workspace, ts: str) -> list[str]:
    """The ids of the finished answers to a question."""
    return [
        post.id
        for post in workspace.posts
        if post.thread == ts and not post.streaming and ANSWER in post.text
    ]
