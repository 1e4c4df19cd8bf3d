"""A few of the shipped articles, indexed once for real, and both platforms over them."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import App, build
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge.embedding import Embedder
from tests.contract.chat import Chat
from tests.contract.on_discord import OnDiscord
from tests.contract.on_slack import OnSlack
from tests.contract.on_slack_http import OnSlackOverHttp
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

EVERYWHERE = pytest.mark.parametrize(
    "platform",
    [OnDiscord, OnSlack, OnSlackOverHttp],
    ids=["discord", "slack", "slack-over-http"],
    indirect=True,
)
"""For what must hold over each way on which words come in."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all of these tests, so that a bot can run through many of them."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


class Standing:
    """Bots that run until the last of these tests has ended, started when they are wanted first.

    Args:
        app: the core.
        folder: where their journals lie.
    """

    def __init__(self, app: App, folder: Path) -> None:
        self._app, self._folder = app, folder
        self._chats: dict[type[Chat], Chat] = {}
        self._stack = AsyncExitStack()

    async def on(self, platform: type[Chat]) -> Chat:
        """The bot on a platform, in a channel in which nobody has said anything yet."""
        if platform not in self._chats:
            chat = await self._stack.enter_async_context(platform())
            folder = self._folder / platform.__name__
            folder.mkdir()
            await self._stack.enter_async_context(chat.served_by(self._app, folder))
            self._chats[platform] = chat
        self._chats[platform].begin()
        return self._chats[platform]

    async def close(self) -> None:
        """Stop them."""
        await self._stack.aclose()


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


@pytest.fixture(scope="package")
def app(indexed: Path, embedder: Embedder) -> Iterator[App]:
    """The core over the indexed articles; it is only read from."""
    with build(settings_for(indexed), embedder=embedder) as wired:
        yield wired


@pytest.fixture
def copied(indexed: Path, tmp_path: Path) -> Path:
    """A copy of the indexed folder, which a test may change."""
    return Path(shutil.copytree(indexed, tmp_path / "copied"))


@pytest.fixture(params=[OnDiscord, OnSlack], ids=["discord", "slack"])
def platform(request: pytest.FixtureRequest) -> type[Chat]:
    """Each platform in turn."""
    found: type[Chat] = request.param
    return found


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def standing(app: App, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Standing]:
    """Bots that serve many tests."""
    bots = Standing(app, tmp_path_factory.mktemp("standing"))
    yield bots
    await bots.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chat(platform: type[Chat], standing: Standing) -> Chat:
    """The bot at work on a platform, in a channel of the test's own."""
    return await standing.on(platform)


@pytest_asyncio.fixture(loop_scope="session")
async def discord(standing: Standing) -> OnDiscord:
    """What only Discord has."""
    chat = await standing.on(OnDiscord)
    assert isinstance(chat, OnDiscord)
    return chat


@pytest_asyncio.fixture(loop_scope="session")
async def slack(standing: Standing) -> OnSlack:
    """What only Slack has."""
    chat = await standing.on(OnSlack)
    assert isinstance(chat, OnSlack)
    return chat


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings for the articles and the data below a folder, with nothing to limit anybody."""
    given: dict[str, Any] = {
        "_env_file": None,
        "data_dir": folder / "data",
        "sources": (str(folder / "articles"),),
        "model": "none",
        "limit_person": "",
        "limit_channel": "",
    }
    return Settings(**(given | changes))
