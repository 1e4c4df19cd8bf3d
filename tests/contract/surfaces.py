"""A conversation with the bot, as people hold it on either chat platform.

The surface that answers is the real one, with the platform's own client, over a core that a
test wires::

    async with OnSlack() as chat, chat.served_by(app, folder):
        seen = await chat.answered(chat.mention("What is self-attention?"))
        assert seen.sources

``mention`` and its like return at once; ``answered`` waits until the answer stands. Ada is the
one who speaks, unless ``by_grace`` says otherwise.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from bot.app import App
from bot.core.reply import Responder
from bot.core.surface import Surface
from bot.discord import DiscordSurface
from bot.settings import Settings
from bot.slack import SlackSurface
from knowledge.errors import IndexMissing
from tests.contract.journal import Tickets, WatchedJournal
from tests.contract.reading import Lines, read_discord, read_slack
from tests.platforms import discord_world, slack_world
from tests.platforms.discord_server import DiscordServer
from tests.platforms.slack_server import SlackServer

T = TypeVar("T")

DIRECT = "direct"


@dataclass(frozen=True)
class Seen:
    """Something that the bot said, as a person sees it.

    Args:
        id: the post's id.
        lines: what it says.
        private: whether only one person sees it.
        place: the channel's name, or ``DIRECT``.
        under: the message that it stands under: that it replies to, or whose thread it is in.
        progress: what was shown before it.
    """

    id: str
    lines: Lines
    private: bool
    place: str
    under: str | None
    progress: tuple[str, ...]

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    @property
    def sources(self) -> Lines:
        """The lines that name a source."""
        return tuple(line for line in self.lines if line.startswith("["))

    @property
    def body(self) -> Lines:
        """The lines above the sources."""
        return self.lines[: self.lines.index(self.sources[0])] if self.sources else self.lines

    @property
    def is_progress(self) -> bool:
        """Whether it only tells what is being done."""
        return self.text.endswith("…")


@dataclass(frozen=True)
class Shown:
    """A picture, as a person sees or hears it.

    Args:
        png: the bytes of the file.
        alt: what a screen reader says.
        place: the channel's name, or ``DIRECT``.
    """

    png: bytes
    alt: str
    place: str


@dataclass(frozen=True)
class Act:
    """Something that a person said to the bot.

    Args:
        key: what was said, as the core knows it.
        under: the message under which the answer is to stand; ``None`` for a command.
        before: the ids of the posts that stood already.
        handle: what the platform knows it by.
    """

    key: str
    under: str | None
    before: frozenset[str]
    handle: Any


class Chat(ABC):
    """A platform on which the bot hears everything that it can hear."""

    name: ClassVar[str]
    server: DiscordServer | SlackServer

    def __init__(self) -> None:
        self.tickets = Tickets()
        self._served = 0

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.server.__aexit__(*error)

    @asynccontextmanager
    async def served_by(self, app: App, folder: Path, later: float = 0.0) -> AsyncIterator[Self]:
        """Let the surface serve until the block is left; afterwards it may serve again.

        Args:
            app: the core.
            folder: where the journal lies.
            later: how many seconds the journal's clock is ahead.
        """
        loop = asyncio.get_running_loop()
        self.tickets.noticed = lambda: loop.call_soon_threadsafe(self.server.notify)
        journal = WatchedJournal.watched(folder, self.tickets, later)
        dialogue = app.dialogue(journal)
        with suppress(IndexMissing):
            await dialogue.prepare()
        running = asyncio.create_task(self._surface(dialogue).run())
        self._served += 1
        try:
            await self.server.connected(self._served)
            yield self
            assert not running.done(), "the surface has stopped serving"
        finally:
            running.cancel()
            await asyncio.wait([running])
            journal.close()

    def mention(self, text: str, by_grace: bool = False, after: Act | None = None) -> Act:
        """Mention the bot in the channel.

        Args:
            text: what is said to it.
            by_grace: whether Grace says it.
            after: what was said before, if this replies to the answer to it.
        """
        return self._say(f"{self.server.bot.mention} {text}", by_grace, after)

    def say_aside(self, text: str) -> Act:
        """Say something in the channel without addressing the bot."""
        return self._say(text, by_grace=False, after=None)

    @abstractmethod
    def write_directly(self, text: str) -> Act:
        """Write a direct message."""

    @abstractmethod
    def command(self, name: str, by_grace: bool = False, **options: str | bool) -> Act:
        """Use a command in the channel."""

    @abstractmethod
    def deliver_again(self, act: Act) -> None:
        """Let the platform deliver a message once more."""

    async def answered(self, act: Act) -> Seen:
        """Wait until the answer stands, and return it.

        Raises:
            AssertionError: there is no answer, or more than one.
        """
        await self.until(lambda: self._is_answered(act))
        new = self._seen_after(act)
        [standing] = [seen for seen in new if not seen.is_progress]
        told = tuple(seen.text for seen in new if seen.is_progress)
        return replace(standing, progress=(*told, *standing.progress))

    async def heard(self, act: Act) -> None:
        """Wait until the core has heard every delivery of a message."""
        await self.until(lambda: self._times_heard(act) == self._deliveries(act))

    async def until(self, predicate: Callable[[], T | None]) -> T:
        """Wait until something is true."""
        return await self.server.until(predicate)

    @property
    @abstractmethod
    def grace(self) -> str:
        """Grace's id in the form of the operators setting."""

    @property
    @abstractmethod
    def pings(self) -> list[str]:
        """Whatever the bot sent that could have called somebody."""

    @property
    @abstractmethod
    def seen(self) -> list[Seen]:
        """What people see of the bot now, oldest first, without its pictures."""

    @property
    @abstractmethod
    def pictures(self) -> list[Shown]:
        """The pictures that people see, oldest first."""

    @abstractmethod
    def refuse_picture(self) -> None:
        """Let the platform refuse the next picture."""

    @abstractmethod
    def _say(self, text: str, by_grace: bool, after: Act | None) -> Act: ...

    @abstractmethod
    def _surface(self, core: Responder) -> Surface: ...

    @abstractmethod
    def _deliveries(self, act: Act) -> int: ...

    def _act(self, key: str, under: str | None, handle: object) -> Act:
        return Act(f"{self.name}:{key}", under, frozenset(seen.id for seen in self.seen), handle)

    def _seen_after(self, act: Act) -> list[Seen]:
        new = [seen for seen in self.seen if seen.id not in act.before]
        return [seen for seen in new if seen.under == act.under]

    def _is_answered(self, act: Act) -> bool:
        stands = any(not seen.is_progress for seen in self._seen_after(act))
        # The answer to a command on Slack has no id that the core could be told.
        untold = isinstance(act.handle, slack_world.Invocation)
        return stands and (untold or act.key in self.tickets.finished)

    def _times_heard(self, act: Act) -> int:
        return [key for key, _ in self.tickets.asked].count(act.key)


class OnDiscord(Chat):
    """Discord, with the message-content intent."""

    name = "discord"

    def __init__(self) -> None:
        super().__init__()
        self.server: DiscordServer = DiscordServer(message_content=True)
        self._grace = self.server.person("Grace")
        self._delivered: list[str] = []

    def write_directly(self, text: str) -> Act:
        return self._said(self.server.say(text, channel=self.server.direct(self.server.ada)))

    def command(self, name: str, by_grace: bool = False, **options: str | bool) -> Act:
        used = self.server.command(name, options, self._grace if by_grace else None)
        return self._act(used.id, None, used)

    def deliver_again(self, act: Act) -> None:
        self._delivered.append(act.key)
        self.server.deliver(act.handle)

    async def complete(self, typed: str, command: str = "summary") -> list[str]:
        """The topics that are offered for what is typed."""
        return [choice["name"] for choice in await self.server.complete(command, "topic", typed)]

    @property
    def grace(self) -> str:
        return f"discord:{self._grace.id}"

    @property
    def pings(self) -> list[str]:
        written = [call.payload for call in self.server.calls if isinstance(call.payload, dict)]
        said = [payload for payload in written if payload.get("components")]
        return [str(payload) for payload in said if payload["allowed_mentions"] != {"parse": []}]

    @property
    def seen(self) -> list[Seen]:
        return list(map(_seen_on_discord, self.server.posts))

    @property
    def pictures(self) -> list[Shown]:
        return [shown for post in self.server.posts for shown in _shown_on_discord(post)]

    def refuse_picture(self) -> None:
        self.server.forbid_files()

    def _say(self, text: str, by_grace: bool, after: Act | None) -> Act:
        answers = [post for post in self.server.posts if after and post.reply_to == after.under]
        by = self._grace if by_grace else None
        return self._said(self.server.say(text, by, reply_to=answers[0] if answers else None))

    def _said(self, said: discord_world.Said) -> Act:
        act = self._act(said.id, said.id, said)
        self._delivered.append(act.key)
        return act

    def _surface(self, core: Responder) -> Surface:
        settings = _settings(
            discord_token=self.server.token,
            discord_api_base=self.server.api_base,
            discord_gateway_url=self.server.gateway_url,
            discord_message_content=True,
        )
        return DiscordSurface(core, settings, edit_interval=0.0)

    def _deliveries(self, act: Act) -> int:
        return self._delivered.count(act.key)


class OnSlack(Chat):
    """Slack, where a mention arrives twice and the bot hears itself."""

    name = "slack"

    def __init__(self) -> None:
        super().__init__()
        self.server: SlackServer = SlackServer()
        self.server.subscriptions.add("message.channels")
        self._grace = self.server.person("Grace")

    def write_directly(self, text: str) -> Act:
        return self._said(self.server.say(text, channel=self.server.direct(self.server.ada)))

    def command(self, name: str, by_grace: bool = False, **options: str | bool) -> Act:
        # There is no word for a private answer: those of /ask are private in any case.
        words = {option: text for option, text in options.items() if isinstance(text, str)}
        used = self.server.command(name, words, self._grace if by_grace else None)
        return self._act(f"{self.server.team}:{used.id}", None, used)

    def deliver_again(self, act: Act) -> None:
        self.server.deliver(act.handle, retry=1)

    @property
    def grace(self) -> str:
        return f"slack:{self.server.team}:{self._grace.id}"

    @property
    def pings(self) -> list[str]:
        return [ping for post in self.server.posts for ping in post.pings]

    @property
    def seen(self) -> list[Seen]:
        return [_seen_on_slack(post) for post in self.server.posts if not post.files]

    @property
    def pictures(self) -> list[Shown]:
        return [
            Shown(file.content or b"", file.alt, _place_on_slack(post))
            for post in self.server.posts
            for file in post.files
        ]

    def refuse_picture(self) -> None:
        self.server.fail("upload", 403)

    def _say(self, text: str, by_grace: bool, after: Act | None) -> Act:
        question = after.handle if after else None
        by = self._grace if by_grace else None
        return self._said(self.server.say(text, by, reply_to=question))

    def _said(self, said: slack_world.Said) -> Act:
        key = f"{self.server.team}:{said.channel.id}:{said.id}"
        return self._act(key, said.thread or said.id, said)

    def _surface(self, core: Responder) -> Surface:
        settings = _settings(
            slack_bot_token=self.server.bot_token,
            slack_app_token=self.server.app_token,
            slack_api_url=self.server.api_url,
        )
        return SlackSurface(core, settings, pause=0.0)

    def _deliveries(self, act: Act) -> int:
        return len(act.handle.deliveries)


def _settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def _seen_on_discord(post: discord_world.Post) -> Seen:
    earlier = tuple(post.history[:-1])
    return Seen(
        post.id,
        read_discord(post),
        post.ephemeral,
        _place_on_discord(post),
        post.reply_to,
        earlier,
    )


def _shown_on_discord(post: discord_world.Post) -> Iterator[Shown]:
    """A file is seen where a gallery shows it."""
    files = {f"attachment://{file.name}": file for file in post.attachments}
    for item in discord_world.gallery_items(post.components):
        content = files[item["media"]["url"]].content
        yield Shown(content, item["description"], _place_on_discord(post))


def _place_on_discord(post: discord_world.Post) -> str:
    return post.channel.name if post.channel.guild else DIRECT


def _place_on_slack(post: slack_world.Post) -> str:
    return DIRECT if post.channel.kind == "im" else post.channel.name


def _seen_on_slack(post: slack_world.Post) -> Seen:
    earlier = tuple(post.history[:-1])
    return Seen(
        post.id, read_slack(post), post.ephemeral, _place_on_slack(post), post.thread, earlier
    )
