"""Posting a reply while it grows: one message that is edited until the last one stands."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Protocol

import aiohttp
import discord

from bot.core.message import Message
from bot.core.pacing import Newest
from bot.discord.rendering import Page, render

# What can go wrong between the bot and Discord; anything else is a mistake in the code.
PLATFORM_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError)

_log = logging.getLogger(__name__)


class Stage(Protocol):
    """Where one reply is shown."""

    def working(self) -> AbstractAsyncContextManager[None]:
        """Let people see that the reply is being worked on."""

    async def show(self, number: int, page: Page) -> int:
        """Show a page of the reply, in place of what that page showed before.

        Args:
            number: which page, counted from 0; none is left out.
            page: what it shows.

        Returns:
            The id of the message that shows it.
        """

    async def withdraw(self) -> None:
        """Leave nothing to be seen of the reply."""


async def deliver(messages: AsyncIterator[Message], stage: Stage, interval: float) -> int | None:
    """Show a reply from its first message to its last.

    Earlier messages are a courtesy: they are skipped when a newer one is there, and failing
    to show one is no failure of the reply.

    Args:
        messages: the reply; each message replaces the one before.
        stage: where it is shown.
        interval: the least time between two of the earlier messages, in seconds.

    Returns:
        The id of the message that shows the end of the last one; ``None`` if there was
        nothing to show.

    Raises:
        PLATFORM_ERRORS: the last message could not be shown.
    """
    shown: tuple[Message, int] | None = None
    newest = Newest(messages)
    try:
        async with stage.working(), aclosing(newest.earlier(interval)) as earlier:
            async for message in earlier:
                shown = await _show_first_page(stage, message) or shown
        last = await newest.last()
    finally:
        await newest.close()
    if last is None:
        await stage.withdraw()
        return None
    return await _show_last(stage, last, shown)


async def _show_first_page(stage: Stage, message: Message) -> tuple[Message, int] | None:
    try:
        for page in render(message)[:1]:
            return message, await stage.show(0, page)
    except PLATFORM_ERRORS as error:
        _log.debug("Progress could not be shown: %s", one_line(error))
    return None


async def _show_last(stage: Stage, last: Message, shown: tuple[Message, int] | None) -> int | None:
    message_id = None
    for number, page in enumerate(render(last)):
        if number == 0 and shown is not None and shown[0] is last:
            message_id = shown[1]
        else:
            message_id = await _show_at_least_in_words(stage, number, page)
    if message_id is None:
        await stage.withdraw()
    return message_id


async def _show_at_least_in_words(stage: Stage, number: int, page: Page) -> int:
    try:
        return await _insist(stage, number, page)
    except PLATFORM_ERRORS as error:
        if not page.files:
            raise
        _log.warning("Discord did not take a picture: %s", one_line(error))
        return await _insist(stage, number, page.in_words)


async def _insist(stage: Stage, number: int, page: Page) -> int:
    try:
        return await stage.show(number, page)
    except (aiohttp.ClientError, OSError):
        # A connection that was kept open may die just then; discord.py leaves that to us.
        return await stage.show(number, page)


def one_line(error: BaseException) -> str:
    """What an error says, fit for a log."""
    return " ".join(f"{type(error).__name__}: {error}".split())
