"""Looks for what is wrong with Slack's settings, for the doctor."""

from __future__ import annotations

import asyncio

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import ExplainerError, SettingsError
from bot.settings import Settings
from bot.slack.access import (
    APP_TOKEN,
    BOT_TOKEN,
    asked,
    bot_token,
    credentials,
    read_tokens,
    refused,
    signing_secret,
    web_client,
)
from bot.slack.http_mode import bind
from bot.slack.manifest import scopes
from bot.slack.problems import PLATFORM_ERRORS, reason


def address(settings: Settings) -> str:
    """Where Slack can be asked for nothing at all, such as the time of its answer."""
    return f"{(settings.slack_api_url or AsyncWebClient.BASE_URL).rstrip('/')}/api.test"


def check(settings: Settings, *, running: bool = False) -> str:
    """Sign in and take the port, but serve nobody.

    Slack tells the scopes of a token, but neither which events the app hears nor its commands.

    Args:
        settings: the settings.
        running: whether a bot serves with them, which has the port then.

    Returns:
        As whom the bot would speak, and where it would listen.

    Raises:
        SettingsError: a token or secret is missing, refused or allowed too little, or the port
            can't be had; says what to do.
        ExplainerError: Slack cannot be reached.
    """
    http = settings.slack_mode == "http"
    return asyncio.run(_check_http(settings, running) if http else _check(settings))


async def _check_http(settings: Settings, running: bool) -> str:
    signing_secret(settings)
    several = credentials(settings)
    speaking = "for the workspaces that install it" if several else await _signed_in(settings)
    if not running:
        bind(settings).close()
    return f"{speaking}, listening on {settings.slack_host}:{settings.slack_port}"


async def _check(settings: Settings) -> str:
    tokens = read_tokens(settings)
    speaking = await _signed_in(settings)
    client = web_client(settings)
    try:
        await asked(lambda: client.apps_connections_open(app_token=tokens.app), APP_TOKEN)
    except PLATFORM_ERRORS as error:
        raise _unreachable(error) from None
    return f"{speaking}, over Socket Mode"


async def _signed_in(settings: Settings) -> str:
    client = web_client(settings, bot_token(settings))
    try:
        who = await asked(client.auth_test, BOT_TOKEN)
    except PLATFORM_ERRORS as error:
        raise _unreachable(error) from None
    if not who.get("bot_id"):
        raise refused(BOT_TOKEN, "not a bot's token")
    if lacking := _lacking_scopes(who):
        raise SettingsError(
            f"{BOT_TOKEN} lacks the scopes {', '.join(lacking)}: give the app the manifest of "
            "this version (`explainer manifest`), and install it again."
        )
    return f"signed in as {who['user']} in {who['team']}"


def _lacking_scopes(who: AsyncSlackResponse) -> list[str]:
    granted = who.headers.get("x-oauth-scopes")
    if granted is None:  # a proxy may take it out
        return []
    return sorted(set(scopes()) - {scope.strip() for scope in granted.split(",")})


def _unreachable(error: Exception) -> ExplainerError:
    return ExplainerError(f"Slack cannot be reached: {reason(error)}.")
