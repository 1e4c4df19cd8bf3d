"""What the language model may be used for; what is over is answered without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build
from bot.core.conversation import Utterance
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.observer import Nobody
from bot.core.talk.dialogue import Dialogue
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.errors import StorageError
from tests.bot.core.talking import last, once
from tests.platforms.openai_server import OpenAIServer, Text

MODEL = "openai:tiny"
TRUE = (
    "Self-attention computes a new representation for each token as a weighted average of value "
    "vectors."
)


class Watching(Nobody):
    """Remembers what was spent."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int]] = []

    def spent(self, model: str, read: int, written: int) -> None:
        """Remember it."""
        self.seen.append((model, read, written))


@pytest.fixture
def watching() -> Watching:
    return Watching()


@pytest.fixture
async def server() -> Any:
    async with OpenAIServer(Text(lambda _: f"{TRUE} [1]")) as opened:
        yield opened


@pytest.fixture
def wired(
    server: OpenAIServer, shipped: Path, embedder: Embedder, watching: Watching
) -> Iterator[App]:
    settings = Settings(
        _env_file=None,
        data_dir=shipped,
        model=MODEL,
        model_base_url=server.base_url,
        tokens_person="200/day",
    )
    with build(settings, embedder=embedder) as app:
        yield App(**{**vars(app), "observer": watching})


@pytest.fixture
def talk(wired: App, journal: Journal) -> Dialogue:
    return wired.dialogue(journal)


def _ask(**changes: object) -> Utterance:
    return once("What is self-attention?", **changes)


async def test_over_the_budget_the_articles_answer_and_it_is_said(
    talk: Dialogue, server: OpenAIServer
) -> None:
    first, second = [await last(await talk.hear(_ask())) for _ in range(2)]
    assert wording.OVER_BUDGET not in first
    assert wording.OVER_BUDGET in second
    assert len(server.requests) == 1


async def test_each_person_has_a_budget(talk: Dialogue, server: OpenAIServer) -> None:
    await last(await talk.hear(_ask()))
    other = await last(await talk.hear(_ask(asker="slack:T1:U2")))
    assert wording.OVER_BUDGET not in other
    assert len(server.requests) == 2


async def test_what_is_spent_is_told(talk: Dialogue, watching: Watching) -> None:
    await last(await talk.hear(_ask()))
    [(model, read, written)] = watching.seen
    assert model == MODEL
    assert read > written > 0


async def test_while_nobody_can_count_the_articles_answer(
    talk: Dialogue, journal: Journal, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise StorageError("The database does not answer.")

    monkeypatch.setattr(journal, "counted", unreachable)
    assert wording.OVER_BUDGET in await last(await talk.hear(_ask()))
    assert server.requests == []
