"""The real journal, of which a test can wait for the tickets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bot.core.conversation import Place
from bot.core.journal import Journal
from bot.core.request import Request


@dataclass
class Tickets:
    """What became of the tickets, over every opening of a journal.

    Args:
        noticed: called from any thread after each change.
        asked: each time that a ticket was asked for, and whether it was handed out.
        finished: the keys of those that were handed back, the answer being posted.
        partners: whom the bot began to talk with in a thread; ``None`` where it ended that.
    """

    noticed: Callable[[], object] = lambda: None
    asked: list[tuple[str, bool]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    partners: list[str | None] = field(default_factory=list)

    @property
    def taken(self) -> list[str]:
        """The keys of those that were handed out, in order."""
        return [key for key, given in self.asked if given]

    def forget(self) -> None:
        """Begin anew."""
        self.asked.clear()
        self.finished.clear()
        self.partners.clear()


class WatchedJournal(Journal):
    """The journal, which tells what becomes of its tickets."""

    tickets: Tickets

    @classmethod
    def watched(cls, folder: Path, tickets: Tickets, later: float = 0.0) -> Self:
        """Open the journal of a data directory.

        Args:
            folder: the data directory.
            tickets: where to note them.
            later: how many seconds its clock is ahead.
        """
        journal = cls.open(folder, lambda: time.time() + later)
        assert isinstance(journal, cls)
        journal.tickets = tickets
        return journal

    def take_ticket(self, key: str, request: Request | None = None) -> bool:
        given = False
        try:
            given = super().take_ticket(key, request)
        finally:
            self.tickets.asked.append((key, given))
            self.tickets.noticed()
        return given

    def finish_ticket(self, key: str) -> None:
        try:
            super().finish_ticket(key)
        finally:
            self.tickets.finished.append(key)
            self.tickets.noticed()

    def talk_with(self, place: Place, partner: str | None) -> None:
        super().talk_with(place, partner)
        self.tickets.partners.append(partner)
        self.tickets.noticed()
