"""A local Discord for tests: the HTTP API and the gateway, on a port of its own.

The unmodified discord.py client talks to it; tests play the people and look at what the
bot posted::

    async with DiscordServer() as server:
        # settings: discord_api_base=server.api_base, discord_gateway_url=server.gateway_url,
        # discord_token=server.token; then start the surface as a task
        await server.connected()
        said = server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
        assert post.reply_to == said.id

        used = server.command("ask", {"question": "What is a token?"})
        [choice, *_] = await server.complete("summary", "topic", "att")
        server.choose("Explain this", said)
        pressed = server.press(post, "👎")
        await server.submit(pressed, "It doesn't say why.")
        server.edit(said, f"{server.bot.mention} What is a head?")
        server.delete(said)

``say``, ``command``, ``choose`` and ``press`` return at once. ``connected``, ``posted``,
``reading`` and ``until`` wait for what the client does; if it never does it they fail with what
is there instead.

Enforced as the real platform does: the token (401), privileged intents (close code 4014) and
hidden content without the intent, 2,000 characters of content, 4,000 characters and 40
components with the Components V2 flag, buttons (five a row, their labels, their ids, which are
unique in a message), forms, commands and entries of menus, permissions (403), the
acknowledgement of an interaction within 3 s (10062) and only once (40060), its token's 15 minutes
(50027), five follow-ups where the bot isn't present, the nonce that makes creating idempotent, and
for files their size (40005), that a gallery shows only files of its message, and that an edit keeps
only the files that it names. Time is ``server.clock``, which only moves when a test moves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.platforms.changes import PATIENCE, Clock
from tests.platforms.discord_api import Api, Fault
from tests.platforms.discord_components import Json
from tests.platforms.discord_gateway import MESSAGE_CONTENT, Gateway
from tests.platforms.discord_interactions import Interactions, Where
from tests.platforms.discord_limits import Limits
from tests.platforms.discord_rules import ApiError
from tests.platforms.discord_sessions import Ending
from tests.platforms.discord_world import (
    Call,
    Channel,
    Interaction,
    Person,
    Post,
    Said,
    World,
    deletion_json,
    message_frame,
    reference_json,
)

T = TypeVar("T")
TOKEN = "local-bot-token"
MANAGE_GUILD = 1 << 5


class DiscordServer:
    """A Discord with one guild, one channel and one person; more are made on demand.

    Args:
        token: the bot token that is accepted.
        message_content: whether the application has the message-content intent enabled.
    """

    def __init__(self, token: str = TOKEN, message_content: bool = False) -> None:
        self.token = token
        self._world = World()
        privileged = MESSAGE_CONTENT if message_content else 0
        self._gateway = Gateway(self._world, token, privileged)
        self._api = Api(self._world, self._gateway, token)
        self._interactions = Interactions(self._world, self._gateway)
        self.limits = Limits(self._world.changes.notify)
        self._runner: web.AppRunner | None = None
        self._address = ""
        self.general = self.channel("general")
        self.ada = self.person("Ada")

    async def __aenter__(self) -> Self:
        application = web.Application(middlewares=[self.limits.guard])
        application.add_subapp("/api/v10", self._api.application())
        application.router.add_get("/gateway/", self._gateway.handle)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self._gateway.url = self.gateway_url
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        """For the setting ``discord_api_base``."""
        return f"http://{self._address}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For the setting ``discord_gateway_url``."""
        return f"ws://{self._address}/gateway/"

    @property
    def bot(self) -> Person:
        """The bot's own account."""
        return self._world.bot

    @property
    def guild(self) -> str:
        """The id of the guild that the bot is in."""
        return self._world.guild

    @property
    def gateway(self) -> Gateway:
        """What the client is told through, and how that can be disturbed."""
        return self._gateway

    @property
    def clock(self) -> Clock:
        """The platform's time."""
        return self._world.clock

    @property
    def calls(self) -> list[Call]:
        """Every request to the HTTP API, in order."""
        return self._api.calls

    @property
    def typing(self) -> list[str]:
        """The channel of each sign that the bot is typing, in order."""
        return self._api.typing

    @property
    def commands(self) -> list[Json]:
        """The commands that the client has registered."""
        return self._world.commands

    @property
    def intents(self) -> int | None:
        """The intents of the latest IDENTIFY."""
        return self._gateway.intents

    @property
    def online(self) -> bool:
        """Whether a client is connected and identified."""
        return any(session.connection for session in self._gateway.sessions.values())

    @property
    def said(self) -> list[Said]:
        """What people have written and not deleted, oldest first."""
        return list(self._world.said.values())

    @property
    def posts(self) -> list[Post]:
        """What people see of the bot's messages now, oldest first."""
        everything = self._world.posts.values()
        return [post for post in everything if not post.thinking and not post.deleted]

    @property
    def thinking(self) -> list[Post]:
        """The answers that so far only say that the bot is thinking."""
        return [p for p in self._world.posts.values() if p.thinking and not p.deleted]

    def person(self, name: str, bot: bool = False, administers: bool = False) -> Person:
        """Make a user account, perhaps of somebody who manages every guild."""
        permissions = MANAGE_GUILD if administers else 0
        return Person(self._world.snowflake(), name, bot, permissions)

    def channel(self, name: str) -> Channel:
        """Make a channel of the guild; the client knows those made before it connects."""
        return self._world.add_channel(name, self._world.guild)

    def thread(self, name: str, parent: Channel | None = None) -> Channel:
        """Open a thread, in ``general`` by default."""
        parent = parent or self.general
        thread = self._world.add_channel(name, parent.guild, parent.with_bot, parent.id)
        self._gateway.publish("THREAD_CREATE", thread.json() | {"newly_created": True})
        return thread

    def direct(self, person: Person) -> Channel:
        """The direct channel of the bot and a person."""
        return self._world.direct_channel(person.id)

    def elsewhere(self, guild: str | None = None) -> Channel:
        """A channel without the bot: of another guild, or of a private conversation."""
        return self._world.add_channel("elsewhere", guild, with_bot=False)

    def say(
        self,
        text: str,
        by: Person | None = None,
        channel: Channel | None = None,
        reply_to: Said | Post | None = None,
        **fields: Any,
    ) -> Said:
        """Let somebody write a message.

        Args:
            text: its content; ``<@id>`` in it is a mention.
            by: who writes, Ada by default.
            channel: where, ``general`` by default.
            reply_to: what it replies to, with the ping.
            fields: parts of the message object to be set otherwise, such as ``webhook_id``,
                ``type``, or ``mentions=[]`` for a reply without the ping.
        """
        by, channel = by or self.ada, channel or self.general
        event = message_frame(self._world.snowflake(), channel, by)
        event |= {"content": text, "mentions": self._mentions(text, reply_to)}
        if reply_to is not None:
            event["type"] = 19
            event["message_reference"] = reference_json(reply_to.id, reply_to.channel)
            event["referenced_message"] = self._world.message_json(reply_to)
        event |= fields
        said = Said(event["id"], channel, by, event)
        self._world.said[said.id] = said
        self.deliver(said)
        return said

    def deliver(self, said: Said) -> None:
        """Deliver a message, perhaps again."""
        self._gateway.publish("MESSAGE_CREATE", said.event)

    def edit(self, said: Said, text: str) -> Said:
        """Let a person change what a message says."""
        event = said.event | {
            "content": text,
            "mentions": self._mentions(text, None),
            "edited_timestamp": self._world.timestamp(),
        }
        changed = replace(said, event=event)
        self._world.said[said.id] = changed
        self._gateway.publish("MESSAGE_UPDATE", event)
        return changed

    def preview(self, said: Said) -> None:
        """Let Discord add a preview of a link to a message, which says nothing new."""
        self._gateway.publish("MESSAGE_UPDATE", said.event | {"embeds": [{"type": "link"}]})

    def delete(self, *said: Said) -> None:
        """Let messages of one channel be deleted, several of them at once."""
        for message in said:
            self.forget(message)
        first = said[0]
        event = deletion_json(first.id, first.channel)
        if len(said) == 1:
            self._gateway.publish("MESSAGE_DELETE", event)
        else:
            del event["id"]
            ids = [message.id for message in said]
            self._gateway.publish("MESSAGE_DELETE_BULK", event | {"ids": ids})

    def forget(self, said: Said) -> None:
        """Let a person's message be gone, without a word to the client."""
        del self._world.said[said.id]

    def command(
        self,
        name: str,
        options: Mapping[str, str | bool] | None = None,
        by: Person | None = None,
        channel: Channel | None = None,
    ) -> Interaction:
        """Let somebody use a command.

        Args:
            name: the command's name; of a group as "group command".
            options: values by name of option.
            by: who, Ada by default.
            channel: where, ``general`` by default.

        Raises:
            LookupError: the client has registered no such command, option or choice.
        """
        return self._interactions.command(name, options or {}, self._where(by, channel))

    async def complete(self, name: str, option: str, typed: str) -> list[Json]:
        """Let Ada type the value of an option, and return the choices that she is offered."""
        where = self._where(None, None)
        interaction = self._interactions.complete(name, option, typed, where)
        await self.until(lambda: interaction.choices is not None)
        return interaction.choices or []

    def choose(self, entry: str, message: Said | Post, by: Person | None = None) -> Interaction:
        """Let somebody choose an entry of a message's menu.

        Raises:
            LookupError: the client has registered no such entry.
        """
        return self._interactions.choose(entry, message, self._where(by, message.channel))

    def press(self, post: Post, label: str, by: Person | None = None) -> Interaction:
        """Let somebody press a button.

        Raises:
            LookupError: the message has no such button.
        """
        return self._interactions.press(post, label, by or self.ada)

    async def submit(self, asked: Interaction, text: str) -> Interaction:
        """Wait for the form that a button opens, and let its text be submitted.

        Raises:
            LookupError: the form does not take the text.
        """
        await self.until(lambda: asked.form)
        return self._interactions.submit(asked, text)

    async def connected(self, times: int = 1) -> None:
        """Wait until the client has identified itself so many times."""
        await self.until(lambda: self._gateway.ready >= times)

    async def resumed(self, times: int = 1) -> None:
        """Wait until the client has resumed its session so many times."""
        await self.until(lambda: self._gateway.resumed >= times)

    async def posted(self, count: int = 1) -> list[Post]:
        """Wait until people see so many messages of the bot's, and return them."""
        await self.until(lambda: len(self.posts) >= count)
        return self.posts

    async def reading(self, text: str) -> Post:
        """Wait until a message of the bot's contains the text, and return it."""
        return await self.until(lambda: next((p for p in self.posts if text in p.text), None))

    async def until(self, predicate: Callable[[], T | None]) -> T:
        """Wait until the predicate holds; it is asked again after each request and event.

        Raises:
            AssertionError: it does not come to hold; tells what people see instead.
        """
        return await self._world.changes.until(predicate, PATIENCE, lambda: self.posts)

    def notify(self) -> None:
        """Let ``until`` look again, after something that the server doesn't see."""
        self._world.changes.notify()

    def forbid(self, channel: Channel) -> None:
        """Take away the bot's permissions in a channel (403, 50013)."""
        self._api.forbidden.add(channel.id)

    def forbid_files(self) -> None:
        """Take away the bot's permission to attach files (403, 50013)."""
        self._api.takes_files = False

    def fail(self, method: str, path_part: str, status: int, code: int = 0) -> None:
        """Refuse the next request whose method and path fit."""
        self._api.faults.append(Fault(method, path_part, ApiError(status, code, "Injected")))

    def break_off(self, method: str, path_part: str) -> None:
        """Do what the next fitting request asks, but break the connection instead of answering."""
        self._api.unanswered.append((method, path_part))

    def cut(self, ending: Ending = None) -> None:
        """End the gateway's connections: after a frame, with a close code, or without a word."""
        self._gateway.cut(ending)

    def ask_to_reconnect(self) -> None:
        """Send op 7: reconnect and resume."""
        self._gateway.ask_to_reconnect()

    def invalidate_session(self) -> None:
        """Send op 9: identify again."""
        self._gateway.invalidate()

    def _mentions(self, text: str, reply_to: Said | Post | None) -> list[Json]:
        known = {said.author.id: said.author for said in self._world.said.values()}
        known |= {self.ada.id: self.ada, self.bot.id: self.bot}
        mentioned = [p for p in known.values() if p.mention in text or f"<@!{p.id}>" in text]
        if reply_to is not None:
            author = reply_to.author if isinstance(reply_to, Said) else self.bot
            if author not in mentioned:
                mentioned.append(author)
        return [person.json() for person in mentioned]

    def _where(self, by: Person | None, channel: Channel | None) -> Where:
        return Where(by or self.ada, channel or self.general)
