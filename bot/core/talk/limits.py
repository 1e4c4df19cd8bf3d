"""How much one person, and one channel, may ask."""

from __future__ import annotations

from dataclasses import dataclass

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.core.conversation import Utterance
from bot.core.messages import wording

_Counted = tuple[tuple[RateLimitItem, ...], tuple[str, ...], str]
"""The limits, whose they are, and what to say to who is over them."""


@dataclass(frozen=True)
class Allowance:
    """What may be asked.

    Args:
        person: by one person, such as ``20/minute;300/day``; empty for no limit.
        channel: in one channel by all.
    """

    person: str = ""
    channel: str = ""


class Limits:
    """Counts what is asked. Nothing blocks; counts die with the process.

    Args:
        allowance: what may be asked.

    Raises:
        ValueError: a limit isn't written as it must be.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._person = _items(allowance.person)
        self._channel = _items(allowance.channel)

    def refusal(self, said: Utterance) -> str | None:
        """What to say to somebody who asks too much; ``None`` if it isn't too much."""
        for items, key, text in self._counted(said):
            if not all(self._limiter.test(item, *key) for item in items):
                return text
        return None

    def take(self, said: Utterance) -> str | None:
        """Count something that is asked, or tell why it is too much."""
        refusal = self.refusal(said)
        if refusal is None:
            self.count(said)
        return refusal

    def count(self, said: Utterance) -> None:
        """Count something that is answered."""
        for items, key, _ in self._counted(said):
            for item in items:
                self._limiter.hit(item, *key)

    def _counted(self, said: Utterance) -> list[_Counted]:
        counted: list[_Counted] = [(self._person, (said.asker,), wording.TOO_MANY)]
        if not said.place.direct:
            place = (said.place.platform, said.place.workspace, said.place.channel)
            counted.append((self._channel, place, wording.TOO_MANY_HERE))
        return counted


def _items(limits: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(limits)) if limits.strip() else ()
