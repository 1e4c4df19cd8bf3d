"""The one place where everything is wired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build, surfaces
from bot.core.answers.answer import Question, Status
from bot.core.errors import SettingsError
from bot.core.journal import Journal
from bot.core.talk.dialogue import Dialogue
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.errors import StorageError
from tests.fakes import HashingEmbedder


def settings(folder: Path, **changes: Any) -> Settings:
    return Settings(_env_file=None, **({"data_dir": folder} | changes))


@pytest.fixture
def dialogue(app: App, tmp_path: Path) -> Iterator[Dialogue]:
    journal = Journal.open(tmp_path)
    yield app.dialogue(journal)
    journal.close()


def test_without_any_token_there_is_no_surface(dialogue: Dialogue, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        surfaces(settings(tmp_path), dialogue)
    said = str(caught.value)
    assert "EXPLAINER_DISCORD_TOKEN" in said
    assert "EXPLAINER_SLACK_BOT_TOKEN" in said
    assert "EXPLAINER_SLACK_APP_TOKEN" in said
    assert "\n" not in said


@pytest.mark.parametrize("token", ["slack_bot_token", "slack_app_token"])
async def test_half_of_slacks_tokens_are_refused_before_anything_is_sent(
    dialogue: Dialogue, tmp_path: Path, token: str
) -> None:
    async def started() -> None:
        for surface in surfaces(settings(tmp_path, **{token: "xoxb-very-secret"}), dialogue):
            await surface.run()

    with pytest.raises(SettingsError, match="EXPLAINER_SLACK") as caught:
        await started()
    assert "very-secret" not in str(caught.value)


def test_a_surface_is_made_for_each_platform_that_has_its_tokens(
    dialogue: Dialogue, tmp_path: Path
) -> None:
    slack = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    discord = {"discord_token": "1.2.3"}
    for tokens, names in (
        (discord, ["discord"]),
        (slack, ["slack"]),
        (discord | slack, ["discord", "slack"]),
    ):
        found = surfaces(settings(tmp_path, **tokens), dialogue)
        assert [surface.name for surface in found] == names


def test_a_model_that_cannot_be_used_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EXPLAINER_MODEL=nobody:x is not valid"):
        build(settings(tmp_path, model="nobody:x"), embedder=HashingEmbedder())


def test_a_folder_that_cannot_be_made_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="EXPLAINER_DATA_DIR"):
        build(settings(tmp_path / "file" / "data"), embedder=HashingEmbedder())


def test_the_embedder_can_be_swapped(tmp_path: Path) -> None:
    embedder = HashingEmbedder("mine@1")
    with build(settings(tmp_path), embedder=embedder) as app:
        assert app.knowledge.embedder is embedder


async def test_two_apps_read_one_edition_side_by_side(
    app: App, shipped: Path, embedder: Embedder
) -> None:
    question = Question("What is LoRA?")
    with build(settings(shipped), embedder=embedder) as other:
        texts = {(await wired.explainer.answer(question)).text for wired in (app, other)}
    assert len(texts) == 1
    assert (await app.explainer.answer(question)).status is Status.ANSWERED
