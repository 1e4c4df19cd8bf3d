"""Gets the bot into its workspace, or says which setting is in the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import SettingsError
from bot.settings import Settings
from bot.slack.problems import PLATFORM_ERRORS, error_code, reason

RETRY_SECONDS = 5.0

_BOT_TOKEN = "EXPLAINER_SLACK_BOT_TOKEN"
_APP_TOKEN = "EXPLAINER_SLACK_APP_TOKEN"
_ADVICE = {
    _BOT_TOKEN: "copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions",
    _APP_TOKEN: "create an app-level token (xapp-…) with the scope connections:write "
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
        raise SettingsError(f"{_BOT_TOKEN} is missing: {_ADVICE[_BOT_TOKEN]}.")
    if settings.slack_app_token is None:
        raise SettingsError(f"{_APP_TOKEN} is missing: {_ADVICE[_APP_TOKEN]}.")
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
    answer = await _insist(client.auth_test, _BOT_TOKEN)
    if not answer.get("bot_id"):
        raise _refused(_BOT_TOKEN, "not a bot's token")
    return Bot(team=answer["team_id"], user=answer["user_id"], id=answer["bot_id"])


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Ask where the socket is to be opened, waiting for as long as Slack can't be reached.

    Raises:
        SettingsError: Slack refuses the token.
    """

    def call() -> Awaitable[AsyncSlackResponse]:
        return client.apps_connections_open(app_token=app_token)

    answer = await _insist(call, _APP_TOKEN)
    return str(answer["url"])


async def _insist(
    call: Callable[[], Awaitable[AsyncSlackResponse]], variable: str
) -> AsyncSlackResponse:
    while True:
        try:
            return await call()
        except PLATFORM_ERRORS as error:
            code = error_code(error)
            if code is not None and code not in _PASSING:
                raise _refused(variable, code) from None
            log.warning(
                "Slack can't be reached (%s); next try in %g s", reason(error), RETRY_SECONDS
            )
        await asyncio.sleep(RETRY_SECONDS)


def _refused(variable: str, why: str) -> SettingsError:
    return SettingsError(f"Slack refuses {variable} ({why}): {_ADVICE[variable]}.")
