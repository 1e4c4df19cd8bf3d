"""slack-bolt's app for one workspace, or for all that have installed it."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation

from bot.core.messages import wording
from bot.settings import Settings
from bot.slack.access import Bot, Credentials, signing_secret, web_client
from bot.slack.installations import STATE_SECONDS, Installations
from bot.slack.manifest import scopes
from bot.slack.problems import PLATFORM_ERRORS, reason

log = logging.getLogger(__name__)

# slack-bolt would ask Slack who the bot is before it acknowledges an event. Both ways of
# authorizing know it already.


def app_of_one(settings: Settings, bot: Bot, token: str) -> AsyncApp:
    """An app that speaks in the workspace of one token.

    Args:
        settings: the address of Slack's Web API, and the signing secret in HTTP mode.
        bot: who the token belongs to.
        token: the bot's token.
    """

    async def authorize() -> AuthorizeResult:
        return _authorized(None, bot, token)

    return _app(settings, authorize=authorize)


def app_of_many(
    settings: Settings, credentials: Credentials, installations: Installations
) -> AsyncApp:
    """An app that can be installed, and that speaks in every workspace with its own token.

    Args:
        settings: the address of Slack's Web API, and the signing secret.
        credentials: what the app shows Slack when a workspace installs it.
        installations: the workspaces and their tokens.
    """
    oauth = AsyncOAuthSettings(
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        scopes=scopes(),
        user_scopes=[],
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=installations.states,
        state_expiration_seconds=STATE_SECONDS,
    )
    app = _app(
        settings,
        oauth_flow=_Flow(client=web_client(settings), settings=oauth),
        authorize=_Installed(installations),
        user_facing_authorize_error_message=wording.NOT_INSTALLED,
    )
    _forget_the_uninstalled(app, installations)
    return app


class _Installed(AsyncAuthorize):
    """Finds the token of the workspace that an event comes from."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult | None:
        found = await self._installations.async_find_bot(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=context.is_enterprise_install,
        )
        if found is None:
            return None
        bot = Bot(team_id or "", found.bot_user_id, found.bot_id)
        return _authorized(enterprise_id, bot, found.bot_token)


class _Flow(AsyncOAuthFlow):
    """The steps of an installation."""

    async def run_installation(self, code: str) -> Installation | None:
        """Get the token for a code; ``None`` if Slack gives none, or can't be reached."""
        try:
            return await super().run_installation(code)
        except PLATFORM_ERRORS as error:
            log.warning("A workspace could not be installed: %s", reason(error))
            return None


def _app(settings: Settings, **ways: Any) -> AsyncApp:
    http = settings.slack_mode == "http"
    return AsyncApp(
        name="explainer",
        client=web_client(settings),
        signing_secret=signing_secret(settings) if http else "",
        attaching_conversation_kwargs_enabled=False,
        # What isn't written down yet is not acknowledged: Slack delivers it again.
        process_before_response=True,
        **ways,
    )


def _authorized(enterprise: str | None, bot: Bot, token: str) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=enterprise,
        team_id=bot.team,
        bot_user_id=bot.user,
        bot_id=bot.id,
        bot_token=token,
    )


def _forget_the_uninstalled(app: AsyncApp, installations: Installations) -> None:
    async def uninstalled(body: dict[str, Any], context: AsyncBoltContext) -> None:
        await installations.forget(context.enterprise_id, context.team_id, body["event_time"])

    async def revoked(body: dict[str, Any], context: AsyncBoltContext) -> None:
        if body["event"]["tokens"].get("bot"):
            await uninstalled(body, context)

    app.event("app_uninstalled")(uninstalled)
    app.event("tokens_revoked")(revoked)
