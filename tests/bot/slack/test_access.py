"""Tokens: which setting is in the way, and never its value."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.core.errors import SettingsError
from bot.settings import Settings, load_settings
from bot.slack import SlackSurface
from tests.bot.slack.conftest import Listener, Serve
from tests.platforms.slack_server import SlackServer


async def refusal(settings: Settings) -> str:
    """Run a surface that can't start, and return what it says."""
    with pytest.raises(SettingsError) as raised:
        await SlackSurface(Listener(), settings).run()
    return str(raised.value)


@pytest.mark.parametrize("missing", ["slack_bot_token", "slack_app_token"])
async def test_a_missing_token_is_named(settings: Settings, missing: str) -> None:
    text = await refusal(settings.model_copy(update={missing: None}))
    assert text.startswith(f"EXPLAINER_{missing.upper()} is missing")


@pytest.mark.parametrize(
    ("setting", "token", "code"),
    [
        ("slack_bot_token", "xoxb-wrong", "invalid_auth"),
        ("slack_bot_token", "xapp-local-app-token", "not_allowed_token_type"),
        ("slack_app_token", "xapp-wrong", "invalid_auth"),
        ("slack_app_token", "xoxb-local-bot-token", "not_allowed_token_type"),
    ],
)
async def test_a_refused_token_is_named_and_not_shown(
    settings: Settings, caplog: pytest.LogCaptureFixture, setting: str, token: str, code: str
) -> None:
    text = await refusal(settings.model_copy(update={setting: SecretStr(token)}))
    assert f"EXPLAINER_{setting.upper()} ({code})" in text
    assert "\n" not in text
    assert token not in text + caplog.text


async def test_a_persons_token_is_refused(settings: Settings) -> None:
    token = "xoxp-local-token-of-ada"
    async with SlackServer(bot_token=token) as server:
        changes = {"slack_bot_token": SecretStr(token), "slack_api_url": server.api_url}
        text = await refusal(settings.model_copy(update=changes))
    assert "EXPLAINER_SLACK_BOT_TOKEN (not a bot's token)" in text


async def test_a_start_asks_slack_twice(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        said = server.say(f"{server.bot.mention} What is attention?")
        await server.acknowledged(said)
        await server.posted()
    methods = [call.method for call in server.calls]
    assert methods == ["auth.test", "apps.connections.open", "chat.postMessage"]


async def test_slack_is_waited_for(
    server: SlackServer, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("auth.test", "apps.connections.open"):
        for _ in range(4):
            server.fail(method, 503)
        server.drop(method)
    async with serve(Listener()):
        server.say(f"{server.bot.mention} What is attention?")
        assert await server.posted()
    assert "Slack can't be reached" in caplog.text


async def test_an_address_without_its_last_slash_is_understood(
    server: SlackServer, settings: Settings
) -> None:
    address = server.api_url.removesuffix("/")
    surface = SlackSurface(Listener(), settings.model_copy(update={"slack_api_url": address}))
    running = asyncio.create_task(surface.run())
    await server.connected()
    running.cancel()
    await asyncio.wait((running,))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "https"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("COMMAND_PREFIX", "AI-"),
        ("COMMAND_PREFIX", "/ai"),
        ("COMMAND_PREFIX", "ai "),
        ("COMMAND_PREFIX", "thirteen-char"),
    ],
)
def test_a_setting_that_is_not_valid_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"EXPLAINER_SLACK_{name}", value)
    with pytest.raises(SettingsError, match=f"^EXPLAINER_SLACK_{name} is not valid: .*[.]$"):
        load_settings()


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, False),
        ({"slack_bot_token": "xoxb-1"}, True),
        ({"slack_app_token": "xapp-1"}, True),
        ({"slack_mode": "http"}, True),
        ({"slack_bot_token": " ", "slack_app_token": ""}, False),
    ],
)
def test_slack_is_served_where_anything_says_so(settings: dict[str, Any], wanted: bool) -> None:
    assert Settings(_env_file=None, **settings).slack_wanted is wanted


def test_the_settings_show_no_secret() -> None:
    secrets = ("bot_token", "app_token", "signing_secret", "client_secret")
    given: dict[str, Any] = {f"slack_{name}": f"very-secret-{name}" for name in secrets}
    assert "very-secret" not in repr(Settings(_env_file=None, **given))
