"""Showing a reply while it grows: its pages are edited until the last message stands."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Protocol

import aiohttp
import discord

from bot.core import observer
from bot.core.messages.message import Message
from bot.core.messages.pacing import Newest
from bot.core.reply import Reply
from bot.discord.rendering import Page, render

# What can go wrong between the bot and Discord; anything else is a mistake in the code.
PLATFORM_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError)

# Seconds before what has to be shown is tried again.
_PAUSES = (0, 1, 5, 15)

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

    async def shorten(self, pages: int) -> None:
        """Leave only the first pages to be seen; of none at all nothing is left."""


async def deliver(reply: Reply, stage: Stage, interval: float) -> tuple[int, ...]:
    """Show a reply from its first message to its last.

    Earlier messages are a courtesy: they are skipped when a newer one is there, and failing
    to show one is no failure of the reply. Never are two requests under way at once.

    Args:
        reply: each of its messages replaces the one before; of one that nobody asked for,
            only the last message is shown.
        stage: where it is shown.
        interval: the least time between two of the earlier messages, in seconds.

    Returns:
        The ids of the messages that show the last one, in their order; none if there was
        nothing to show.

    Raises:
        PLATFORM_ERRORS: the last message could not be shown.
    """
    display = _Display(stage)
    newest = Newest(reply.messages)
    try:
        if not reply.unasked:
            async with stage.working(), aclosing(newest.earlier(interval)) as earlier:
                async for message in earlier:
                    await display.attempt(message)
        last = await newest.last()
    finally:
        await newest.close()
    with observer.stage("post"):
        return await display.finish(last or Message(()))


class _Display:
    """The pages of a reply on a stage, of which only those that changed are shown anew."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._shown: list[tuple[Page, int]] = []

    async def attempt(self, message: Message) -> None:
        """Show a message that needn't be seen."""
        try:
            for number, page in enumerate(render(message)):
                if not self._stands(number, page):
                    self._note(number, page, await self._stage.show(number, page))
        except PLATFORM_ERRORS as error:
            _log.debug("Progress could not be shown: %s", one_line(error))

    async def finish(self, message: Message) -> tuple[int, ...]:
        """Show the message that stands in the end, and nothing else."""
        pages = render(message)
        for number, page in enumerate(pages):
            if not self._stands(number, page):
                self._note(number, page, await _show_at_least_in_words(self._stage, number, page))
        try:
            await self._stage.shorten(len(pages))
        except PLATFORM_ERRORS as error:
            _log.warning("What is no longer true could not be removed: %s", one_line(error))
        return tuple(post for _, post in self._shown[: len(pages)])

    def _stands(self, number: int, page: Page) -> bool:
        return number < len(self._shown) and self._shown[number][0] == page

    def _note(self, number: int, page: Page, post: int) -> None:
        self._shown[number:] = [(page, post), *self._shown[number + 1 :]]


async def _show_at_least_in_words(stage: Stage, number: int, page: Page) -> int:
    try:
        return await _insist(stage, number, page)
    except PLATFORM_ERRORS as error:
        if not page.files:
            raise
        _log.warning("Discord did not take a picture: %s", one_line(error))
        return await _insist(stage, number, page.in_words)


async def _insist(stage: Stage, number: int, page: Page) -> int:
    for pause in _PAUSES:
        try:
            return await stage.show(number, page)
        except (aiohttp.ClientError, OSError, discord.DiscordServerError) as error:
            # discord.py tries only some of these again.
            _log.debug("Discord failed, and is asked again: %s", one_line(error))
            await asyncio.sleep(pause)
    return await stage.show(number, page)


def one_line(error: BaseException) -> str:
    """What an error says, fit for a log."""
    return " ".join(f"{type(error).__name__}: {error}".split())
