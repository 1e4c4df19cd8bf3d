"""A conversation with the bot, as people hold it on either chat platform.

The surface that answers is the real one, with the platform's own client, over a core that a
test wires::

    async with OnSlack() as chat, chat.served_by(app, folder):
        seen = await chat.answered(chat.mention("What is self-attention?"))
        simpler = await chat.answered(chat.press(seen, "Simpler"))

What people do returns at once; ``answered`` waits until the answer stands. Ada does it unless
``by`` says otherwise. ``begin`` opens a channel in which nobody has said anything yet, with an
Ada and a Grace whom the bot doesn't know: a bot that runs serves many tests so.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from bot.app import App
from bot.core.reply import Responder
from bot.core.surface import Surface
from bot.core.talk.recovering import Recovery
from knowledge.errors import IndexMissing
from tests.contract.journal import Tickets, WatchedJournal
from tests.contract.seeing import Act, Seen, Shown, Who

T = TypeVar("T")


class Chat(ABC):
    """A platform on which the bot hears everything that it can hear."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self.tickets = Tickets()
        self._served = 0

    @abstractmethod
    async def __aenter__(self) -> Self: ...

    @abstractmethod
    async def __aexit__(self, *error: object) -> None: ...

    @asynccontextmanager
    async def served_by(
        self, app: App, folder: Path, later: float = 0.0, **settings: Any
    ) -> AsyncIterator[Self]:
        """Let the surface serve until the block is left; afterwards it may serve again.

        Args:
            app: the core.
            folder: where the journal lies.
            later: how many seconds the journal's clock is ahead.
            settings: what the core's dialogue finds set otherwise.
        """
        loop = asyncio.get_running_loop()
        self.tickets.noticed = lambda: loop.call_soon_threadsafe(self.notify)
        journal = WatchedJournal.watched(folder, self.tickets, later)
        settings = {"operators": (self.asker(Who.OPERATOR),)} | settings
        own = replace(app, settings=app.settings.model_copy(update=settings))
        dialogue = own.dialogue(journal)
        with suppress(IndexMissing):
            await dialogue.prepare()
        surface = self._surface(dialogue)
        running = asyncio.create_task(surface.run())
        self._recovery = Recovery(journal, dialogue, [surface])
        self._served += 1
        try:
            await self.connected(self._served)
            yield self
            assert not running.done(), "the surface has stopped serving"
        finally:
            running.cancel()
            await asyncio.wait([running])
            journal.close()

    async def recover(self) -> None:
        """Let the bot look once for what other processes left."""
        await self._recovery.once()

    @abstractmethod
    def begin(self) -> None:
        """Open a new channel, and forget what was seen before."""

    def mention(
        self, text: str, by: Who = Who.ADA, after: Act | None = None, within: object = None
    ) -> Act:
        """Mention the bot in the channel.

        Args:
            text: what is said to it.
            by: who says it.
            after: what was said before, if this replies to the answer to it.
            within: the thread in which it is said.
        """
        return self._say(f"{self.bot_mention} {text}", by, after, within)

    def say_aside(
        self, text: str, by: Who = Who.ADA, after: Act | None = None, within: object = None
    ) -> Act:
        """Say something without mentioning the bot; see :meth:`mention`."""
        return self._say(text, by, after, within)

    @abstractmethod
    def write_directly(self, text: str, by: Who = Who.ADA) -> Act:
        """Write a direct message."""

    @abstractmethod
    def open_thread(self) -> object:
        """Open a thread in the channel."""

    @abstractmethod
    def command(self, name: str, by: Who = Who.ADA, **options: str | bool) -> Act:
        """Use a command in the channel; its answer is private only if an option says so."""

    @abstractmethod
    def command_elsewhere(self, name: str, **options: str | bool) -> Act:
        """Let Ada use a command in a place that the bot isn't in."""

    @abstractmethod
    def choose(self, command: str, on: Act | Seen, by: Who = Who.ADA) -> Act:
        """Use a command of a message's menu."""

    @abstractmethod
    def press(self, seen: Seen, label: str, by: Who = Who.ADA) -> Act:
        """Press a button."""

    @abstractmethod
    async def fill(self, seen: Seen, label: str, words: str, by: Who = Who.ADA) -> Act:
        """Press a button, and fill in the form that it opens."""

    @abstractmethod
    def deliver_again(self, act: Act) -> None:
        """Let the platform deliver a message once more."""

    async def answered(self, act: Act) -> Seen:
        """Wait until the answer stands, and return it.

        Raises:
            AssertionError: there is no answer, or more than one.
        """
        await self.done(act)
        new = self.seen_after(act)
        standing = [seen for seen in new if not seen.is_progress]
        assert len(standing) == 1, f"in place of one answer there are {new}"
        told = tuple(seen.text for seen in new if seen.is_progress)
        return replace(standing[0], progress=(*told, *standing[0].progress))

    async def done(self, act: Act) -> None:
        """Wait until the core was told that the answer stands."""
        await self.until(lambda: self.tickets.finished.count(act.key) > act.times)

    async def heard(self, act: Act) -> None:
        """Wait until the core has heard every delivery of a message."""
        await self.until(lambda: self._times_heard(act) == self._deliveries(act))

    @abstractmethod
    async def connected(self, times: int) -> None:
        """Wait until the surface has connected so many times."""

    @abstractmethod
    async def until(self, predicate: Callable[[], T | None]) -> T:
        """Wait until something is true."""

    @abstractmethod
    def notify(self) -> None:
        """Let everybody who waits look again."""

    @property
    @abstractmethod
    def bot_mention(self) -> str:
        """The markup that mentions the bot."""

    @abstractmethod
    def mention_of(self, who: Who) -> str:
        """The markup that mentions a person."""

    @abstractmethod
    def asker(self, who: Who) -> str:
        """A person's id in the form of the operators setting."""

    @property
    @abstractmethod
    def home(self) -> str:
        """The workspace in the form of the home setting."""

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
    def progress(self) -> list[str]:
        """All that was shown of what is being done, oldest first."""

    @property
    @abstractmethod
    def pictures(self) -> list[Shown]:
        """The pictures that people see, oldest first."""

    @abstractmethod
    def refuse_picture(self) -> None:
        """Let the platform refuse the next picture."""

    def seen_after(self, act: Act) -> list[Seen]:
        """What people see of the bot under an act that they did not see before it."""
        new = [seen for seen in self.seen if seen.id not in act.before]
        return [seen for seen in new if seen.under == act.under]

    @abstractmethod
    def _say(self, text: str, by: Who, after: Act | None, within: object) -> Act: ...

    @abstractmethod
    def _surface(self, core: Responder) -> Surface: ...

    @abstractmethod
    def _deliveries(self, act: Act) -> int: ...

    def _act(self, key: str, under: str | None, handle: object) -> Act:
        key = f"{self.name}:{key}"
        before = frozenset(seen.id for seen in self.seen)
        return Act(key, under, before, self.tickets.finished.count(key), handle)

    def _times_heard(self, act: Act) -> int:
        return [key for key, _ in self.tickets.asked].count(act.key)
