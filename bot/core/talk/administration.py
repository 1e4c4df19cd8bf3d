"""What operators do with the library, and administrators with their channels, from the chat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.core.action import Action, Verb
from bot.core.conversation import Level, Utterance
from bot.core.errors import ExplainerError
from bot.core.journal import Journal
from bot.core.messages import phrasing, reports, wording
from bot.core.messages.message import Button, Buttons, Message, Tone
from knowledge.errors import KnowledgeError, ReindexRefused
from knowledge.library import EditionOverview, EditionRecord
from knowledge.reindexing import Order, Progress, Report
from knowledge.reindexing.overview import SourceOverview

_log = logging.getLogger(__name__)

RELEASE = "release"
ALL_SOURCES = "all"
MAX_GAPS = 20
MAX_EDITIONS = 5


class Librarian(Protocol):
    """Takes care of the library. Every method is blocking."""

    def reindex(self, order: Order, tell: Callable[[Progress], None]) -> Report:
        """Bring the articles up to date; see :class:`knowledge.reindexing.Reindexer`."""

    def roll_back(self, edition: int | None, who: str) -> EditionRecord:
        """Let an earlier edition serve again, and pin it."""

    def release(self) -> None:
        """Let reindexes publish over a pinned edition again."""

    def sources(self) -> list[SourceOverview]:
        """The sources, and how reading them went."""

    def editions(self) -> list[EditionOverview]:
        """The editions that serve or have served, the newest first."""


class Permissions:
    """Who may do what.

    Args:
        operators: ids of those who may change the library.
        homes: places, as ``platform:workspace``, whose administrators are operators, too.
    """

    def __init__(self, operators: Sequence[str], homes: Sequence[str] = ()) -> None:
        self._operators = frozenset(operators)
        self._homes = frozenset(homes)

    def operates(self, said: Utterance) -> bool:
        """Whether somebody may change everybody's articles."""
        home = f"{said.place.platform}:{said.place.workspace}"
        return said.asker in self._operators or (said.administers and home in self._homes)

    def administers(self, said: Utterance) -> bool:
        """Whether somebody may say how the bot behaves in a channel."""
        return said.administers or self.operates(said)


class Administration:
    """Carries out what operators and administrators want. Who may do it was asked before.

    Args:
        librarian: takes care of the library.
        journal: knows the channels, and what was asked in them.
    """

    def __init__(self, librarian: Librarian, journal: Journal) -> None:
        self._librarian = librarian
        self._journal = journal

    async def look(self, said: Utterance, name: str) -> AsyncIterator[Message]:
        """Tell what a reindex would change, and ask whether it shall be done.

        Args:
            said: who asks.
            name: of this reply; the button that confirms it counts once.
        """
        confirm = (Button(wording.REINDEX_NOW, Action(Verb.REINDEX, name), Tone.MAIN),)
        async for message in self._reindexing(Order(said.asker, dry_run=True), confirm):
            yield message

    async def reindex(
        self, said: Utterance, name: str, force: bool = False
    ) -> AsyncIterator[Message]:
        """Read the sources again, telling how far it is."""
        confirm = (Button(wording.FORCE_NOW, Action(Verb.FORCE, name), Tone.DANGER),)
        order = Order(said.asker, force=force)
        async for message in self._reindexing(order, () if force else confirm):
            yield message

    async def sources(self) -> AsyncIterator[Message]:
        """List the sources."""
        found = await asyncio.to_thread(self._librarian.sources)
        yield reports.sources_message(found)

    async def editions(self) -> AsyncIterator[Message]:
        """List the editions."""
        found = await asyncio.to_thread(self._librarian.editions)
        yield reports.editions_message(found)

    async def status(self) -> AsyncIterator[Message]:
        """Tell how the index is doing."""
        yield await self.state()

    async def state(self) -> Message:
        """How the index is doing."""
        editions = await asyncio.to_thread(self._librarian.editions)
        sources = await asyncio.to_thread(self._librarian.sources)
        return reports.status_message(editions, sources)

    async def roll_back(self, said: Utterance, name: str, edition: str) -> AsyncIterator[Message]:
        """Let an earlier edition serve again, or end that; ask which one if none is named.

        Args:
            said: who asks.
            name: of this reply; its buttons count once.
            edition: a number, or ``release``.
        """
        try:
            yield await self._rolled_back(said, name, edition.strip().lower().removeprefix("#"))
        except KnowledgeError as error:
            yield phrasing.say(reports.in_a_chat(str(error)))

    async def channel(self, said: Utterance, options: Mapping[str, str]) -> AsyncIterator[Message]:
        """Set, and tell, how the bot behaves in a channel."""
        sources = await self._sources_named(options.get("sources", ""))
        level = Level(options["level"]) if "level" in options else None
        await asyncio.to_thread(
            self._journal.set_channel, said.place, options.get("answer"), level, sources
        )
        habits = await asyncio.to_thread(self._journal.habits, said.place)
        yield reports.channel_message(habits)

    async def gaps(self, said: Utterance) -> AsyncIterator[Message]:
        """List what was asked in a channel and not answered well."""
        found = await asyncio.to_thread(self._journal.gaps, said.place, MAX_GAPS)
        yield reports.gaps_message(found)

    async def _rolled_back(self, said: Utterance, name: str, wanted: str) -> Message:
        if wanted == RELEASE:
            await asyncio.to_thread(self._librarian.release)
            return phrasing.say(wording.RELEASED)
        if wanted.isdecimal():
            record = await asyncio.to_thread(self._librarian.roll_back, int(wanted), said.asker)
            release = Button(wording.RELEASE, Action(Verb.ROLL_BACK, name, RELEASE))
            text = wording.ROLLED_BACK.format(
                edition=record.id, created=f"{record.created:%Y-%m-%d %H:%M}"
            )
            return phrasing.say(text, offers=(Buttons((release,)),))
        found = await asyncio.to_thread(self._librarian.editions)
        buttons = tuple(_earlier(each, name) for each in found[:MAX_EDITIONS] if not each.serving)
        text = wording.ROLL_BACK_WHICH if buttons else wording.NO_EARLIER_EDITION
        return phrasing.say(text, offers=(Buttons(buttons),) if buttons else ())

    async def _sources_named(self, names: str) -> tuple[str, ...] | None:
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        if not wanted:
            return None
        if wanted == [ALL_SOURCES]:
            return ()
        known = [source.name for source in await asyncio.to_thread(self._librarian.sources)]
        for name in wanted:
            if name not in known:
                raise ExplainerError(
                    wording.NO_SOURCE.format(name=name, sources=wording.listed(known))
                )
        return tuple(wanted)

    async def _reindexing(
        self, order: Order, confirm: tuple[Button, ...]
    ) -> AsyncIterator[Message]:
        yield phrasing.say(wording.REINDEX_STARTS, progress=True)
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[Progress | None] = asyncio.Queue()

        def tell(progress: Progress) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, progress)

        work = asyncio.create_task(asyncio.to_thread(self._librarian.reindex, order, tell))
        work.add_done_callback(lambda _: heard.put_nowait(None))
        while progress := await heard.get():
            while not heard.empty():
                progress = heard.get_nowait() or progress
            yield reports.progress_message(progress)
            if work.done():
                break
        yield await self._outcome(work, order, confirm)

    async def _outcome(
        self, work: asyncio.Task[Report], order: Order, confirm: tuple[Button, ...]
    ) -> Message:
        try:
            report = await work
        except (KnowledgeError, ExplainerError) as error:
            _log.error("%s", error)
            text = wording.REINDEX_FAILED.format(reason=reports.in_a_chat(str(error)))
            refused = isinstance(error, ReindexRefused) and not order.dry_run
            return phrasing.say(text, offers=(Buttons(confirm),) if refused and confirm else ())
        problems = tuple(map(reports.in_a_chat, report.problems))
        wanted = order.dry_run and report.diff.changes
        return reports.report_message(
            replace(report, problems=problems), (Buttons(confirm),) if wanted else ()
        )


def _earlier(edition: EditionOverview, name: str) -> Button:
    created = f"{edition.record.created:%Y-%m-%d %H:%M}"
    label = wording.ROLL_BACK_TO.format(edition=edition.record.id, created=created)
    return Button(label, Action(Verb.ROLL_BACK, name, str(edition.record.id)))
