"""Who is who in a workspace: the bot itself, its administrators, and how to reach a person."""

from __future__ import annotations

import logging

from slack_bolt.async_app import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.access import Bot
from bot.slack.problems import PLATFORM_ERRORS, reason

log = logging.getLogger(__name__)


def bot_of(context: AsyncBoltContext) -> Bot:
    """Who the bot is in the workspace that an event came from."""
    return Bot(team=context.team_id or "", user=context.bot_user_id or "", id=context.bot_id or "")


async def administers(client: AsyncWebClient, user: str) -> bool:
    """Whether a person administers the workspace; not, if Slack doesn't tell."""
    try:
        told = (await client.users_info(user=user)).get("user") or {}
    except PLATFORM_ERRORS as error:
        log.warning("Slack did not tell who administers a workspace: %s", reason(error))
        return False
    return bool(told.get("is_admin") or told.get("is_owner"))


async def direct_channel(client: AsyncWebClient, user: str) -> str:
    """The id of the direct conversation with a person.

    Raises:
        SlackClientError, aiohttp.ClientError, TimeoutError, OSError: Slack did not open it.
    """
    opened = await client.conversations_open(users=user)
    return str(opened["channel"]["id"])
