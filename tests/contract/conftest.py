"""A few of the shipped articles, indexed once for real, and both platforms over them."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import App, build
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge.embedding import Embedder
from tests.contract.surfaces import Chat, OnDiscord, OnSlack
from tests.platforms import discord_server, slack_server

ARTICLES = (
    "bert",
    "mixtral-8x7b",
    "multi-head-attention",
    "recurrent-neural-network",
    "rlhf",
    "self-attention",
    "transformer",
)
PATIENCE = 30.0
"""Seconds after which a wait for the real core is given up."""

Wire = Callable[..., App]


@pytest.fixture(scope="session", autouse=True)
def _surroundings() -> Iterator[None]:
    """Nothing comes from the environment, and process-wide endpoints are put back."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("EXPLAINER_") or name.lower() in ("http_proxy", "https_proxy"):
                patch.delenv(name)
        for server in (discord_server, slack_server):
            patch.setattr(server, "PATIENCE", PATIENCE)
        patch.setattr(Route, "BASE", Route.BASE)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        yield


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A folder with ``articles`` and with ``data``, in which they are indexed."""
    folder = tmp_path_factory.mktemp("indexed")
    (folder / "articles").mkdir()
    for name in ARTICLES:
        shutil.copy(Path(SHIPPED_ARTICLES) / f"{name}.md", folder / "articles")
    with build(settings_for(folder), embedder=embedder) as app:
        app.reindexer.run()
    return folder


@pytest.fixture(scope="session")
def app(indexed: Path, embedder: Embedder) -> Iterator[App]:
    """The core over the indexed articles; it is only read from."""
    with build(settings_for(indexed), embedder=embedder) as wired:
        yield wired


@pytest.fixture
def copied(indexed: Path, tmp_path: Path) -> Path:
    """A copy of the indexed folder, which a test may change."""
    return Path(shutil.copytree(indexed, tmp_path / "copied"))


@pytest.fixture(scope="session", params=[OnDiscord, OnSlack], ids=["discord", "slack"])
def platform(request: pytest.FixtureRequest) -> type[Chat]:
    """Each platform in turn."""
    found: type[Chat] = request.param
    return found


@pytest.fixture
async def chat(platform: type[Chat], app: App, tmp_path: Path) -> AsyncIterator[Chat]:
    """The bot at work on a platform, with a journal of its own."""
    async with platform() as open_chat, open_chat.served_by(app, tmp_path):
        yield open_chat


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings for the articles and the data below a folder."""
    given: dict[str, Any] = {
        "_env_file": None,
        "data_dir": folder / "data",
        "sources": (str(folder / "articles"),),
        "model": "none",
    }
    return Settings(**(given | changes))
