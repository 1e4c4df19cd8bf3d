"""A bot that cannot answer is not ready."""

from __future__ import annotations

from pathlib import Path

from bot.app import App
from bot.core.journal import Journal
from bot.observing.checks import checks_of
from bot.observing.readiness import Readiness
from tests.bot.core.making import bot_over

KITE = {"kite.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n"}


def readiness(app: App, journal: Journal) -> Readiness:
    return Readiness(checks_of(app.knowledge, journal, app.dialogue(journal)))


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
        checks = Readiness(checks_of(app.knowledge, journal, dialogue))
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
