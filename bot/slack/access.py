"""Gets the bot into its workspace, or says which setting is in the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import ExplainerError, SettingsError
from bot.settings import Settings
from bot.slack.problems import PLATFORM_ERRORS, error_code, reason

RETRY_SECONDS = 5.0

_BOT_SETTING = "EXPLAINER_SLACK_BOT_TOKEN"
_APP_SETTING = "EXPLAINER_SLACK_APP_TOKEN"
_ADVICE = {
    _BOT_SETTING: "copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions",
    _APP_SETTING: "create an app-level token (xapp-…) with the scope connections:write "
    "on the app's page Basic Information",
}
_PASSING = {
    "fatal_error",
    "internal_error",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tokens:
    """The pair of tokens that Socket Mode needs."""

    bot: str
    app: str


@dataclass(frozen=True)
class Bot:
    """Who the bot is: its workspace, its user id and its bot id."""

    team: str
    user: str
    id: str


def read_tokens(settings: Settings) -> Tokens:
    """Take both tokens from the settings.

    Raises:
        SettingsError: one is missing; names the variable.
    """
    if settings.slack_bot_token is None:
        raise SettingsError(f"{_BOT_SETTING} is missing: {_ADVICE[_BOT_SETTING]}.")
    if settings.slack_app_token is None:
        raise SettingsError(f"{_APP_SETTING} is missing: {_ADVICE[_APP_SETTING]}.")
    return Tokens(
        settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    )


async def sign_in(client: AsyncWebClient) -> Bot:
    """Learn who the bot is, waiting for as long as Slack can't be reached.

    Args:
        client: carries the bot's token.

    Raises:
        SettingsError: Slack refuses the token, or it isn't a bot's.
    """
    answer = await _insist(client.auth_test, _BOT_SETTING)
    if not answer.get("bot_id"):
        raise _refused(_BOT_SETTING, "not a bot's token")
    return Bot(team=answer["team_id"], user=answer["user_id"], id=answer["bot_id"])


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Ask where the socket is to be opened, waiting for as long as Slack can't be reached.

    Raises:
        SettingsError: Slack refuses the token.
    """

    def call() -> Awaitable[AsyncSlackResponse]:
        return client.apps_connections_open(app_token=app_token)

    answer = await _insist(call, _APP_SETTING)
    return str(answer["url"])


def check(settings: Settings) -> str:
    """Sign in without opening the socket, for the doctor.

    Returns:
        As whom the bot would speak.

    Raises:
        SettingsError: a token is missing or refused; says what to do.
        ExplainerError: Slack cannot be reached.
    """
    return asyncio.run(_check(settings))


async def _check(settings: Settings) -> str:
    tokens = read_tokens(settings)
    client = web_client(settings, tokens.bot)
    try:
        who = await _asked(client.auth_test, _BOT_SETTING)
        await _asked(lambda: client.apps_connections_open(app_token=tokens.app), _APP_SETTING)
    except PLATFORM_ERRORS as error:
        raise ExplainerError(f"Slack cannot be reached: {reason(error)}.") from None
    return f"signed in as {who['user']} in {who['team']}"


def web_client(settings: Settings, token: str | None = None) -> AsyncWebClient:
    """A client of Slack's Web API at the address that the settings give."""
    base_url = settings.slack_api_url or AsyncWebClient.BASE_URL
    return AsyncWebClient(token, base_url, retry_handlers=retry_handlers())


def retry_handlers() -> list[AsyncRetryHandler]:
    """Make what repeats a call that is cut, fails at Slack's or comes too early."""
    return [
        AsyncConnectionErrorRetryHandler(),
        AsyncRateLimitErrorRetryHandler(max_retry_count=2),
        AsyncServerErrorRetryHandler(),
    ]


async def _insist(
    call: Callable[[], Awaitable[AsyncSlackResponse]], variable: str
) -> AsyncSlackResponse:
    while True:
        try:
            return await _asked(call, variable)
        except PLATFORM_ERRORS as error:
            log.warning(
                "Slack can't be reached (%s); next try in %g s", reason(error), RETRY_SECONDS
            )
        await asyncio.sleep(RETRY_SECONDS)


async def _asked(
    call: Callable[[], Awaitable[AsyncSlackResponse]], variable: str
) -> AsyncSlackResponse:
    try:
        return await call()
    except PLATFORM_ERRORS as error:
        code = error_code(error)
        if code is not None and code not in _PASSING:
            raise _refused(variable, code) from None
        raise


def _refused(variable: str, why: str) -> SettingsError:
    return SettingsError(f"Slack refuses {variable} ({why}): {_ADVICE[variable]}.")
