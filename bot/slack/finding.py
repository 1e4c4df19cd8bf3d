"""What shows an answer already: found by the key that is kept with every message of the bot's."""

from __future__ import annotations

import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.conversation import Utterance
from bot.slack.parsing import Address
from bot.slack.problems import PLATFORM_ERRORS, reason

ANSWER_EVENT = "explainer_answer"
SEARCHED = 200
"""Among how many messages after a question its answer is looked for."""

log = logging.getLogger(__name__)


def metadata(said: Utterance) -> dict[str, Any]:
    """What is kept with the messages that answer something."""
    return {"event_type": ANSWER_EVENT, "event_payload": {"key": said.key}}


async def standing(client: AsyncWebClient, said: Utterance, address: Address) -> list[str]:
    """The ids of the messages that show an answer, in their order; none if Slack doesn't tell.

    Args:
        client: carries the workspace's token.
        said: what is answered.
        address: where everybody may see the answer.
    """
    try:
        if address.below:
            found = await client.conversations_replies(
                channel=address.channel,
                ts=address.below,
                oldest=address.message or address.below,
                limit=SEARCHED,
                include_all_metadata=True,
            )
        else:
            found = await client.conversations_history(
                channel=address.channel, limit=SEARCHED, include_all_metadata=True
            )
    except PLATFORM_ERRORS as error:
        log.warning("Slack did not tell what stands in a thread: %s", reason(error))
        return []
    messages: list[dict[str, Any]] = found.get("messages") or []
    return sorted(message["ts"] for message in messages if _answers(message, said))


async def stop_stream(client: AsyncWebClient, channel: str, ts: str) -> None:
    """End the stream that another process left, so that its message can be updated."""
    try:
        await client.chat_stopStream(channel=channel, ts=ts)
    except PLATFORM_ERRORS as error:
        log.debug("Slack did not end a stream: %s", reason(error))


def _answers(message: dict[str, Any], said: Utterance) -> bool:
    kept = message.get("metadata") or {}
    payload = kept.get("event_payload") or {}
    return kept.get("event_type") == ANSWER_EVENT and payload.get("key") == said.key
