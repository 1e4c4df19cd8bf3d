"""The desk at which replies are taken on and brought to their place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.reply import Reply, Responder
from bot.slack.access import retry_handlers
from bot.slack.delivery import Response, Screen, Thread, Whisper, deliver
from bot.slack.parsing import Command, Heard
from bot.slack.pictures import PicturesApart
from bot.slack.problems import PLATFORM_ERRORS, reason

log = logging.getLogger(__name__)


class Desk:
    """Brings replies to where they are read, each in a task of its own.

    Args:
        responder: is told where an answer stands.
        client: carries the bot's token.
        work: owns the tasks and ends with them.
        pause: seconds between two progress messages.
    """

    def __init__(
        self,
        responder: Responder,
        client: AsyncWebClient,
        work: asyncio.TaskGroup,
        pause: float,
    ) -> None:
        self._responder = responder
        self._client = client
        self._work = work
        self._pause = pause

    def answer(self, heard: Heard, reply: Reply) -> None:
        """Answer a message in its thread, or to its author alone."""
        place = heard.said.place
        screen: Screen
        if reply.private and not place.direct:
            screen = Whisper(self._client, place.channel, heard.user, heard.thread)
        else:
            screen = Thread(self._client, place.channel, heard.thread or heard.ts)
        self._start(self._answer(heard, reply, screen), heard.said.key)

    def respond(self, command: Command, reply: Reply) -> None:
        """Answer a command; progress is told only if there is no answer after a pause.

        What takes longer than Slack waits for is posted to where the command was used, or to the
        person alone if it is private. Pictures go to the person in any case.
        """
        webhook = AsyncWebhookClient(command.response_url, retry_handlers=retry_handlers())
        late = command.user if reply.private else command.said.place.channel
        response = Response(webhook, reply.private, Thread(self._client, late))
        screen = PicturesApart(response, self._client, command.user)
        delivery = deliver(reply.messages, screen, self._pause, delay=self._pause)
        self._start(delivery, command.said.key)

    async def _answer(self, heard: Heard, reply: Reply, screen: Screen) -> None:
        message_id = await deliver(reply.messages, screen, self._pause)
        if message_id is not None:
            await self._responder.posted(heard.said, message_id)

    def _start(self, delivery: Awaitable[object], key: str) -> None:
        self._work.create_task(_guarded(delivery, key))


async def _guarded(delivery: Awaitable[object], key: str) -> None:
    try:
        await delivery
    except PLATFORM_ERRORS as error:
        log.error("Slack did not take the answer to %s: %s", key, reason(error))
    except Exception:
        log.exception("The answer to %s failed", key)
