"""What the doctor is told of Slack's settings."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.core.errors import ExplainerError, SettingsError
from bot.settings import Settings
from bot.slack import check
from bot.slack.manifest import scopes
from tests.platforms.slack_http import CLIENT_ID, CLIENT_SECRET, SECRET, HttpSlack, Workspace


@pytest.fixture
async def slack() -> AsyncIterator[HttpSlack]:
    async with HttpSlack() as slack:
        yield slack


@pytest.fixture
async def workspace(slack: HttpSlack) -> Workspace:
    return await slack.workspace("Acme")


@pytest.fixture
def port() -> Iterator[int]:
    """A port that is taken while the test runs."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.fixture
def http(slack: HttpSlack, workspace: Workspace) -> Settings:
    """Complete settings of HTTP mode, on any port that is free."""
    complete = Settings(
        _env_file=None,
        slack_mode="http",
        slack_bot_token=SecretStr(workspace.bot_token),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=slack.api_url,
    )
    return complete.model_copy(update={"slack_port": 0})


async def told(settings: Settings, **changes: Any) -> str:
    return await asyncio.to_thread(check, settings.model_copy(update=changes))


async def refusal(settings: Settings, **changes: Any) -> str:
    with pytest.raises(SettingsError) as raised:
        await told(settings, **changes)
    return str(raised.value)


async def test_in_socket_mode_the_doctor_is_told_as_whom_the_bot_speaks(
    settings: Settings,
) -> None:
    said = await told(settings)
    assert said.startswith("signed in as ")
    assert said.endswith("over Socket Mode")


@pytest.mark.parametrize("setting", ["slack_bot_token", "slack_app_token"])
async def test_the_doctor_is_told_of_a_refused_token(settings: Settings, setting: str) -> None:
    said = await refusal(settings, **{setting: SecretStr("xoxb-wrong")})
    assert f"EXPLAINER_{setting.upper()}" in said
    assert "wrong" not in said


async def test_in_http_mode_the_doctor_is_told_where_the_bot_listens(http: Settings) -> None:
    said = await told(http)
    assert said.startswith("signed in as ")
    assert "127.0.0.1" in said


async def test_a_scope_that_was_not_granted_is_named(slack: HttpSlack, http: Settings) -> None:
    slack.granted = [scope for scope in scopes() if scope not in ("files:write", "im:history")]
    said = await refusal(http)
    assert "files:write, im:history" in said
    assert "manifest" in said


async def test_more_scopes_than_are_needed_do_no_harm(slack: HttpSlack, http: Settings) -> None:
    slack.granted = [*scopes(), "admin"]
    assert await told(http)


async def test_a_token_that_is_no_bots_is_refused(slack: HttpSlack, http: Settings) -> None:
    person = await slack.workspace("Beta", bot_token="xoxp-of-ada")
    said = await refusal(http, slack_bot_token=SecretStr(person.bot_token))
    assert "EXPLAINER_SLACK_BOT_TOKEN (not a bot's token)" in said


async def test_a_port_that_is_taken_is_told(http: Settings, port: int) -> None:
    said = await refusal(http, slack_port=port)
    assert f"127.0.0.1:{port} cannot be listened on" in said
    assert "EXPLAINER_SLACK_PORT" in said


async def test_a_port_that_the_running_bot_has_is_well(http: Settings, port: int) -> None:
    taken = http.model_copy(update={"slack_port": port})
    assert f"listening on 127.0.0.1:{port}" in await asyncio.to_thread(check, taken, running=True)


async def test_an_address_that_is_another_machines_is_told(http: Settings) -> None:
    assert "EXPLAINER_SLACK_HOST" in await refusal(http, slack_host="203.0.113.7")


@pytest.mark.parametrize("missing", ["slack_signing_secret", "slack_bot_token"])
async def test_what_http_mode_needs_is_named(http: Settings, missing: str) -> None:
    said = await refusal(http, **{missing: None})
    assert said.startswith(f"EXPLAINER_{missing.upper()} is missing: ")


@pytest.mark.parametrize("missing", ["slack_client_id", "slack_client_secret"])
async def test_half_of_what_oauth_needs_is_told(http: Settings, missing: str) -> None:
    pair = {"slack_client_id": CLIENT_ID, "slack_client_secret": SecretStr(CLIENT_SECRET)}
    empty = {"slack_client_id": "", "slack_client_secret": None}
    said = await refusal(http, **pair | {missing: empty[missing]})
    assert said.startswith(f"EXPLAINER_{missing.upper()} is missing: ")
    assert CLIENT_SECRET not in said


async def test_for_several_workspaces_no_token_is_needed(http: Settings) -> None:
    pair = {"slack_client_id": CLIENT_ID, "slack_client_secret": SecretStr(CLIENT_SECRET)}
    assert "for the workspaces that install it" in await told(http, slack_bot_token=None, **pair)


async def test_a_slack_that_cannot_be_reached_is_told(http: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(ExplainerError, match="Slack cannot be reached"):
        await told(http, slack_api_url=f"http://127.0.0.1:{port}/api/")
