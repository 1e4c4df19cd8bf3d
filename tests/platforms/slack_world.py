"""What exists on the pretended Slack: people, channels, posts, invocations, and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.platforms.changes import Changes, Clock

Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """A user account.

    Args:
        id: the user id.
        name: the display name.
        bot_id: set for a bot's account.
        admin: whether the person administers the workspace.
    """

    id: str
    name: str
    bot_id: str | None = None
    admin: bool = False

    @property
    def mention(self) -> str:
        """The markup that mentions this person."""
        return f"<@{self.id}>"


@dataclass(frozen=True)
class Channel:
    """Where messages stand.

    Args:
        id: the channel id.
        name: its name.
        kind: ``channel``, ``group``, ``im`` or ``mpim``, as events name it.
        joined: whether the bot is in it.
    """

    id: str
    name: str
    kind: str = "channel"
    joined: bool = True


@dataclass
class Delivery:
    """An envelope sent down the socket.

    Args:
        envelope: what was sent.
        sent: when.
        acknowledged: whether it was answered.
        late: whether that took more than 3 s.
        answer: what the acknowledgement said.
    """

    envelope: Json
    sent: float
    acknowledged: bool = False
    late: bool = False
    answer: Json | None = None


@dataclass(frozen=True)
class Said:
    """A message that somebody wrote, with its deliveries."""

    id: str
    channel: Channel
    author: Person
    event: Json
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def thread(self) -> str | None:
        """The thread in which it stands, if any."""
        return self.event.get("thread_ts")


@dataclass
class File:
    """A file that is, or will be, shared.

    Args:
        id: the file id.
        name: its name.
        length: how many bytes were announced.
        alt: what it shows, for those who can't see it.
        content: its bytes, once they have come.
        title: what stands above it.
    """

    id: str
    name: str
    length: int
    alt: str = ""
    content: bytes | None = None
    title: str = ""


@dataclass
class Post:
    """A message of the bot's, as people see it.

    Args:
        id: its ``ts``; answers to a command have none that the bot could use.
        channel: where it stands.
        author: the bot.
        thread: the thread in which it stands, if any.
        ephemeral: whether only one person sees it.
        payload: what the bot sent last.
        text: what people read.
        history: each text it has had, oldest first.
        pings: whatever in it, now or earlier, called somebody.
        files: the files that it shares.
        deleted: whether it was deleted.
        streaming: whether more can be appended to it.
        owner: the token that streams it.
        tasks: the steps that a stream shows, and how far they are.
    """

    id: str
    channel: Channel
    author: Person
    thread: str | None = None
    ephemeral: bool = False
    payload: Json = field(default_factory=dict)
    text: str = ""
    history: list[str] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    deleted: bool = False
    streaming: bool = False
    owner: str = ""
    tasks: dict[str, str] = field(default_factory=dict)


@dataclass
class Invocation:
    """A use of a command, a button, a form or a menu.

    Args:
        id: the trigger id.
        response_url: where it is answered.
        channel: where it was used.
        by: who used it.
        issued: when.
        source: the message with the button.
        uses: how often its ``response_url`` was used.
        opened: whether its trigger has opened a modal.
        delivery: how it reached the bot.
    """

    id: str
    response_url: str
    channel: Channel
    by: Person
    issued: float
    source: Post | None = None
    uses: int = 0
    opened: bool = False
    delivery: Delivery | None = None


@dataclass(frozen=True)
class Modal:
    """A modal that somebody sees."""

    id: str
    by: Person
    view: Json


@dataclass(frozen=True)
class Call:
    """A request that the client made."""

    method: str
    payload: Json


class World:
    """Everything that exists, and the ids that are still free."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.changes = Changes()
        self._serial = count(1)
        self.team = self.id("T")
        self.app = self.id("A")
        self.people: dict[str, Person] = {}
        self.bot = self.person("Explainer", bot=True)
        self.channels: dict[str, Channel] = {}
        self.direct: dict[str, Channel] = {}
        self.posts: dict[str, Post] = {}
        self.invocations: dict[str, Invocation] = {}
        self.files: dict[str, File] = {}
        self.modals: list[Modal] = []
        self.homes: dict[str, Json] = {}
        self.statuses: list[tuple[str, str, str]] = []
        self.titles: dict[tuple[str, str], str] = {}
        self.prompts: list[Json] = []

    def id(self, prefix: str) -> str:
        """A new id."""
        return f"{prefix}{next(self._serial):08}"

    def ts(self) -> str:
        """A new message id, which tells the time as Slack's do."""
        return f"{self.clock.now:.0f}.{next(self._serial):06}"

    def person(self, name: str, bot: bool = False, admin: bool = False) -> Person:
        """Make a user account."""
        person = Person(self.id("U"), name, self.id("B") if bot else None, admin)
        self.people[person.id] = person
        return person

    def add_channel(self, name: str, kind: str = "channel", joined: bool = True) -> Channel:
        """Make a channel."""
        return self._add(Channel(self.id("C"), name, kind, joined))

    def direct_channel(self, person: Person) -> Channel:
        """The conversation of the bot and a person, made on first use."""
        if person.id not in self.direct:
            self.direct[person.id] = self._add(Channel(self.id("D"), "directmessage", "im"))
        return self.direct[person.id]

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel
