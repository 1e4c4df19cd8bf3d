"""What can go wrong between here and Slack, told in a few words."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

PLATFORM_ERRORS = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)


class ResponseRefusedError(SlackClientError):
    """Slack did not take a message for a command's ``response_url``."""


class ResponseClosedError(ResponseRefusedError):
    """A command's ``response_url`` takes no message any more."""


def error_code(error: Exception) -> str | None:
    """The code with which Slack refused a call; ``None`` if it gave none."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response, AsyncSlackResponse):
        return None
    data = error.response.data
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and code else None


def reason(error: Exception) -> str:
    """Say in one line why a call failed, without anything that was sent."""
    if code := error_code(error):
        return code
    if isinstance(error, SlackApiError):
        return f"HTTP {getattr(error.response, 'status_code', 'error')}"
    if isinstance(error, ResponseRefusedError):
        return str(error)
    return type(error).__name__
