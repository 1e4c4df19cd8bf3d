"""The desk at which replies are taken on and brought to their place."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.conversation import Utterance
from bot.core.reply import Reply, Responder
from bot.slack.access import retry_handlers
from bot.slack.conversing import Conversation
from bot.slack.delivery import Screen, deliver
from bot.slack.parsing import Address
from bot.slack.pictures import Gallery, WithPictures
from bot.slack.problems import PLATFORM_ERRORS, reason
from bot.slack.screens import Elsewhere, Response, Thread, Whisper
from bot.slack.streaming import Abilities

ANSWER_EVENT = "explainer_answer"

log = logging.getLogger(__name__)


class Desk:
    """Brings replies to where they are read, each in a task of its own, in any workspace.

    Args:
        responder: is told where an answer stands.
        work: owns the tasks and ends with them.
        pause: seconds between two messages that replace each other.
    """

    def __init__(self, responder: Responder, work: asyncio.TaskGroup, pause: float) -> None:
        self._responder = responder
        self._work = work
        self._pause = pause
        self._abilities: defaultdict[tuple[str, bool], Abilities] = defaultdict(Abilities)

    def answer(
        self, client: AsyncWebClient, said: Utterance, reply: Reply, address: Address
    ) -> None:
        """Bring a reply to where it is read.

        Args:
            client: carries the workspace's token.
            said: what is answered.
            reply: what is said.
            address: where it goes; private replies only to that person.
        """
        private = reply.private and not address.direct
        screen = WithPictures(
            self._screen(client, said, address, private),
            _gallery(client, address, private),
            _plain_screen(client, address, private),
        )
        self.start(lambda: self._deliver(said, reply, screen), said.key)

    def start(self, work: Callable[[], Awaitable[object]], about: str) -> None:
        """Do some work beside everything else; what goes wrong with it is noted.

        Args:
            work: what is done.
            about: names it in the log.
        """
        task = _guarded(work, about)
        try:
            self._work.create_task(task)
        except RuntimeError:  # the surface has ended while Slack was asked something
            task.close()

    async def _deliver(self, said: Utterance, reply: Reply, screen: Screen) -> None:
        posts = await deliver(reply, screen, self._pause)
        if posts is not None:
            await self._responder.posted(said, posts)

    def _screen(
        self, client: AsyncWebClient, said: Utterance, address: Address, private: bool
    ) -> Screen:
        if private or not address.below:
            return _plain_screen(client, address, private, said)
        # Slack may stream to one kind of conversation and not to the other.
        abilities = self._abilities[said.place.workspace, address.direct]
        screen = Conversation(client, address, abilities, _metadata(said))
        return _reachable(screen, address, private)


def _plain_screen(
    client: AsyncWebClient, address: Address, private: bool, said: Utterance | None = None
) -> Screen:
    """Where a reply is shown that isn't streamed."""
    if not private:
        metadata = _metadata(said) if said else None
        screen = Thread(client, address.channel, address.below, metadata)
        return _reachable(screen, address, private)
    if address.thread:
        whisper = Whisper(client, address.channel, address.user, address.thread)
        return _reachable(whisper, address, private)
    if address.response_url:
        return Elsewhere(_response(address.response_url, private), Thread(client, address.user))
    return Whisper(client, address.channel, address.user, None)


def _reachable(screen: Screen, address: Address, private: bool) -> Screen:
    """A screen in a channel, which the bot need not be in where people use its commands."""
    if address.response_url is None:
        return screen
    return Elsewhere(screen, _response(address.response_url, private))


def _response(url: str, private: bool) -> Response:
    return Response(AsyncWebhookClient(url, retry_handlers=retry_handlers()), private)


def _gallery(client: AsyncWebClient, address: Address, private: bool) -> Gallery:
    if private:
        return Gallery(client, "", None, address.user)
    return Gallery(client, address.channel, address.below, address.user)


def _metadata(said: Utterance) -> dict[str, object]:
    return {"event_type": ANSWER_EVENT, "event_payload": {"key": said.key}}


async def _guarded(work: Callable[[], Awaitable[object]], about: str) -> None:
    try:
        await work()
    except PLATFORM_ERRORS as error:
        log.error("Slack did not take the answer to %s: %s", about, reason(error))
    except Exception:
        log.exception("The answer to %s failed", about)
