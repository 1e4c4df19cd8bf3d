"""``explainer run``, which now and then dies between post and record; started by the tests.

Takes the chance with which it dies each time, and how many seconds a lease lasts.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from random import Random

from bot.cli import main
from bot.core.journal import Journal, tickets
from bot.core.journal.tickets import TicketStore
from bot.core.talk import recovering
from bot.core.talk import tickets as held


def mortal(chance: float, lease: float) -> None:
    """Let the process die before it writes down where an answer stands."""
    keep_posts, random = Journal.keep_posts, Random(os.getpid())  # noqa: S311 - which one dies

    def keep(self: TicketStore, key: str, message_ids: Sequence[str]) -> None:
        if random.random() < chance:
            os.kill(os.getpid(), signal.SIGKILL)
        keep_posts(self, key, message_ids)

    Journal.keep_posts = keep  # type: ignore[method-assign]
    tickets.LEASE_SECONDS = lease
    vars(held)["RENEW_SECONDS"] = recovering.EVERY_SECONDS = lease / 6


if __name__ == "__main__":
    mortal(float(sys.argv[1]), float(sys.argv[2]))
    sys.argv[1:] = ["run"]
    main()
