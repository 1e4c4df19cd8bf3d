"""People who ask the bot on the local platforms, and what they see of it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Channel
from tests.platforms.slack_server import SlackServer

_MORE_TO_COME = "…"


@dataclass
class Asked:
    """A question that somebody asked, and what came of it.

    Args:
        channel: the id of the channel, which is used for this question alone.
        handle: what the platform knows the event by.
        acknowledged: milliseconds until the platform knew that the bot takes care of it.
        first: milliseconds until people could read anything, if only that it is working.
        answered: milliseconds until the whole answer stood.
        answers: the answers that stand in the end.
    """

    channel: str
    handle: Any
    acknowledged: float | None = None
    first: float | None = None
    answered: float | None = None
    answers: tuple[str, ...] = ()

    @property
    def duplicates(self) -> int:
        """How often the same answer stands there once more."""
        return len(self.answers) - len(set(self.answers))


@dataclass(frozen=True)
class Words:
    """Something that can be read in a channel; unfinished while more is to come."""

    text: str
    finished: bool


class Crowd(ABC):
    """People who ask on one platform in one way, each in a channel of their own."""

    title: ClassVar[str]

    def __init__(self, server: DiscordServer | SlackServer) -> None:
        self._server = server

    async def ask(self, questions: Sequence[str]) -> list[Asked]:
        """Ask questions at the same moment, and watch until all answers stand.

        What has no answer when nothing new was seen for as long as the local platforms wait is
        lost.
        """
        asked = [self._ask(question) for question in questions]
        started = time.perf_counter()  # the platform sends nothing before this task pauses
        watch = _Watch(asked, started)
        while watch.waits:
            try:
                await self._server.until(lambda: watch.look(self) or None)
            except AssertionError:
                break
        return asked

    def settle(self, asked: Iterable[Asked]) -> None:
        """Note which answers stand now."""
        words = self.words()
        for each in asked:
            each.answers = tuple(seen.text for seen in words[each.channel] if seen.finished)

    @abstractmethod
    def acknowledged(self, asked: Asked) -> bool:
        """Whether the platform knows that the bot takes care of an event."""

    @abstractmethod
    def words(self) -> defaultdict[str, list[Words]]:
        """What can be read of the bot now, by the id of the channel."""

    @abstractmethod
    def _ask(self, question: str) -> Asked: ...


@dataclass(frozen=True)
class _Watch:
    """Notes when people see what.

    Args:
        asked: what they asked.
        started: when.
    """

    asked: list[Asked]
    started: float

    @property
    def waits(self) -> bool:
        """Whether anybody still waits."""
        return any(each.acknowledged is None or each.answered is None for each in self.asked)

    def look(self, crowd: Crowd) -> bool:
        """Whether there is anything new."""
        now, words = (time.perf_counter() - self.started) * 1000, crowd.words()
        news = False
        for each in self.asked:
            if each.acknowledged is None and crowd.acknowledged(each):
                each.acknowledged, news = now, True
            if each.first is None and words[each.channel]:
                each.first, news = now, True
            if each.answered is None and any(seen.finished for seen in words[each.channel]):
                each.answered, news = now, True
        return news


class OnDiscord(Crowd):
    """People on Discord.

    Args:
        server: the platform.
        channels: where they ask; a client knows only channels that it saw when it connected.
    """

    def __init__(self, server: DiscordServer, channels: Iterable[Channel]) -> None:
        super().__init__(server)
        self.server, self._channels = server, iter(channels)

    def words(self) -> defaultdict[str, list[Words]]:
        """What can be read of the bot now, by the id of the channel."""
        found: defaultdict[str, list[Words]] = defaultdict(list)
        for post in self.server.posts:
            found[post.channel.id].append(Words(post.text, _finished(post.text)))
        return found

    def _next_channel(self) -> Channel:
        return next(self._channels)


class DiscordMentions(OnDiscord):
    """They mention the bot; it is typing, or has posted something."""

    title = "Discord, mention (acknowledged: it is typing)"

    def acknowledged(self, asked: Asked) -> bool:
        """Whether the bot has begun to type."""
        return asked.channel in self.server.typing

    def _ask(self, question: str) -> Asked:
        channel, server = self._next_channel(), self.server
        text = f"{server.bot.mention} {question}"
        return Asked(channel.id, server.say(text, server.person("Asker"), channel))


class DiscordCommands(OnDiscord):
    """They use ``/ask``."""

    title = "Discord, /ask (acknowledged: deferred)"

    def acknowledged(self, asked: Asked) -> bool:
        """Whether the interaction was answered, if only with a deferral."""
        return asked.handle.response is not None

    def _ask(self, question: str) -> Asked:
        channel, server = self._next_channel(), self.server
        used = server.command("ask", {"question": question}, server.person("Asker"), channel)
        return Asked(channel.id, used)


class OnSlack(Crowd):
    """People on Slack."""

    def __init__(self, server: SlackServer) -> None:
        super().__init__(server)
        self.server = server

    def words(self) -> defaultdict[str, list[Words]]:
        """What can be read of the bot now, its status included, by the id of the channel."""
        found: defaultdict[str, list[Words]] = defaultdict(list)
        for channel, _, status in self.server.statuses:
            found[channel] += [Words(status, False)] if status else []
        for post in self.server.posts:
            if post.text or post.tasks:
                finished = not post.streaming and _finished(post.text)
                found[post.channel.id].append(Words(post.text, finished))
        return found


class SlackMentions(OnSlack):
    """They mention the bot, and are answered in a thread."""

    title = "Slack, mention (acknowledged: the envelope)"

    def acknowledged(self, asked: Asked) -> bool:
        """Whether every delivery of the event was acknowledged."""
        return all(delivery.acknowledged for delivery in asked.handle.deliveries)

    def _ask(self, question: str) -> Asked:
        server = self.server
        channel = server.channel("asking")
        text = f"{server.bot.mention} {question}"
        return Asked(channel.id, server.say(text, server.person("Asker"), channel))


class SlackCommands(OnSlack):
    """They use ``/ask``, which is answered to them alone."""

    title = "Slack, /ask (acknowledged: the envelope)"

    def acknowledged(self, asked: Asked) -> bool:
        """Whether the envelope was acknowledged."""
        return asked.handle.delivery is not None and asked.handle.delivery.acknowledged

    def _ask(self, question: str) -> Asked:
        server = self.server
        channel = server.channel("asking")
        used = server.command("ask", {"question": question}, server.person("Asker"), channel)
        return Asked(channel.id, used)


def _finished(text: str) -> bool:
    """Whether it isn't a line on what is being done, and has no sign that there is more to come.

    The label of a button, which may be cut, can end a longer text.
    """
    *others, last = text.splitlines() or [""]
    return last != _MORE_TO_COME and bool(others or not last.endswith(_MORE_TO_COME))
