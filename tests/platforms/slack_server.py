"""A local Slack for tests: the Web API and Socket Mode, on a port of its own.

The unmodified slack-bolt client talks to it; tests play the people and look at what the
bot posted::

    async with SlackServer() as server:
        # settings: slack_api_url=server.api_url, slack_bot_token=server.bot_token,
        # slack_app_token=server.app_token; then start the surface as a task
        await server.connected()
        said = server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
        assert post.thread == said.id

        used = server.command("ask", {"question": "What is a token?", "level": "expert"})
        [_, answer] = await server.posted(2)
        assert answer.ephemeral

``say``, ``command``, ``press``, ``submit`` and their like return at once. ``connected``,
``acknowledged``, ``posted``, ``reading`` and ``until`` wait for what the client does; if it never
does it they fail with what is there instead. The names are those of ``DiscordServer``, so that
one script can play on both.

Which events the bot gets is decided by ``subscriptions``, like in an app's configuration:
``app_mention`` and ``message.im`` unless a test adds ``message.channels``, with which a
mention arrives twice and the bot hears itself.

Enforced as the real platform does: the two kinds of tokens, the single use of a socket's
address, the acknowledgement within 3 s (``Delivery.late``), 12,000 characters of Markdown,
13,000 characters and 50 blocks in all, the limits of each block (``slack_blocks``),
``markdown_text_conflict``, the states, recipients and owner of a stream, the 3 s and the single
use of a trigger, the five uses and 30 minutes of a ``response_url``, whose messages replace the
one with the button unless told otherwise; for files, the bytes that were announced, 1,000
characters of alternative text, and that they are shared once in a channel, by its own id.
``Post.pings`` collects whatever called somebody.
Time is ``server.clock``, which only moves when a test moves it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.platforms.changes import PATIENCE, Clock
from tests.platforms.slack_acts import Acts
from tests.platforms.slack_api import Api, Fault
from tests.platforms.slack_files import UPLOAD_BYTES
from tests.platforms.slack_socket import Socket
from tests.platforms.slack_world import (
    Call,
    Channel,
    Delivery,
    Invocation,
    Json,
    Modal,
    Person,
    Post,
    Said,
    World,
)

T = TypeVar("T")
BOT_TOKEN = "xoxb-local-bot-token"
APP_TOKEN = "xapp-local-app-token"

_MENTION = re.compile(r"&lt;(@U\w+)&gt;")


class SlackServer(Acts):
    """A Slack with one workspace, one channel and one person; more are made on demand.

    Args:
        bot_token: the bot's token that is accepted.
        app_token: the app-level token that is accepted.
    """

    def __init__(self, bot_token: str = BOT_TOKEN, app_token: str = APP_TOKEN) -> None:
        self.bot_token = bot_token
        self.app_token = app_token
        self.subscriptions = {"app_mention", "message.im"}
        self._world = World()
        self._socket = Socket(self._world)
        self._api = Api(self._world, self._socket, (bot_token, app_token))
        self._api.listeners.append(self._echo)
        self._runner: web.AppRunner | None = None
        self._address = ""
        self.general = self.channel("general")
        self.ada = self.person("Ada")

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=UPLOAD_BYTES)
        application.router.add_route("*", "/api/{method}", self._api.handle)
        application.router.add_post("/responses/{trigger}", self._api.respond)
        application.router.add_post("/upload/v1/{file}", self._api.receive)
        application.router.add_get("/socket", self._socket.handle)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self._api.socket_url = f"ws://{self._address}/socket"
        self._api.files.url = f"http://{self._address}/upload/v1/"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """For the setting ``slack_api_url``."""
        return f"http://{self._address}/api/"

    @property
    def bot(self) -> Person:
        """The bot's own account."""
        return self._world.bot

    @property
    def clock(self) -> Clock:
        """The platform's time."""
        return self._world.clock

    @property
    def calls(self) -> list[Call]:
        """Every request to the HTTP side, in order."""
        return self._api.calls

    @property
    def online(self) -> bool:
        """Whether a client is connected."""
        return self._socket.online

    @property
    def connections(self) -> int:
        """How often a client has connected."""
        return self._socket.connected

    @property
    def posts(self) -> list[Post]:
        """What people see of the bot's messages now, oldest first."""
        return [post for post in self._world.posts.values() if not post.deleted]

    @property
    def modals(self) -> list[Modal]:
        """The modals that people were shown, oldest first."""
        return self._world.modals

    @property
    def homes(self) -> dict[str, Json]:
        """The app's home, by the ids of those who see it."""
        return self._world.homes

    @property
    def statuses(self) -> list[tuple[str, str, str]]:
        """What the bot's status was, in which channel and thread; empty where it was taken back."""
        return self._world.statuses

    @property
    def titles(self) -> dict[tuple[str, str], str]:
        """The titles of threads, by channel and thread."""
        return self._world.titles

    @property
    def prompts(self) -> list[Json]:
        """What questions were suggested where, oldest first."""
        return self._world.prompts

    def person(self, name: str, bot: bool = False, admin: bool = False) -> Person:
        """Make a user account."""
        return self._world.person(name, bot, admin)

    def channel(self, name: str, kind: str = "channel", joined: bool = True) -> Channel:
        """Make a channel of the workspace, with or without the bot in it."""
        return self._world.add_channel(name, kind, joined)

    def direct(self, person: Person) -> Channel:
        """The direct conversation of the bot and a person."""
        return self._world.direct_channel(person)

    def say(
        self,
        text: str,
        /,
        by: Person | None = None,
        channel: Channel | None = None,
        reply_to: Said | Post | None = None,
        **fields: Any,
    ) -> Said:
        """Let somebody write a message.

        Args:
            text: the words as they are typed; a person's ``mention`` in them is one.
            by: who writes, Ada by default.
            channel: where, ``general`` by default.
            reply_to: the message in whose thread it is written.
            fields: parts of the event to be set otherwise, such as ``subtype`` or a ``text``
                in Slack's notation.
        """
        by, channel = by or self.ada, channel or self.general
        ts = self._world.ts()
        encoded = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        event: Json = {"type": "message", "channel": channel.id, "channel_type": channel.kind}
        event |= {
            "user": by.id,
            "team": self.team,
            "ts": ts,
            "event_ts": ts,
            "text": _MENTION.sub(r"<\1>", encoded),
        }
        if by.bot_id is not None:
            event["bot_id"] = by.bot_id
        if reply_to is not None:
            event["thread_ts"] = reply_to.thread or reply_to.id
            event["parent_user_id"] = reply_to.author.id
        said = Said(ts, channel, by, event | fields)
        self.deliver(said)
        return said

    def deliver(self, said: Said, retry: int = 0) -> None:
        """Deliver a message in every form that the bot has subscribed to, perhaps again.

        Args:
            retry: the number of the repetition, if it is one.
        """
        event = said.event
        if self.bot.mention in event["text"] and said.channel.kind != "im":
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            self._publish(said, {**mention, "type": "app_mention"}, "app_mention", retry)
        self._publish(said, event, _subscription(said.channel), retry)

    def command(
        self,
        name: str,
        options: str | dict[str, str] | None = None,
        by: Person | None = None,
        channel: Channel | None = None,
    ) -> Invocation:
        """Let somebody use a command.

        Args:
            name: the command's name, with or without its slash.
            options: the text behind it; of a mapping, ``level`` is written as ``level=…``
                and the other values as they are.
            by: who, Ada by default.
            channel: where, ``general`` by default.
        """
        by, channel = by or self.ada, channel or self.general
        invocation = self._invocation(by, channel)
        payload = {
            "team_id": self.team,
            "api_app_id": self._world.app,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": by.id,
            "user_name": by.name.lower(),
            "command": f"/{name.removeprefix('/')}",
            "text": options if isinstance(options, str) else _command_text(options or {}),
            "trigger_id": invocation.id,
            "response_url": invocation.response_url,
        }
        invocation.delivery = self._socket.publish("slash_commands", payload)
        return invocation

    async def connected(self, times: int = 1) -> None:
        """Wait until the client has connected so many times."""
        await self.until(lambda: self._socket.connected >= times)

    async def acknowledged(self, delivered: Said | Invocation) -> list[Delivery]:
        """Wait until every delivery of this is acknowledged, and return them."""
        deliveries = delivered.deliveries if isinstance(delivered, Said) else [delivered.delivery]
        found = [delivery for delivery in deliveries if delivery is not None]
        await self.until(lambda: all(delivery.acknowledged for delivery in found))
        return found

    async def posted(self, count: int = 1) -> list[Post]:
        """Wait until people see so many messages of the bot's, and return them."""
        await self.until(lambda: len(self.posts) >= count)
        return self.posts

    async def reading(self, text: str) -> Post:
        """Wait until a message of the bot's contains the text, and return it."""
        return await self.until(lambda: next((p for p in self.posts if text in p.text), None))

    async def called(self, method: str, times: int = 1) -> None:
        """Wait until the client has called a method so many times."""
        await self.until(lambda: [call.method for call in self.calls].count(method) >= times)

    async def until(self, predicate: Callable[[], T | None]) -> T:
        """Wait until the predicate holds; it is asked again after each request and event.

        Raises:
            AssertionError: it does not come to hold; tells what people see instead.
        """
        return await self._world.changes.until(predicate, PATIENCE, lambda: self.posts)

    def notify(self) -> None:
        """Let ``until`` look again, after something that the server doesn't see."""
        self._world.changes.notify()

    def refuse(self, method: str, code: str) -> None:
        """Refuse every call of a method from now on."""
        self._api.refused[method] = code

    def fail(self, method: str, status: int, retry_after: str | None = None) -> None:
        """Let the next call of a method fail with a status; see :class:`Fault` for their names."""
        self._api.faults.append(Fault(method, status, retry_after))

    def drop(self, method: str, late: bool = False) -> None:
        """Cut the connection of the next call of a method.

        Args:
            late: whether the call is obeyed before.
        """
        self._api.faults.append(Fault(method, None, late=late))

    @contextmanager
    def holding(self, method: str) -> Iterator[None]:
        """Keep every call of a method waiting until the block ends."""
        gate = self._api.gates[method] = asyncio.Event()
        try:
            yield
        finally:
            del self._api.gates[method]
            gate.set()

    async def cut(self) -> None:
        """End the socket's connection without a word."""
        await self._socket.close()

    def ask_to_reconnect(self) -> None:
        """Tell the client to open a new connection."""
        self._socket.ask_to_reconnect()

    def _publish(self, said: Said, event: Json, kind: str, retry: int = 0) -> None:
        if kind in self.subscriptions:
            said.deliveries.append(self._send_event(event, f"Ev-{kind}-{said.id}", retry))

    def _echo(self, post: Post) -> None:
        """Let the bot hear itself, as it does on the real platform."""
        event = {"type": "message", "channel": post.channel.id, "channel_type": post.channel.kind}
        event |= {"user": self.bot.id, "ts": post.id, "text": post.payload.get("text", "")}
        event |= {"bot_id": self.bot.bot_id or ""}
        kind = _subscription(post.channel)
        self._publish(Said(post.id, post.channel, self.bot, event), event, kind)


def _subscription(channel: Channel) -> str:
    return (
        f"message.{channel.kind}" if channel.kind in ("im", "mpim") else f"message.{channel.kind}s"
    )


def _command_text(options: dict[str, str]) -> str:
    return " ".join(f"level={v}" if name == "level" else v for name, v in options.items())
