"""A bot that cannot answer is not ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.journal import Journal
from bot.observing.checks import NOT_CONNECTED, checks_of
from bot.observing.readiness import Readiness
from knowledge.base import KnowledgeBase, Servers
from knowledge.reindexing import Parts, Reindexer
from tests.bot.core.making import bot_over
from tests.bot.test_serving import Open
from tests.knowledge.chroma_server import ChromaProcess

KITE = {"kite.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n"}


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path / "chroma")
    yield process
    process.stop()


def readiness(app: App, journal: Journal) -> Readiness:
    return Readiness(checks_of(app.knowledge, journal, app.dialogue(journal), ()))


async def test_a_bot_over_nothing_says_what_is_missing(tmp_path: Path) -> None:
    with bot_over(tmp_path, KITE) as app:
        journal = Journal.open(tmp_path / "data")
        problems = await readiness(app, journal).problems()
        journal.close()
    assert [problem.partition(":")[0] for problem in problems] == ["knowledge", "topics"]


async def test_a_bot_that_has_loaded_its_topics_is_ready(tmp_path: Path) -> None:
    with bot_over(tmp_path, KITE) as app:
        app.reindexer.run()
        journal = Journal.open(tmp_path / "data")
        dialogue = app.dialogue(journal)
        await dialogue.prepare()
        checks = Readiness(checks_of(app.knowledge, journal, dialogue, ()))
        assert await checks.problems() == []
        journal.close()


async def test_a_journal_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with bot_over(tmp_path, KITE) as app:
        app.reindexer.run()
        journal = Journal.open(tmp_path / "data")
        checks = readiness(app, journal)
        journal.close()
        for file in (tmp_path / "data").glob("journal*"):
            file.write_bytes(b"no database at all" * 100)
        problems = await checks.problems()
    assert any(problem.startswith("journal: ") for problem in problems)


@pytest.mark.parametrize("connected", [True, False])
async def test_a_surface_that_is_not_connected_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connected: bool
) -> None:
    monkeypatch.setattr(Open, "connected", connected)
    with bot_over(tmp_path, KITE) as app:
        journal = Journal.open(tmp_path / "data")
        checks = checks_of(app.knowledge, journal, app.dialogue(journal), (Open("slack"),))
        problems = await Readiness(checks).problems()
        journal.close()
    told = [problem for problem in problems if problem.startswith("slack: ")]
    assert told == ([] if connected else [f"slack: {NOT_CONNECTED}"])


async def test_a_chroma_server_that_is_gone_is_told(tmp_path: Path, chroma: ChromaProcess) -> None:
    with bot_over(tmp_path, KITE) as app:
        servers = Servers(chroma.url)
        knowledge = KnowledgeBase(tmp_path / "data", app.knowledge.embedder, servers=servers)
        parts = Parts(
            tmp_path / "data",
            knowledge.library,
            knowledge.editions,
            app.knowledge.embedder,
            app.tools,
        )
        Reindexer(parts, app.reindexer.declared).run()
        journal = Journal.open(tmp_path / "data")
        checks = Readiness(checks_of(knowledge, journal, app.dialogue(journal), ()), patience=20)
        before = await checks.problems()
        chroma.stop()
        after = await checks.problems()
        journal.close()
        knowledge.close()
    names = [[problem.partition(":")[0] for problem in found] for found in (before, after)]
    assert names == [["topics"], ["knowledge", "topics"]]
