"""How much one person, one channel, and all together may ask."""

from __future__ import annotations

from dataclasses import dataclass

from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.core.conversation import Utterance
from bot.core.journal import Journal
from bot.core.messages import wording
from knowledge.errors import KnowledgeError

_Counted = tuple[tuple[RateLimitItem, ...], tuple[str, ...], str]
"""The limits, whose they are, and what to say to who is over them."""


@dataclass(frozen=True)
class Allowance:
    """What may be asked.

    Args:
        person: by one person, such as ``20/minute;300/day``; empty for no limit.
        channel: in one channel by all.
        total: by all together.
    """

    person: str = ""
    channel: str = ""
    total: str = ""


class Limits:
    """Counts what is asked, over all processes that share a journal. Every method is blocking.

    Args:
        allowance: what may be asked.
        journal: keeps the counts.

    Raises:
        ValueError: a limit isn't written as it must be.
    """

    def __init__(self, allowance: Allowance, journal: Journal) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(JournalStorage(journal))
        self._journal = journal
        self._person = _items(allowance.person)
        self._channel = _items(allowance.channel)
        self._total = _items(allowance.total)

    def take(self, said: Utterance) -> str | None:
        """Count something that is asked, or tell why it is too much.

        Returns:
            What to say to somebody who asks too much; ``None`` if it isn't too much.

        Raises:
            StorageError: the counts can't be had.
        """
        counted = self._counted(said)
        for items, key, text in counted:
            if not all(self._limiter.test(item, *key) for item in items):
                return text
        for items, key, text in counted:
            hits = [self._limiter.hit(item, *key) for item in items]
            if not all(hits):
                return text  # another process was faster
        return None

    def _counted(self, said: Utterance) -> list[_Counted]:
        person = ("person", self._journal.person(said.asker))
        counted: list[_Counted] = [(self._person, person, wording.TOO_MANY)]
        if not said.place.direct:
            place = (said.place.platform, said.place.workspace, said.place.channel)
            counted.append((self._channel, place, wording.TOO_MANY_HERE))
        return [*counted, (self._total, ("all",), wording.TOO_MANY_IN_ALL)]


class JournalStorage(Storage, SlidingWindowCounterSupport):
    """The journal as the storage of the library that counts.

    Args:
        journal: where the counts are.
    """

    STORAGE_SCHEME = None

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the journal raises."""
        return KnowledgeError

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count, unless that would be too much."""
        return self._journal.count_within(key, expiry, limit, amount)

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """What was counted, and for how long it counts."""
        return self._journal.counted(key, expiry)

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Not needed: counts expire."""
        raise NotImplementedError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Not needed: windows slide."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Not needed: windows slide."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Not needed: windows slide."""
        raise NotImplementedError

    def check(self) -> bool:
        """Whether the counts can be had; the journal itself tells if not."""
        return True

    def reset(self) -> int | None:
        """Not needed: counts expire."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Not needed: counts expire."""
        raise NotImplementedError


def _items(limits: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(limits)) if limits.strip() else ()
