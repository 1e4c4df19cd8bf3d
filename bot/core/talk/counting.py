"""The journal as the storage of the library that counts."""

from __future__ import annotations

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport

from bot.core.journal import Journal
from knowledge.errors import KnowledgeError


class JournalStorage(Storage, SlidingWindowCounterSupport):
    """Keeps in the journal what is counted.

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
