"""The doctor's look at the platforms, and at the clock by theirs."""

from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.core.errors import ExplainerError
from bot.doctor.examining import Finding
from bot.doctor.platforms import clock, judged
from bot.serving import only_one
from bot.settings import Settings
from tests.bot.doctor.looking import finding, settings_of
from tests.platforms.discord_inspection import InspectedDiscord
from tests.platforms.slack_http import SECRET, HttpSlack
from tests.platforms.slack_server import SlackServer

DATA = Path("data")


@pytest.fixture(autouse=True)
def _endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put discord.py's process-wide endpoints back after each test."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        return f"http://127.0.0.1:{nobody.getsockname()[1]}"


async def looked(name: str, settings: Settings) -> Finding:
    return await asyncio.to_thread(finding, name, settings)


def of_slack(server: SlackServer) -> Settings:
    tokens = {"slack_bot_token": server.bot_token, "slack_app_token": server.app_token}
    return settings_of(DATA, **tokens, slack_api_url=server.api_url)


@pytest.mark.parametrize("name", ["discord", "slack"])
def test_a_platform_without_a_token_is_off(name: str) -> None:
    found = finding(name, settings_of(DATA))
    assert found.well
    assert found.detail.startswith("off; ")


def test_half_of_slacks_tokens_are_told_without_the_token() -> None:
    found = finding("slack", settings_of(DATA, slack_bot_token="xoxb-very-secret"))
    assert not found.well
    assert "EXPLAINER_SLACK_APP_TOKEN" in found.detail
    assert "very-secret" not in found.detail


async def test_slack_is_asked() -> None:
    async with SlackServer() as server:
        found = await looked("slack", of_slack(server))
        assert found.well
        assert found.detail.startswith("signed in as ")


async def test_discord_is_asked() -> None:
    async with InspectedDiscord() as server:
        base = server.api_base
        settings = settings_of(DATA, discord_token=server.token, discord_api_base=base)
        found = await looked("discord", settings)
        assert found.well
        assert found.detail.startswith("signed in as ")


async def test_slacks_port_is_the_running_bots_own(tmp_path: Path) -> None:
    async with HttpSlack() as slack:
        workspace = await slack.workspace("Acme")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            settings = settings_of(
                tmp_path,
                slack_mode="http",
                slack_bot_token=workspace.bot_token,
                slack_signing_secret=SECRET,
                slack_api_url=slack.api_url,
                slack_port=taken.getsockname()[1],
            )
            assert not (await looked("slack", settings)).well
            with only_one(tmp_path):
                assert (await looked("slack", settings)).well


def test_without_a_platform_no_clock_matters() -> None:
    assert finding("clock", settings_of(DATA)).well


async def test_a_clock_that_goes_as_slacks_is_well() -> None:
    async with SlackServer() as server:
        assert (await looked("clock", of_slack(server))).detail == "as Slack's"


async def test_a_clock_that_goes_wrong_is_told_with_what_to_do() -> None:
    async with SlackServer() as server:
        with pytest.raises(ExplainerError, match=r"120 s ahead of Slack's.*NTP"):
            await asyncio.to_thread(clock, of_slack(server), lambda: time.time() + 120)


async def test_another_clock_is_asked_where_the_first_does_not_answer(nowhere: str) -> None:
    async with InspectedDiscord() as server:
        settings = settings_of(
            DATA,
            slack_bot_token="xoxb-1",
            slack_api_url=nowhere,
            discord_token=server.token,
            discord_api_base=server.api_base,
        )
        assert (await looked("clock", settings)).detail == "as Discord's"


def test_that_nobody_tells_the_time_is_told(nowhere: str) -> None:
    settings = settings_of(DATA, discord_token="t", discord_api_base=nowhere)
    assert not finding("clock", settings).well


@pytest.mark.parametrize(
    ("ahead", "told"),
    [(0.4, "as theirs"), (-4.9, "as theirs"), (12.0, "12 s ahead"), (-30.0, "30 s behind")],
)
def test_small_differences_do_no_harm(ahead: float, told: str) -> None:
    assert told in judged("theirs", ahead)


@pytest.mark.parametrize(("ahead", "told"), [(61.0, "61 s ahead"), (-4000.0, "4000 s behind")])
def test_large_differences_are_wrong(ahead: float, told: str) -> None:
    with pytest.raises(ExplainerError, match=told):
        judged("theirs", ahead)
