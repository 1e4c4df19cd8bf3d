"""How much was asked lately, counted over all processes."""

from __future__ import annotations

from math import floor

from sqlalchemy import Connection, select

from bot.core.journal.schema import counts
from bot.core.journal.store import Store


class CountStore(Store):
    """Counts in windows that slide: what the last window held counts for the part of it that is
    still within reach. Every method is blocking.
    """

    def count_within(self, name: str, seconds: int, limit: int, amount: int = 1) -> bool:
        """Count something, unless that would be more than the limit.

        Args:
            name: what is counted.
            seconds: how long a window is.
            limit: how much may be counted in any such window.
            amount: how much is counted.

        Returns:
            Whether it was counted.
        """
        now = self._clock()
        period = int(now // seconds)
        new = self._database.insert(counts).values(
            name=name, period=period, amount=amount, expires=(period + 2) * seconds
        )
        with self._writing() as connection:
            before, _ = _amounts(connection, name, period)
            room = limit - floor(before * _reach(now, seconds))
            if amount > room:
                return False
            raised = new.on_conflict_do_update(
                index_elements=["name", "period"],
                set_={"amount": counts.c.amount + amount},
                where=counts.c.amount + amount <= room,
            )
            return connection.execute(raised.returning(counts.c.amount)).first() is not None

    def counted(self, name: str, seconds: int) -> tuple[int, float, int, float]:
        """What was counted.

        Returns:
            The amount of the window before, the seconds for which it still counts, the amount
            of this window, and the seconds for which that counts.
        """
        now = self._clock()
        with self._reading() as connection:
            before, present = _amounts(connection, name, int(now // seconds))
        reach = _reach(now, seconds) * seconds
        return before, reach, present, reach + seconds


def _reach(now: float, seconds: int) -> float:
    """The part of the window before that is still within reach."""
    return 1 - now / seconds % 1


def _amounts(connection: Connection, name: str, period: int) -> tuple[int, int]:
    chosen = select(counts.c.period, counts.c.amount).where(
        counts.c.name == name, counts.c.period.in_((period - 1, period))
    )
    found = {row.period: row.amount for row in connection.execute(chosen)}
    return found.get(period - 1, 0), found.get(period, 0)
