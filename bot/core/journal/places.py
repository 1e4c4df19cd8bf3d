"""How the bot is to behave in which place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.core.conversation import Level, Place
from bot.core.journal.schema import places
from bot.core.journal.store import Store

_WHOLE_CHANNEL = ""
_KEYS = ("platform", "workspace", "channel", "thread")


@dataclass(frozen=True)
class Habits:
    """How the bot is to behave in a place.

    Args:
        quiet: whether it speaks there only when it is addressed.
        answers: which messages it answers, if an administrator has said so.
        level: whom its answers are written for, if an administrator has said so.
        sources: names of the sources that it answers from; empty: all.
        partner: whom it talks with in this thread; ``None`` where it only answers if addressed.
    """

    quiet: bool = False
    answers: str | None = None
    level: Level | None = None
    sources: tuple[str, ...] = ()
    partner: str | None = None


class PlaceStore(Store):
    """Keeps how the bot is to behave in channels and threads. Every method is blocking."""

    def habits(self, place: Place) -> Habits:
        """How to behave in a place; a thread has its channel's habits and some of its own."""
        chosen = select(places).where(
            places.c.platform == place.platform,
            places.c.workspace == place.workspace,
            places.c.channel == place.channel,
            places.c.thread.in_({_WHOLE_CHANNEL, place.thread or _WHOLE_CHANNEL}),
        )
        with self._reading() as connection:
            rows = {row.thread: row for row in connection.execute(chosen)}
        channel, thread = rows.get(_WHOLE_CHANNEL), rows.get(place.thread or _WHOLE_CHANNEL)
        return Habits(
            quiet=any(row.quiet for row in (channel, thread) if row),
            answers=channel.answers if channel else None,
            level=Level(channel.level) if channel and channel.level else None,
            sources=tuple(channel.sources or ()) if channel else (),
            partner=thread.partner if thread and place.thread else None,
        )

    def be_quiet(self, place: Place, quiet: bool) -> None:
        """Speak in a thread, or in a channel, only when addressed; or again as before."""
        self._set(place, place.thread or _WHOLE_CHANNEL, {"quiet": quiet})

    def set_channel(
        self,
        place: Place,
        answers: str | None = None,
        level: Level | None = None,
        sources: tuple[str, ...] | None = None,
    ) -> None:
        """Change how to behave in a channel; what is ``None`` stays as it is."""
        given = {"answers": answers, "level": level, "sources": sources}
        changes = {name: value for name, value in given.items() if value is not None}
        if changes:
            self._set(place, _WHOLE_CHANNEL, changes)

    def talk_with(self, place: Place, partner: str | None) -> None:
        """Follow a thread in which somebody talks with the bot; or follow it no longer."""
        if place.thread:
            known = None if partner is None else self.person(partner)
            self._set(place, place.thread, {"partner": known})

    def _set(self, place: Place, thread: str, changes: dict[str, Any]) -> None:
        row = {
            "platform": place.platform,
            "workspace": place.workspace,
            "channel": place.channel,
            "thread": thread,
        }
        here = [places.c[name] == row[name] for name in _KEYS]
        new = self._database.insert(places).values(row).on_conflict_do_nothing()
        with self._writing() as connection:
            connection.execute(new)
            connection.execute(places.update().where(*here).values(changes))
