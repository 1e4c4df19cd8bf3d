"""A message that is streamed: its steps and its text are only ever added to."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from slack_sdk.models.messages.chunk import (
    BlocksChunk,
    Chunk,
    MarkdownTextChunk,
    TaskUpdateChunk,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.parsing import Address
from bot.slack.problems import PLATFORM_ERRORS, error_code
from bot.slack.rendering import Page

RATE_LIMITED = "ratelimited"

Blocks = tuple[dict[str, Any], ...]

_UNAVAILABLE = {
    "access_denied",
    "feature_not_enabled",
    "method_deprecated",
    "method_not_supported_for_channel_type",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "team_access_not_granted",
    "unknown_method",
}


class Abilities:
    """What Slack turned out not to offer in a workspace.

    It is asked for once; who changes the app's scopes restarts the bot.
    """

    def __init__(self) -> None:
        self._lacking: set[str] = set()

    async def attempt(self, method: str, call: Callable[[], Awaitable[object]]) -> bool:
        """Make a call that may fail, unless it is known to.

        Returns:
            Whether Slack took it.
        """
        if method in self._lacking:
            return False
        try:
            await call()
        except PLATFORM_ERRORS as error:
            if error_code(error) in _UNAVAILABLE:
                self._lacking.add(method)
            return False
        return True


class Stream:
    """A message that is streamed.

    A call that may have arrived is not repeated, or its text could stand there twice; from then
    on nothing is added, and at the end the message doesn't count as complete.

    Args:
        client: carries the bot's token.
        address: whose answer it is, and in which thread.
        metadata: is kept with the message.
    """

    def __init__(self, client: AsyncWebClient, address: Address, metadata: dict[str, Any]) -> None:
        self._client = client
        self._once = copy.copy(client)
        self._once.retry_handlers = []
        self._address = address
        self._metadata = metadata
        self._steps: list[str] = []
        self._told: dict[str, str] = {}
        self._sent = ""
        self._certain = True
        self._anticipated = False
        self.ts: str | None = None

    def begin_step(self, words: str) -> None:
        """Begin a step of the work; the one before is done."""
        self._steps.append(words)

    def continues(self, page: Page) -> bool:
        """Whether a page only adds to what was streamed."""
        return page.opening.startswith(self._sent)

    async def add(self, page: Page | None = None, *, with_rest: bool = False) -> None:
        """Stream what is new: in the steps, or in the text of a page that continues.

        Args:
            page: the text so far; ``None`` while there is only work.
            with_rest: whether what stands below the text is shown already. A stream can't take
                it back: it comes once, and before the text.

        Raises:
            SlackClientError, aiohttp.ClientError, TimeoutError, OSError: Slack did not take it.
        """
        early = page.rest if page and with_rest and not self._anticipated else ()
        chunks = list(self._chunks(page, early))
        if not chunks or not self._certain:
            return
        try:
            await self._send(chunks)
        except PLATFORM_ERRORS as error:
            self._certain = self.ts is None or error_code(error) == RATE_LIMITED
            raise
        self._note(page)
        self._anticipated = self._anticipated or bool(early)

    async def stop(self, page: Page) -> bool:
        """End the stream.

        Returns:
            Whether the message shows the page now, and nothing else.

        Raises:
            SlackClientError, aiohttp.ClientError, TimeoutError, OSError: Slack did not take it.
        """
        # What came early can't be taken back; what is put in its place holds the text, too.
        complete = self._certain and not self._anticipated and self.continues(page)
        await self._client.chat_stopStream(
            channel=self._address.channel,
            ts=str(self.ts),
            chunks=[*self._tasks(working=False), *(self._text(page) if complete else ())] or None,
            blocks=page.rest if complete else None,
            metadata=self._metadata,
        )
        return complete

    async def _send(self, chunks: list[Chunk]) -> None:
        if self.ts is not None:
            await self._once.chat_appendStream(
                channel=self._address.channel, ts=self.ts, chunks=chunks
            )
            return
        answer = await self._once.chat_startStream(
            channel=self._address.channel,
            thread_ts=str(self._address.below),
            recipient_team_id=self._address.team,
            recipient_user_id=self._address.user,
            task_display_mode="timeline",
            chunks=chunks,
        )
        self.ts = str(answer["ts"])

    def _note(self, page: Page | None) -> None:
        self._told |= self._statuses(working=page is None)
        if page is not None:
            self._sent = page.opening

    def _chunks(self, page: Page | None, early: Blocks) -> Iterator[Chunk]:
        yield from self._tasks(working=page is None)
        if early:
            yield BlocksChunk(blocks=early)
        if page is not None:
            yield from self._text(page)

    def _text(self, page: Page) -> Iterator[Chunk]:
        if new := page.opening[len(self._sent) :]:
            yield MarkdownTextChunk(text=new)

    def _tasks(self, working: bool) -> Iterator[Chunk]:
        for id_, status in self._statuses(working).items():
            if self._told.get(id_) != status:
                yield TaskUpdateChunk(id=id_, title=self._steps[int(id_) - 1], status=status)

    def _statuses(self, working: bool) -> dict[str, str]:
        statuses = {str(number): "complete" for number in range(1, len(self._steps) + 1)}
        if working and statuses:
            statuses[str(len(self._steps))] = "in_progress"
        return statuses
