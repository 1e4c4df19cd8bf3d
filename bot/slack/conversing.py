"""An answer in a thread, which is seen to come: what is being done, then its sentences."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.messages.message import Message
from bot.slack.delivery import written
from bot.slack.markup import decode, harmless
from bot.slack.parsing import Address
from bot.slack.problems import PLATFORM_ERRORS, reason
from bot.slack.rendering import Page, render
from bot.slack.screens import Thread
from bot.slack.streaming import Abilities, Stream

STEP_CHARACTERS = 150
STATUS, STREAM = "assistant.threads.setStatus", "chat.startStream"

log = logging.getLogger(__name__)


class Conversation:
    """A thread in which an answer is streamed where Slack can do that, or else updated.

    Nothing is posted for the first step of the work: it is told as the bot's status. What takes
    longer becomes a stream, in which each step is a task. An answer that is begun anew ends the
    stream; its message is updated from then on.

    Args:
        client: carries the bot's token.
        address: whose answer it is, and in which thread.
        abilities: what Slack is known not to offer there.
        metadata: is kept with the answer.
        begun: is told the id of a stream, which carries no metadata until it ends.
    """

    lasting = False

    def __init__(
        self,
        client: AsyncWebClient,
        address: Address,
        abilities: Abilities,
        metadata: dict[str, Any],
        begun: Callable[[str], Awaitable[None]],
    ) -> None:
        self._client = client
        self._begun = begun
        self._address = address
        self._abilities = abilities
        self._thread = Thread(client, address.channel, address.below, metadata)
        self._stream = Stream(client, address, metadata)
        self._at_work = False

    async def show(self, message: Message) -> None:
        """Tell what is being done, or show the text so far."""
        if self._thread.posted is not None or not await self._flowed(message):
            await self._thread.show(message)

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Show the answer that stands."""
        pages = render(message)
        for page in pages[:1]:
            if self._stream.ts is not None and self._thread.posted is None:
                await self._end_stream(self._stream.ts, page)
        return await self._thread.complete(pages)

    async def _flowed(self, message: Message) -> bool:
        text = written(message)
        pages = render(text or message)
        if not pages:
            return True
        if text is None:
            return await self._told(pages[0])
        return await self._streamed(pages[0], growing=message.progress)

    async def _told(self, page: Page) -> bool:
        words = harmless(decode(page.text), STEP_CHARACTERS)
        self._stream.begin_step(words)
        if not self._at_work:
            self._at_work = True
            if await self._set_status(words):
                return True
        return await self._streamed(None) or await self._set_status(words)

    async def _streamed(self, page: Page | None, growing: bool = False) -> bool:
        if self._stream.ts is None:
            taken = await self._abilities.attempt(
                STREAM, lambda: self._stream.add(page, with_rest=growing)
            )
            if self._stream.ts is not None:
                await self._begun(self._stream.ts)
            return taken
        if page is None or self._stream.continues(page):
            await self._stream.add(page, with_rest=growing)
            return True
        await self._end_stream(self._stream.ts, page)
        return False

    async def _end_stream(self, ts: str, page: Page) -> None:
        complete = False
        try:
            complete = await self._stream.stop(page)
        except PLATFORM_ERRORS as error:
            log.warning("Slack did not end a stream: %s", reason(error))
        self._thread.take_over(ts, page if complete else None)

    async def _set_status(self, words: str) -> bool:
        return await self._abilities.attempt(
            STATUS,
            lambda: self._client.assistant_threads_setStatus(
                channel_id=self._address.channel,
                thread_ts=str(self._address.below),
                status=words,
                loading_messages=[words],
            ),
        )
