"""Gets the bot into its workspace, or says which setting is in the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import SecretStr
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import SettingsError
from bot.settings import Settings
from bot.slack.problems import PLATFORM_ERRORS, error_code, reason

RETRY_SECONDS = 5.0

BOT_TOKEN = "EXPLAINER_SLACK_BOT_TOKEN"  # noqa: S105
APP_TOKEN = "EXPLAINER_SLACK_APP_TOKEN"  # noqa: S105
SIGNING_SECRET = "EXPLAINER_SLACK_SIGNING_SECRET"  # noqa: S105
CLIENT_ID = "EXPLAINER_SLACK_CLIENT_ID"
CLIENT_SECRET = "EXPLAINER_SLACK_CLIENT_SECRET"  # noqa: S105

_ON_BASIC_INFORMATION = "from the app's page Basic Information"
_ADVICE = {
    BOT_TOKEN: "copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions",
    APP_TOKEN: "create an app-level token (xapp-…) with the scope connections:write "
    "on the app's page Basic Information",
    SIGNING_SECRET: f"copy the Signing Secret {_ON_BASIC_INFORMATION}",
    CLIENT_ID: f"copy the Client ID {_ON_BASIC_INFORMATION}",
    CLIENT_SECRET: f"copy the Client Secret {_ON_BASIC_INFORMATION}",
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
class Credentials:
    """What the app shows Slack when a workspace installs it."""

    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Bot:
    """Who the bot is: its workspace, its user id and its bot id."""

    team: str
    user: str
    id: str


def read_tokens(settings: Settings) -> Tokens:
    """Take both tokens of Socket Mode from the settings.

    Raises:
        SettingsError: one is missing; names the variable.
    """
    return Tokens(bot_token(settings), _given(settings.slack_app_token, APP_TOKEN))


def bot_token(settings: Settings) -> str:
    """Take the bot's token from the settings.

    Raises:
        SettingsError: it is missing; names the variable.
    """
    return _given(settings.slack_bot_token, BOT_TOKEN)


def signing_secret(settings: Settings) -> str:
    """Take the secret with which Slack signs its requests from the settings.

    Raises:
        SettingsError: it is missing; names the variable.
    """
    return _given(settings.slack_signing_secret, SIGNING_SECRET)


def credentials(settings: Settings) -> Credentials | None:
    """Take from the settings what workspaces install the app with.

    Returns:
        ``None`` if it serves the one workspace whose token is set.

    Raises:
        SettingsError: half of the pair is missing; names the variable.
    """
    if not settings.slack_client_id and settings.slack_client_secret is None:
        return None
    if not settings.slack_client_id:
        raise _missing(CLIENT_ID)
    return Credentials(
        settings.slack_client_id, _given(settings.slack_client_secret, CLIENT_SECRET)
    )


async def sign_in(client: AsyncWebClient) -> Bot:
    """Learn who the bot is, waiting for as long as Slack can't be reached.

    Args:
        client: carries the bot's token.

    Raises:
        SettingsError: Slack refuses the token, or it isn't a bot's.
    """
    answer = await _insist(client.auth_test, BOT_TOKEN)
    if not answer.get("bot_id"):
        raise refused(BOT_TOKEN, "not a bot's token")
    return Bot(team=answer["team_id"], user=answer["user_id"], id=answer["bot_id"])


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Ask where the socket is to be opened, waiting for as long as Slack can't be reached.

    Raises:
        SettingsError: Slack refuses the token.
    """

    def call() -> Awaitable[AsyncSlackResponse]:
        return client.apps_connections_open(app_token=app_token)

    answer = await _insist(call, APP_TOKEN)
    return str(answer["url"])


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


async def asked(
    call: Callable[[], Awaitable[AsyncSlackResponse]], variable: str
) -> AsyncSlackResponse:
    """Call a method that shows whether Slack takes the token of a setting.

    Raises:
        SettingsError: it does not.
        SlackClientError, aiohttp.ClientError, TimeoutError, OSError: that can't be told now.
    """
    try:
        return await call()
    except PLATFORM_ERRORS as error:
        code = error_code(error)
        if code is not None and code not in _PASSING:
            raise refused(variable, code) from None
        raise


def refused(variable: str, why: str) -> SettingsError:
    """Say that Slack refuses the value of a setting, and what to do."""
    return SettingsError(f"Slack refuses {variable} ({why}): {_ADVICE[variable]}.")


async def _insist(
    call: Callable[[], Awaitable[AsyncSlackResponse]], variable: str
) -> AsyncSlackResponse:
    while True:
        try:
            return await asked(call, variable)
        except PLATFORM_ERRORS as error:
            log.warning(
                "Slack can't be reached (%s); next try in %g s", reason(error), RETRY_SECONDS
            )
        await asyncio.sleep(RETRY_SECONDS)


def _given(secret: SecretStr | None, variable: str) -> str:
    if secret is None:
        raise _missing(variable)
    return secret.get_secret_value().strip()


def _missing(variable: str) -> SettingsError:
    return SettingsError(f"{variable} is missing: {_ADVICE[variable]}.")
