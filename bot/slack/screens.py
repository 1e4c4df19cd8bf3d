"""Where a reply is shown: a thread, one person's eyes, or the response to an interaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.messages.message import Message
from bot.slack.delivery import Screen, written
from bot.slack.problems import (
    PLATFORM_ERRORS,
    ResponseClosedError,
    ResponseRefusedError,
    error_code,
    reason,
)
from bot.slack.rendering import Page, render

RESPONSES = 5

_OUT_OF_REACH = {"not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived"}

log = logging.getLogger(__name__)


class Thread:
    """A thread, in which one message is posted and then updated.

    Args:
        client: carries the bot's token.
        channel: the channel, or a person for a direct message.
        ts: the message that the thread belongs to; ``None`` for no thread.
        metadata: is kept with every message.
    """

    lasting = False

    def __init__(
        self,
        client: AsyncWebClient,
        channel: str,
        ts: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self._client = client
        self._channel = channel
        self._ts = ts
        self._metadata = metadata
        self._shown: Page | None = None
        self.posted: str | None = None

    async def show(self, message: Message) -> None:
        """Post or update the message; further pages wait for the last one."""
        for page in render(message)[:1]:
            await self._replace(page)

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Update the message for the last time and post the pages that follow."""
        return await self.complete(render(message))

    async def complete(self, pages: Iterable[Page]) -> tuple[str, ...]:
        """Let pages stand: the first one in the message's place, the others after it."""
        ids: list[str] = []
        for page in pages:
            ids.append(await self._post(page) if ids else await self._stand(page))
        return tuple(ids)

    def take_over(self, posted: str, shown: Page | None) -> None:
        """Go on with a message that was posted otherwise.

        Args:
            posted: its id.
            shown: what it shows, if that is known.
        """
        self.posted, self._shown = posted, shown

    async def _stand(self, page: Page) -> str:
        try:
            return await self._replace(page)
        except PLATFORM_ERRORS as error:
            if self.posted is None:
                raise
            log.warning("Slack did not take an update, posting anew: %s", reason(error))
            self.posted = None
            return await self._replace(page)

    async def _replace(self, page: Page) -> str:
        if self.posted is None:
            self.posted = await self._post(page)
        elif page != self._shown:
            await self._client.chat_update(
                channel=self._channel,
                ts=self.posted,
                metadata=self._metadata,
                **_arguments(page),
            )
        self._shown = page
        return self.posted

    async def _post(self, page: Page) -> str:
        answer = await self._client.chat_postMessage(
            channel=self._channel,
            thread_ts=self._ts,
            metadata=self._metadata,
            unfurl_links=False,
            unfurl_media=False,
            **_arguments(page),
        )
        # An update needs the id of the conversation, also of one that a person stands for.
        self._channel = str(answer["channel"])
        return str(answer["ts"])


class Whisper:
    """Messages in a channel that one person sees; they can't be replaced."""

    lasting = True

    def __init__(self, client: AsyncWebClient, channel: str, user: str, thread: str | None) -> None:
        self._client = client
        self._channel = channel
        self._user = user
        self._thread = thread

    async def show(self, message: Message) -> None:
        """Keep it to oneself: it could not be taken back."""

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Tell the last message, page by page."""
        for page in render(message):
            await self._client.chat_postEphemeral(
                channel=self._channel,
                user=self._user,
                thread_ts=self._thread,
                **_arguments(page),
            )
        return ()


class Response:
    """What an interaction is answered with: five messages at most, which can't be replaced.

    Args:
        webhook: where they are sent; Slack closes it after half an hour.
        private: whether only the person may see them.
    """

    lasting = True

    def __init__(self, webhook: AsyncWebhookClient, private: bool) -> None:
        self._webhook = webhook
        self._type = "ephemeral" if private else "in_channel"
        self._sent: list[Page] = []

    async def show(self, message: Message) -> None:
        """Tell once that work is being done."""
        if written(message) is None and not self._sent:
            for page in render(message)[:1]:
                await self._send(page)

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Tell the last message, page by page."""
        pages = [page for page in render(message) if page not in self._sent]
        room = RESPONSES - len(self._sent)
        if len(pages) > room:
            log.warning("A command's answer was cut to %d of %d pages", room, len(pages))
        for page in pages[:room]:
            await self._send(page)
        return ()

    async def _send(self, page: Page) -> None:
        self._sent.append(page)
        answer = await self._webhook.send(
            text=page.text,
            blocks=page.blocks,
            response_type=self._type,
            replace_original=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise ResponseClosedError("it is closed")
        if answer.status_code != HTTPStatus.OK:
            raise ResponseRefusedError(f"HTTP {answer.status_code}")


class Elsewhere:
    """A screen, and another one for the last message where the first is out of the bot's reach.

    Args:
        screen: where everything is shown at first.
        other: what takes its place if the bot isn't let in there, or no longer.
    """

    def __init__(self, screen: Screen, other: Screen) -> None:
        self._screen = screen
        self._other = other

    @property
    def lasting(self) -> bool:
        """Whether what is shown stays there when the next message comes."""
        return self._screen.lasting

    async def show(self, message: Message) -> None:
        """Show a message that another one may replace."""
        await self._screen.show(message)

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Show the message that stands, here or there."""
        try:
            return await self._screen.finish(message)
        except PLATFORM_ERRORS as error:
            closed = isinstance(error, ResponseClosedError)
            if not closed and error_code(error) not in _OUT_OF_REACH:
                raise
            return await self._other.finish(message)


def _arguments(page: Page) -> dict[str, Any]:
    # An update would read names and addresses in the text as a person's client does,
    # unless told otherwise.
    return {"text": page.text, "blocks": page.blocks, "parse": "none", "link_names": False}
