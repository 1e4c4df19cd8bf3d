"""A journal, and a dialogue over the shipped articles that writes into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.journal import Journal
from bot.core.talk.dialogue import Dialogue


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal")
    yield opened
    opened.close()


@pytest.fixture
def dialogue(app: App, journal: Journal) -> Dialogue:
    return app.dialogue(journal)
