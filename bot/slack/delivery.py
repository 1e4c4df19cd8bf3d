"""Brings a reply to where it is read."""

from __future__ import annotations

import logging
from contextlib import aclosing
from typing import Protocol

from bot.core.messages.message import MORE_TO_COME, Message
from bot.core.messages.pacing import Newest
from bot.core.observer import stage
from bot.core.reply import Reply
from bot.slack.problems import PLATFORM_ERRORS, reason

log = logging.getLogger(__name__)


class Screen(Protocol):
    """Where the messages of one reply are shown."""

    @property
    def lasting(self) -> bool:
        """Whether what is shown stays there when the next message comes."""

    async def show(self, message: Message) -> None:
        """Show a message that another one may replace."""

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Show the message that stands.

        Returns:
            The ids of its posts, where the platform gives them ids.
        """


def written(message: Message) -> Message | None:
    """The text so far of an answer that still grows.

    Returns:
        The message without the sign that there is more to come; ``None`` if it only tells what
        is being done.
    """
    if message.progress and MORE_TO_COME not in message.blocks:
        return None
    blocks = (block for block in message.blocks if block != MORE_TO_COME)
    return Message(tuple(blocks))


async def deliver(reply: Reply, screen: Screen, pause: float) -> tuple[str, ...] | None:
    """Show each message in place of the one before, skipping those that are outdated.

    Where what is shown stays, it is only told after a pause that something is being done; to
    words that nobody addressed to the bot, nothing is shown but the last message.

    Args:
        reply: its last message stands and is shown without waiting.
        screen: where the messages are shown, one at a time.
        pause: seconds to leave between two messages before the last one.

    Returns:
        The ids of the posts that stand; ``None`` if nothing is said.

    Raises:
        SlackClientError, aiohttp.ClientError, TimeoutError, OSError: Slack did not take the
            last message.
    """
    newest = Newest(reply.messages)
    try:
        if not reply.unasked:
            await _show_earlier(newest, screen, pause)
        last = await newest.last()
    finally:
        await newest.close()
    if last is None:
        return None
    with stage("post"):
        return await screen.finish(last)


async def _show_earlier(newest: Newest, screen: Screen, pause: float) -> None:
    delay = pause if screen.lasting else 0.0
    async with aclosing(newest.earlier(pause, delay)) as earlier:
        async for message in earlier:
            try:
                await screen.show(message)
            except PLATFORM_ERRORS as error:
                log.warning("Slack did not take a progress message: %s", reason(error))
