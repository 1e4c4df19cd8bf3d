"""The desk at which replies are taken on and brought to their place."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

from pydantic import TypeAdapter
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.core.conversation import Utterance
from bot.core.observer import request_of
from bot.core.reply import Reply, Responder
from bot.core.request import Request
from bot.slack.access import retry_handlers
from bot.slack.conversing import Conversation
from bot.slack.delivery import Screen, deliver
from bot.slack.finding import metadata, standing, stop_stream
from bot.slack.parsing import Address
from bot.slack.pictures import Gallery, WithPictures
from bot.slack.problems import PLATFORM_ERRORS, reason
from bot.slack.screens import Elsewhere, Response, Thread, Whisper
from bot.slack.streaming import Abilities

ADDRESSES: TypeAdapter[Address] = TypeAdapter(Address)

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
        self._tasks: set[asyncio.Task[None]] = set()
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
        screen = self._screen(client, said, address, private)
        self.start(lambda: self._deliver(client, said, reply, address, screen), said.key)

    def resume(
        self,
        client: AsyncWebClient,
        request: Request,
        reply: Reply,
        posts: tuple[str, ...],
    ) -> None:
        """Bring a reply that another process left to where it is read.

        What stands of it is taken over. What one person alone sees can't be looked up.

        Args:
            client: carries the workspace's token.
            request: what is answered, with the address that was kept with it.
            reply: what is said.
            posts: the ids of the messages that show it so far, as far as they are known.
        """
        said, address = request.said, ADDRESSES.validate_python(request.address)

        async def go_on() -> None:
            private = reply.private and not address.direct
            screen: Screen = _plain_screen(client, address, private, said)
            if not private and address.channel:
                screen = await self._taken_over(client, said, address, posts)
            await self._deliver(client, said, reply, address, screen)

        self.start(go_on, said.key)

    async def close(self, grace: float) -> None:
        """Finish what is under way; what isn't done by then is dropped with the task group.

        Args:
            grace: how long that may take, in seconds.
        """
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()

    def start(self, work: Callable[[], Awaitable[object]], about: str) -> None:
        """Do some work beside everything else; what goes wrong with it is noted.

        Args:
            work: what is done.
            about: names it in the log.
        """
        task = _guarded(work, about)
        try:
            started = self._work.create_task(task)
            self._tasks.add(started)
            started.add_done_callback(self._tasks.discard)
        except RuntimeError:  # the surface has ended while Slack was asked something
            task.close()

    async def _deliver(
        self,
        client: AsyncWebClient,
        said: Utterance,
        reply: Reply,
        address: Address,
        screen: Screen,
    ) -> None:
        private = reply.private and not address.direct
        remarks = _plain_screen(client, address, private)
        shown = WithPictures(screen, _gallery(client, address, private), remarks)
        with request_of(said):
            try:
                posts = await deliver(reply, shown, self._pause)
            except Exception:
                self._responder.unposted(said)
                raise
            await self._responder.posted(said, posts or ())

    async def _taken_over(
        self, client: AsyncWebClient, said: Utterance, address: Address, posts: tuple[str, ...]
    ) -> Screen:
        """Show a reply in the first message that shows it so far; the others go."""
        found = await standing(client, said, address)
        for ts in posts:
            await stop_stream(client, address.channel, ts)
        stands = list(dict.fromkeys([*posts, *found]))
        thread = Thread(client, address.channel, address.below, metadata(said))
        if stands:
            thread.take_over(stands[0], None)
        for ts in stands[1:]:
            await client.chat_delete(channel=address.channel, ts=ts)
        return _reachable(thread, address, private=False)

    def _screen(
        self, client: AsyncWebClient, said: Utterance, address: Address, private: bool
    ) -> Screen:
        if private or not address.below:
            return _plain_screen(client, address, private, said)
        # Slack may stream to one kind of conversation and not to the other.
        abilities = self._abilities[said.place.workspace, address.direct]

        async def begun(ts: str) -> None:
            await self._responder.begun(said, (ts,))

        screen = Conversation(client, address, abilities, metadata(said), begun)
        return _reachable(screen, address, private)


def _plain_screen(
    client: AsyncWebClient, address: Address, private: bool, said: Utterance | None = None
) -> Screen:
    """Where a reply is shown that isn't streamed."""
    if not private:
        kept = metadata(said) if said else None
        screen = Thread(client, address.channel, address.below, kept)
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


async def _guarded(work: Callable[[], Awaitable[object]], about: str) -> None:
    try:
        await work()
    except PLATFORM_ERRORS as error:
        log.error("Slack did not take the answer to %s: %s", about, reason(error))
    except Exception as error:  # noqa: BLE001 - the other replies go on
        # What it says could quote a person.
        log.error("The answer to %s failed: %s", about, type(error).__name__)
