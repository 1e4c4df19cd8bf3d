"""The conversation on Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Self, TypeVar

from pydantic import SecretStr

from bot.core.commands import CATALOGUE, Takes, command_named
from bot.core.reply import Responder
from bot.core.surface import Surface
from bot.settings import Settings
from bot.slack import SlackSurface
from bot.slack.names import ASK
from tests.contract.chat import Chat
from tests.contract.reading import read_slack
from tests.contract.seeing import BAD, DIRECT, GENERAL, GOOD, Act, Seen, Shown, Who
from tests.platforms import slack_acts
from tests.platforms.slack_blocks import labels, pressable
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_world import Channel, Invocation, Json, Post, Said

T = TypeVar("T")

THUMBS = {GOOD: slack_acts.GOOD, BAD: slack_acts.BAD}
"""The thumbs have no words on Slack."""


class OnSlack(Chat):
    """Slack over Socket Mode, where a mention arrives twice and the bot hears itself."""

    name = "slack"

    def __init__(self) -> None:
        super().__init__()
        self.server: SlackServer = SlackServer()

    async def __aenter__(self) -> Self:
        await self.server.__aenter__()
        self._open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.server.__aexit__(*error)

    def begin(self) -> None:
        self._settle(self.server.channel(GENERAL))

    def write_directly(self, text: str, by: Who = Who.ADA) -> Act:
        person = self._people[by]
        return self._said(self.server.say(text, by=person, channel=self.server.direct(person)))

    def open_thread(self) -> Said:
        return self.server.say("Let us talk.", by=self._people[Who.ADA], channel=self._channel)

    def command(self, name: str, by: Who = Who.ADA, **options: str | bool) -> Act:
        first, *_ = name.split()
        public: dict[str, str | bool] = {"private": False}
        words = typed(name, public | options)
        return self._used(self.server.command(first, words, self._people[by], self._channel), None)

    def command_elsewhere(self, name: str, **options: str | bool) -> Act:
        """Let Ada use a command in a channel that the bot isn't in."""
        channel = self.server.channel("elsewhere", joined=False)
        self._places.add(channel.id)
        words = typed(name, options)
        return self._used(self.server.command(name, words, self._people[Who.ADA], channel), None)

    def type(self, name: str, words: str, by: Who = Who.ADA) -> Act:
        """Use a command with any words behind it."""
        return self._used(self.server.command(name, words, self._people[by], self._channel), None)

    def choose(self, command: str, on: Act | Seen, by: Who = Who.ADA) -> Act:
        message: Said | Post = on.handle if isinstance(on, Act) else self._post(on)
        used = self.server.use_menu(message, command, self._people[by])
        return self._used(used, message.thread)

    def press(self, seen: Seen, label: str, by: Who = Who.ADA) -> Act:
        post = self._post(seen)
        used = self.server.press(post, THUMBS.get(label, label), self._people[by])
        return self._used(used, _below(post))

    async def fill(self, seen: Seen, label: str, words: str, by: Who = Who.ADA) -> Act:
        opened = len(self.server.modals)
        self.press(seen, label, by)
        await self.until(lambda: len(self.server.modals) > opened)
        modal = self.server.modals[-1]
        used = self.server.submit(modal, {"words": words})
        return self._act(f"{self.server.team}:{modal.id}", _below(self._post(seen)), used)

    async def open_home(self, by: Who = Who.ADA) -> list[Json]:
        """Open the app's home, and return its blocks."""
        person = self._people[by]
        self.server.homes.pop(person.id, None)
        self.server.open_app("home", person)
        home = await self.until(lambda: self.server.homes.get(person.id))
        blocks: list[Json] = home["blocks"]
        return blocks

    def press_at_home(self, label: str, by: Who = Who.ADA) -> Act:
        """Press a button of the app's home."""
        return self._used(self.server.press(self._people[by], label), None)

    async def ask_from_anywhere(self, question: str, by: Who = Who.ADA) -> Act:
        """Ask in the modal of the global shortcut."""
        opened = len(self.server.modals)
        self.server.use_shortcut(ASK, self._people[by])
        await self.until(lambda: len(self.server.modals) > opened)
        modal = self.server.modals[-1]
        used = self.server.submit(modal, {"question": question})
        return self._act(f"{self.server.team}:{modal.id}", None, used)

    def deliver_again(self, act: Act) -> None:
        self.server.deliver(act.handle, retry=1)

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
        return f"slack:{self.server.team}:{self._people[who].id}"

    @property
    def home(self) -> str:
        return f"slack:{self.server.team}"

    @property
    def pings(self) -> list[str]:
        return [ping for post in self._posts for ping in post.pings]

    @property
    def seen(self) -> list[Seen]:
        return [_seen(post) for post in self._posts if not post.files]

    @property
    def progress(self) -> list[str]:
        told = [status for place, _, status in self.server.statuses if place in self._places]
        return told + [text for post in self._posts for text in (*post.tasks, *post.history)]

    @property
    def pictures(self) -> list[Shown]:
        return [
            Shown(file.content or b"", file.alt, _place(post))
            for post in self._posts
            for file in post.files
        ]

    def refuse_picture(self) -> None:
        self.server.fail("upload", 403)

    @property
    def _settings(self) -> Settings:
        return Settings(
            _env_file=None,
            slack_bot_token=SecretStr(self.server.bot_token),
            slack_app_token=SecretStr(self.server.app_token),
            slack_api_url=self.server.api_url,
        )

    @property
    def _posts(self) -> list[Post]:
        new = [post for post in self.server.posts if post.id not in self._old]
        return [post for post in new if post.channel.id in self._places]

    def _open(self) -> None:
        self.server.subscriptions.add("message.channels")
        self._people = {
            Who.ADMINISTRATOR: self.server.person("Margaret", admin=True),
            Who.OPERATOR: self.server.person("Barbara"),
        }
        self._settle(self.server.general)

    def _settle(self, channel: Channel) -> None:
        self.tickets.forget()
        self._old = {post.id for post in self.server.posts}
        self._channel = channel
        newcomers = {who: self.server.person(who.name.title()) for who in (Who.ADA, Who.GRACE)}
        self._people |= newcomers
        direct = (self.server.direct(person).id for person in self._people.values())
        self._places = {channel.id, *direct}

    def _say(self, text: str, by: Who, after: Act | None, within: object) -> Act:
        thread = within if isinstance(within, Said) else after.handle if after else None
        return self._said(
            self.server.say(text, by=self._people[by], channel=self._channel, reply_to=thread)
        )

    def _said(self, said: Said) -> Act:
        key = f"{self.server.team}:{said.channel.id}:{said.id}"
        return self._act(key, said.thread or said.id, said)

    def _used(self, used: Invocation, under: str | None) -> Act:
        return self._act(f"{self.server.team}:{used.id}", under, used)

    def _post(self, seen: Seen) -> Post:
        return next(post for post in self._posts if post.id == seen.id)

    def _surface(self, core: Responder) -> Surface:
        return SlackSurface(core, self._settings, pause=0.0, grace=0.0)

    def _deliveries(self, act: Act) -> int:
        return len(act.handle.deliveries)


def typed(name: str, options: dict[str, str | bool]) -> str:
    """A command's options as somebody types them behind it."""
    command = command_named(name)
    assert command is not None, f"{name} is none of {CATALOGUE}"
    words, named = [], []
    for option in command.options:
        given = options.get(option.name)
        if given is None:
            continue
        if option.takes is Takes.FLAG or (option.takes is Takes.CHOICE and not option.required):
            named.append(f"{option.name}={str(given).lower()}")
        else:
            words.append(str(given))
    topics = sum(option.takes is Takes.TOPIC for option in command.options)
    joint = " | " if topics == 2 else " "
    return " ".join((*name.split()[1:], joint.join(words), *named)).strip()


def _below(post: Post) -> str | None:
    return post.thread if post.ephemeral else post.thread or post.id


def _seen(post: Post) -> Seen:
    return Seen(
        id=post.id,
        lines=read_slack(post),
        buttons=tuple(_buttons(post.payload.get("blocks") or [])),
        private=post.ephemeral,
        place=_place(post),
        under=post.thread,
        progress=(*post.tasks, *post.history[:-1]),
    )


def _buttons(blocks: list[Json]) -> Iterator[str]:
    """What the buttons say; of one that stands beside a text it is the text that says it."""
    for block in blocks:
        for element in pressable(block):
            if block["type"] == "section":
                yield block["text"]["text"]
            else:
                yield from THUMBS if element["type"] == "feedback_buttons" else labels(element)


def _place(post: Post) -> str:
    return DIRECT if post.channel.kind == "im" else post.channel.name
