"""Brings a reply to where it is read: a thread, one person, or a command's response."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from http import HTTPStatus
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.message import Message
from bot.core.pacing import Newest
from bot.slack.problems import PLATFORM_ERRORS, ResponseClosedError, ResponseRefusedError, reason
from bot.slack.rendering import Page, render

RESPONSES = 5

log = logging.getLogger(__name__)


class Screen(Protocol):
    """Where the messages of one reply are shown."""

    async def show(self, message: Message) -> None:
        """Show a message that another one may replace."""

    async def finish(self, message: Message) -> str | None:
        """Show the message that stands.

        Returns:
            Its id, where the platform gives it one.
        """


async def deliver(
    messages: AsyncIterator[Message], screen: Screen, pause: float, delay: float = 0.0
) -> str | None:
    """Show each message in place of the one before, skipping those that are outdated.

    Args:
        messages: of one reply; the last one stands and is shown without waiting.
        screen: where they are shown, one at a time.
        pause: seconds to leave between two messages before the last one.
        delay: seconds in which only the last message is shown.

    Returns:
        The id of the message that stands; ``None`` if there is none.

    Raises:
        SlackClientError, aiohttp.ClientError, TimeoutError, OSError: Slack did not take the
            last message.
    """
    newest = Newest(messages)
    try:
        async with aclosing(newest.earlier(pause, delay)) as earlier:
            async for message in earlier:
                try:
                    await screen.show(message)
                except PLATFORM_ERRORS as error:
                    log.warning("Slack did not take a progress message: %s", reason(error))
        last = await newest.last()
    finally:
        await newest.close()
    return None if last is None else await screen.finish(last)


class Thread:
    """A thread, in which one message is posted and then updated.

    Args:
        client: carries the bot's token.
        channel: the channel, or a person for a direct message.
        ts: the message that the thread belongs to; ``None`` for no thread.
    """

    def __init__(self, client: AsyncWebClient, channel: str, ts: str | None = None) -> None:
        self._client = client
        self._channel = channel
        self._ts = ts
        self._posted: str | None = None
        self._shown: Page | None = None

    async def show(self, message: Message) -> None:
        """Post or update the message; further pages wait for the last one."""
        for page in render(message)[:1]:
            await self._replace(page)

    async def finish(self, message: Message) -> str | None:
        """Update the message for the last time and post the pages that follow."""
        first, *others = render(message) or (None,)
        if first is None:
            return None
        try:
            await self._replace(first)
        except PLATFORM_ERRORS as error:
            if self._posted is None:
                raise
            log.warning("Slack did not take an update, posting anew: %s", reason(error))
            self._posted = None
            await self._replace(first)
        posted = self._posted
        for page in others:
            await self._post(page)
        return posted

    async def _replace(self, page: Page) -> None:
        if self._posted is None:
            self._posted = await self._post(page)
        elif page != self._shown:
            await self._client.chat_update(
                channel=self._channel, ts=self._posted, **_arguments(page)
            )
        self._shown = page

    async def _post(self, page: Page) -> str:
        answer = await self._client.chat_postMessage(
            channel=self._channel,
            thread_ts=self._ts,
            unfurl_links=False,
            unfurl_media=False,
            **_arguments(page),
        )
        return str(answer["ts"])


class Whisper:
    """Messages in a channel that one person sees; they can't be replaced."""

    def __init__(self, client: AsyncWebClient, channel: str, user: str, thread: str | None) -> None:
        self._client = client
        self._channel = channel
        self._user = user
        self._thread = thread

    async def show(self, message: Message) -> None:
        """Keep it to oneself: it could not be taken back."""

    async def finish(self, message: Message) -> None:
        """Tell the last message, page by page."""
        for page in render(message):
            await self._client.chat_postEphemeral(
                channel=self._channel,
                user=self._user,
                thread_ts=self._thread,
                **_arguments(page),
            )


class Response:
    """What a command is answered with: five messages at most, which can't be replaced.

    Args:
        webhook: where they are sent; Slack closes it after half an hour.
        private: whether only the person who used the command may see them.
        late: where the last message is shown when it is closed.
    """

    def __init__(self, webhook: AsyncWebhookClient, private: bool, late: Screen) -> None:
        self._webhook = webhook
        self._late = late
        self._type = "ephemeral" if private else "in_channel"
        self._sent: list[Page] = []

    async def show(self, message: Message) -> None:
        """Tell once that work is being done."""
        if message.progress and not self._sent:
            for page in render(message)[:1]:
                await self._send(page)

    async def finish(self, message: Message) -> None:
        """Tell the last message, page by page."""
        try:
            await self._finish(message)
        except ResponseClosedError:
            await self._late.finish(message)

    async def _finish(self, message: Message) -> None:
        pages = [page for page in render(message) if page not in self._sent]
        room = RESPONSES - len(self._sent)
        if len(pages) > room:
            log.warning("A command's answer was cut to %d of %d pages", room, len(pages))
        for page in pages[:room]:
            await self._send(page)

    async def _send(self, page: Page) -> None:
        self._sent.append(page)
        answer = await self._webhook.send(
            text=page.text,
            blocks=page.blocks,
            response_type=self._type,
            unfurl_links=False,
            unfurl_media=False,
        )
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise ResponseClosedError("it is closed")
        if answer.status_code != HTTPStatus.OK:
            raise ResponseRefusedError(f"HTTP {answer.status_code}")


def _arguments(page: Page) -> dict[str, Any]:
    # An update would read names and addresses in the text as a person's client does,
    # unless told otherwise.
    return {"text": page.text, "blocks": page.blocks, "parse": "none", "link_names": False}
