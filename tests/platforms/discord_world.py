"""What exists on the pretended Discord: people, channels, posts, interactions, and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.platforms.changes import Changes, Clock
from tests.platforms.discord_components import Json, buttons, texts

EPOCH_MS = 1_420_070_400_000
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True)
class Person:
    """A user account.

    Args:
        id: the snowflake.
        name: the display name.
        bot: whether it is a bot's account.
        permissions: what the person may do in every guild, as bits.
    """

    id: str
    name: str
    bot: bool = False
    permissions: int = 0

    @property
    def mention(self) -> str:
        """The markup that mentions this person."""
        return f"<@{self.id}>"

    def json(self) -> Json:
        """The user object of the HTTP API."""
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass(frozen=True)
class Channel:
    """Where messages stand.

    Args:
        id: the snowflake.
        name: its name.
        guild: the guild's id; ``None`` outside of guilds.
        with_bot: whether the bot is there; a user's own installation brings only its
            commands to places without it.
        parent: of a thread, the id of the channel that it belongs to.
    """

    id: str
    name: str = ""
    guild: str | None = None
    with_bot: bool = True
    parent: str | None = None

    @property
    def context(self) -> int:
        """Where an interaction came from: guild 0, the bot's DM 1, another private one 2."""
        if self.guild is not None:
            return 0
        return 1 if self.with_bot else 2

    def json(self) -> Json:
        """The channel object of the HTTP API."""
        if self.parent is not None:
            kind = self._thread_json()
        elif self.guild is not None:
            kind = {"type": 0, "position": 0, "permission_overwrites": []}
        else:
            kind = {"type": 1, "recipients": []}
        return {"id": self.id, "name": self.name, "flags": 0, "last_message_id": None, **kind}

    def _thread_json(self) -> Json:
        archived: Json = {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": "2025-01-01T00:00:00+00:00",
        }
        return {
            "type": 11,
            "guild_id": self.guild,
            "parent_id": self.parent,
            "owner_id": self.parent,
            "message_count": 0,
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": archived,
        }


@dataclass(frozen=True)
class Said:
    """A message that somebody wrote."""

    id: str
    channel: Channel
    author: Person
    event: Json


@dataclass(frozen=True)
class Attachment:
    """A file of a message.

    Args:
        id: the snowflake.
        name: the file's name.
        content: its bytes.
        description: what it shows, for those who can't see it.
    """

    id: str
    name: str
    content: bytes
    description: str = ""

    def json(self) -> Json:
        """The attachment object of the HTTP API."""
        url = f"https://cdn.discordapp.com/attachments/{self.id}/{self.name}"
        return {
            "id": self.id,
            "filename": self.name,
            "size": len(self.content),
            "url": url,
            "proxy_url": url,
            "description": self.description or None,
        }


@dataclass
class Post:
    """A message of the bot's, as people see it.

    Args:
        id: the snowflake.
        channel: where it stands.
        reply_to: id of the message that it replies to.
        ephemeral: whether only one person sees it.
        thinking: whether it still only says that the bot is thinking.
        attachments: its files.
        history: each text it has had, oldest first.
        deleted: whether it was deleted.
    """

    id: str
    channel: Channel
    reply_to: str | None = None
    ephemeral: bool = False
    thinking: bool = False
    flags: int = 0
    content: str = ""
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    nonce: str | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        """All its text, components in reading order."""
        return "\n".join(filter(None, [self.content, *texts(self.components)]))

    @property
    def labels(self) -> list[str]:
        """What its buttons say, in reading order."""
        return [button["label"] for button in buttons(self.components)]

    @property
    def codes(self) -> list[str]:
        """The ids of its buttons, in reading order."""
        return [button["custom_id"] for button in buttons(self.components)]

    def write(self, payload: Json) -> None:
        """Take over what a checked payload says."""
        self.content = payload.get("content", self.content) or ""
        self.components = payload.get("components", self.components)
        self.flags |= payload.get("flags") or 0
        self.thinking = False
        self.history.append(self.text)


@dataclass
class Interaction:
    """A use of a command, a button or a form, or a completion asked for while somebody types.

    Args:
        id: the snowflake.
        token: with which it is answered.
        kind: what was used: a command 2, a button 3, a completion 4, a form 5.
        channel: where.
        by: who.
        issued: when, by the platform's clock.
        message: the message with the button.
        response: the type of the first answer.
        original: the message that the first answer made.
        followups: those that were made after it.
        choices: what a completion was answered with.
        form: the form that was opened.
    """

    id: str
    token: str
    kind: int
    channel: Channel
    by: Person
    issued: float
    message: Post | None = None
    response: int | None = None
    original: Post | None = None
    followups: list[Post] = field(default_factory=list)
    choices: list[Json] | None = None
    form: Json | None = None


@dataclass(frozen=True)
class Call:
    """A request that the client made, with what was in its body."""

    method: str
    path: str
    payload: Any


class World:
    """Everything that exists, and the ids that are still free."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.changes = Changes()
        self._serial = count(1)
        self.bot = Person(self.snowflake(), "Explainer", bot=True)
        self.guild = self.snowflake()
        self.channels: dict[str, Channel] = {}
        self.direct: dict[str, Channel] = {}
        self.said: dict[str, Said] = {}
        self.posts: dict[str, Post] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[Json] = []

    @property
    def application(self) -> str:
        """The application's id, which is the bot's own."""
        return self.bot.id

    def snowflake(self) -> str:
        """A new id, which tells the time as Discord's do."""
        milliseconds = int(self.clock.now * 1000) - EPOCH_MS
        return str((milliseconds << 22) + next(self._serial))

    def add_channel(
        self,
        name: str,
        guild: str | None = None,
        with_bot: bool = True,
        parent: str | None = None,
    ) -> Channel:
        """Make a channel, or a thread of one."""
        channel = Channel(self.snowflake(), name, guild, with_bot, parent)
        self.channels[channel.id] = channel
        return channel

    def direct_channel(self, person_id: str) -> Channel:
        """The direct channel of the bot and a person, made on first use."""
        if person_id not in self.direct:
            self.direct[person_id] = self.add_channel("direct")
        return self.direct[person_id]

    def add_post(self, post: Post) -> Post:
        """Let a message of the bot's stand."""
        self.posts[post.id] = post
        return post

    def message_json(self, message: Said | Post) -> Json:
        """The message object of the HTTP API."""
        if isinstance(message, Said):
            return message.event
        flags = message.flags | (EPHEMERAL if message.ephemeral else 0)
        body: Json = {
            **message_frame(message.id, message.channel, self.bot),
            "content": message.content,
            "components": message.components,
            "attachments": [attachment.json() for attachment in message.attachments],
            "flags": flags | (LOADING if message.thinking else 0),
            "type": 19 if message.reply_to else 0,
            "nonce": message.nonce,
        }
        if len(message.history) > 1:
            body["edited_timestamp"] = self.timestamp()
        if message.reply_to is not None:
            body["message_reference"] = reference_json(message.reply_to, message.channel)
        return body

    def timestamp(self) -> str:
        """The time as the HTTP API writes it."""
        return datetime.fromtimestamp(self.clock.now, UTC).isoformat()


def message_frame(message_id: str, channel: Channel, author: Person) -> Json:
    """What every message object has."""
    frame: Json = {
        "id": message_id,
        "channel_id": channel.id,
        "author": author.json(),
        "content": "",
        "timestamp": "2025-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }
    if channel.guild is not None:
        frame |= {"guild_id": channel.guild, "member": member_json()}
    return frame


def member_json() -> Json:
    """A member object without its user."""
    return {
        "roles": [],
        "joined_at": "2025-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def reference_json(message_id: str, channel: Channel) -> Json:
    """The part of a message that says what it replies to."""
    reference: Json = {"type": 0, "message_id": message_id, "channel_id": channel.id}
    if channel.guild is not None:
        reference["guild_id"] = channel.guild
    return reference


def deletion_json(message_id: str, channel: Channel) -> Json:
    """What is told of a message that was deleted."""
    guild = {"guild_id": channel.guild} if channel.guild else {}
    return {"id": message_id, "channel_id": channel.id, **guild}
