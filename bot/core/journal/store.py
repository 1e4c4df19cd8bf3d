"""What all parts of the journal share: the database, a clock, and how people are named in it."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime

from knowledge import database
from knowledge.database import Database


class Store(database.Store):
    """An opened database.

    Args:
        opened: the database.
        clock: seconds since the epoch.
        id_key: if given, people are named by hashes that only this key can make.
    """

    def __init__(
        self, opened: Database, clock: Callable[[], float] = time.time, id_key: str = ""
    ) -> None:
        super().__init__(opened)
        self._clock = clock
        self._id_key = id_key.encode()

    def now(self) -> datetime:
        """The present time by the journal's clock."""
        return datetime.fromtimestamp(self._clock(), UTC)

    def person(self, asker: str) -> str:
        """What a person is called in the journal."""
        if not self._id_key:
            return asker
        platform = asker.partition(":")[0]
        digest = hmac.new(self._id_key, asker.encode(), hashlib.sha256).hexdigest()
        return f"{platform}:#{digest[:40]}"
