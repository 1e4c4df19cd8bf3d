"""The conversation on Discord."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Self, TypeVar

from pydantic import SecretStr

from bot.core.commands import command_named
from bot.core.reply import Responder
from bot.core.surface import Surface
from bot.discord import DiscordSurface
from bot.discord.surface import point_elsewhere
from bot.settings import Settings
from tests.contract.chat import Chat
from tests.contract.reading import read_discord
from tests.contract.seeing import DIRECT, GENERAL, Act, Seen, Shown, Who
from tests.platforms.discord_components import gallery_items
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Channel, Interaction, Person, Post, Said

T = TypeVar("T")


class OnDiscord(Chat):
    """Discord, with the message-content intent."""

    name = "discord"
    message_content: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.server = DiscordServer(message_content=self.message_content)
        self._delivered: list[str] = []
        self._people = {
            Who.ADMINISTRATOR: self.server.person("Margaret", administers=True),
            Who.OPERATOR: self.server.person("Barbara"),
        }
        self._settle(self.server.general)

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.server.__aexit__(*error)

    def begin(self) -> None:
        point_elsewhere(self._settings)
        channel = self.server.channel(GENERAL)
        self.server.gateway.publish(
            "CHANNEL_CREATE", channel.json() | {"guild_id": self.server.guild}
        )
        self._settle(channel)

    def write_directly(self, text: str, by: Who = Who.ADA) -> Act:
        person = self._people[by]
        return self._said(self.server.say(text, person, self.server.direct(person)))

    def open_thread(self) -> Channel:
        thread = self.server.thread("thread", self._channel)
        self._places.add(thread.id)
        return thread

    def command(self, name: str, by: Who = Who.ADA, **options: str | bool) -> Act:
        return self._used(self.server.command(name, options, self._people[by], self._channel))

    def command_elsewhere(self, name: str, **options: str | bool) -> Act:
        """Let Ada use a command where the bot isn't, as she has installed it for herself."""
        channel = self.server.elsewhere()
        self._places.add(channel.id)
        return self._used(self.server.command(name, options, self._people[Who.ADA], channel))

    def choose(self, command: str, on: Act | Seen, by: Who = Who.ADA) -> Act:
        known = command_named(command)
        assert known is not None
        message = on.handle if isinstance(on, Act) else self._post(on)
        return self._used(self.server.choose(known.on_message, message, self._people[by]))

    def press(self, seen: Seen, label: str, by: Who = Who.ADA) -> Act:
        return self._used(self.server.press(self._post(seen), label, self._people[by]))

    async def fill(self, seen: Seen, label: str, words: str, by: Who = Who.ADA) -> Act:
        asked = self.server.press(self._post(seen), label, self._people[by])
        return self._used(await self.server.submit(asked, words))

    def deliver_again(self, act: Act) -> None:
        self._delivered.append(act.key)
        self.server.deliver(act.handle)

    def edit(self, act: Act, text: str) -> Act:
        """Change what a message says to the bot."""
        said = self.server.edit(act.handle, f"{self.bot_mention} {text}")
        return self._act(said.id, said.id, said)

    def delete(self, act: Act) -> None:
        """Delete a message."""
        self.server.delete(act.handle)

    async def complete(self, typed: str, command: str = "summary") -> list[str]:
        """The topics that are offered for what is typed."""
        return [choice["name"] for choice in await self.server.complete(command, "topic", typed)]

    async def connected(self, times: int) -> None:
        await self.server.connected(times)

    async def until(self, predicate: Callable[[], T | None]) -> T:
        return await self.server.until(predicate)

    def notify(self) -> None:
        self.server.notify()

    @property
    def bot_mention(self) -> str:
        return self.server.bot.mention

    def mention_of(self, who: Who) -> str:
        return self._people[who].mention

    def asker(self, who: Who) -> str:
        return f"discord:{self._people[who].id}"

    @property
    def home(self) -> str:
        return f"discord:{self.server.guild}"

    @property
    def pings(self) -> list[str]:
        calls = self.server.calls[self._calls :]
        written = [call.payload for call in calls if isinstance(call.payload, dict)]
        said = [payload for payload in written if payload.get("components")]
        return [str(call) for call in said if call.get("allowed_mentions") != {"parse": []}]

    @property
    def seen(self) -> list[Seen]:
        return list(map(_seen, self._posts))

    @property
    def progress(self) -> list[str]:
        return [text for post in self._posts for text in post.history]

    @property
    def pictures(self) -> list[Shown]:
        return [shown for post in self._posts for shown in _shown(post)]

    def refuse_picture(self) -> None:
        self.server.forbid_files()

    @property
    def _settings(self) -> Settings:
        return Settings(
            _env_file=None,
            discord_token=SecretStr(self.server.token),
            discord_api_base=self.server.api_base,
            discord_gateway_url=self.server.gateway_url,
            discord_message_content=self.message_content,
        )

    @property
    def _posts(self) -> list[Post]:
        new = [post for post in self.server.posts if post.id not in self._old]
        return [post for post in new if post.channel.id in self._places]

    def _settle(self, channel: Channel) -> None:
        self.tickets.forget()
        self._old = {post.id for post in self.server.posts}
        self._channel = channel
        self._calls = len(self.server.calls)
        newcomers = {who: self.server.person(who.name.title()) for who in (Who.ADA, Who.GRACE)}
        self._people |= newcomers
        direct = (self.server.direct(person).id for person in self._people.values())
        self._places = {channel.id, *direct}

    def _say(self, text: str, by: Who, after: Act | None, within: object) -> Act:
        channel = within if isinstance(within, Channel) else self._channel
        answers = [post for post in self._posts if after and post.reply_to == after.under]
        replied_to = answers[0] if answers else None
        mentioned = [person for person in self._everybody if person.mention in text]
        if replied_to and self.server.bot not in mentioned:
            mentioned.append(self.server.bot)
        mentions = [person.json() for person in mentioned]
        said = self.server.say(text, self._people[by], channel, replied_to, mentions=mentions)
        return self._said(said)

    @property
    def _everybody(self) -> list[Person]:
        return [*self._people.values(), self.server.bot]

    def _said(self, said: Said) -> Act:
        act = self._act(said.id, said.id, said)
        self._delivered.append(act.key)
        return act

    def _used(self, used: Interaction) -> Act:
        return self._act(used.id, used.message.id if used.message else None, used)

    def _post(self, seen: Seen) -> Post:
        return next(post for post in self._posts if post.id == seen.id)

    def _surface(self, core: Responder) -> Surface:
        return DiscordSurface(core, self._settings, edit_interval=0.0, grace=0.0)

    def _deliveries(self, act: Act) -> int:
        return self._delivered.count(act.key)


class OnDiscordWithoutIntent(OnDiscord):
    """Discord as most bots are let in: what isn't said to the bot arrives without its words."""

    message_content = False


def _seen(post: Post) -> Seen:
    return Seen(
        id=post.id,
        lines=read_discord(post),
        buttons=tuple(post.labels),
        private=post.ephemeral,
        place=_place(post),
        under=post.reply_to,
        progress=tuple(post.history[:-1]),
    )


def _shown(post: Post) -> Iterator[Shown]:
    """A file is seen where a gallery shows it."""
    files = {f"attachment://{file.name}": file for file in post.attachments}
    for item in gallery_items(post.components):
        file = files[item["media"]["url"]]
        # The gallery's own words are cut; the file's are what is read out.
        yield Shown(file.content, file.description, _place(post))


def _place(post: Post) -> str:
    return post.channel.name if post.channel.guild else DIRECT
