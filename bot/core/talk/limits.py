"""How much one person, one channel, and all together may ask, and what that may cost."""

from __future__ import annotations

from dataclasses import dataclass

from limits import RateLimitItem, parse_many
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.core.conversation import Utterance
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.talk.counting import JournalStorage


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


@dataclass(frozen=True)
class _Scope:
    """Those who are counted together.

    Args:
        items: their limits.
        key: what they are counted by.
        text: what to say when they are over a limit.
    """

    items: tuple[RateLimitItem, ...]
    key: tuple[str, ...]
    text: str


class _Scopes:
    """Whom something said counts for.

    Args:
        what: what is counted.
        allowance: how much of it is allowed.
        journal: knows people by the names that it keeps them under.

    Raises:
        ValueError: a limit isn't written as it must be.
    """

    def __init__(self, what: str, allowance: Allowance, journal: Journal) -> None:
        self._what = what
        self._journal = journal
        self._person = _items(allowance.person)
        self._channel = _items(allowance.channel)
        self._total = _items(allowance.total)

    def of(self, said: Utterance) -> list[_Scope]:
        """The person, the channel unless it is a direct message, and all together."""
        person, place = self._journal.person(said.asker), said.place
        found = [_Scope(self._person, (self._what, "person", person), wording.TOO_MANY)]
        if not place.direct:
            channel = (self._what, place.platform, place.workspace, place.channel)
            found.append(_Scope(self._channel, channel, wording.TOO_MANY_HERE))
        return [*found, _Scope(self._total, (self._what, "all"), wording.TOO_MANY_IN_ALL)]


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
        self._scopes = _Scopes("questions", allowance, journal)

    def take(self, said: Utterance) -> str | None:
        """Count something that is asked, or tell why it is too much.

        Returns:
            What to say to somebody who asks too much; ``None`` if it isn't too much.

        Raises:
            StorageError: the counts can't be had.
        """
        scopes = self._scopes.of(said)
        for scope in scopes:
            if not all(self._limiter.test(item, *scope.key) for item in scope.items):
                return scope.text
        for scope in scopes:
            hits = [self._limiter.hit(item, *scope.key) for item in scope.items]
            if not all(hits):
                return scope.text  # another process was faster
        return None


class Budget:
    """Counts the language model's tokens, over all processes that share a journal.

    An answer is begun as long as anything is left, so one may go over the limit; what it goes
    over is not held against anybody. Every method is blocking.

    Args:
        allowance: how many tokens may be used.
        journal: keeps the counts.

    Raises:
        ValueError: a limit isn't written as it must be.
    """

    def __init__(self, allowance: Allowance, journal: Journal) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(JournalStorage(journal))
        self._scopes = _Scopes("tokens", allowance, journal)

    def is_left(self, said: Utterance) -> bool:
        """Whether the language model may be used for something said.

        Raises:
            StorageError: the counts can't be had.
        """
        return all(
            self._limiter.test(item, *scope.key)
            for scope in self._scopes.of(said)
            for item in scope.items
        )

    def spend(self, said: Utterance, tokens: int) -> None:
        """Count tokens that were used for something said.

        Raises:
            StorageError: the counts can't be had.
        """
        for scope in self._scopes.of(said):
            for item in scope.items:
                self._use(item, scope.key, tokens)

    def _use(self, item: RateLimitItem, key: tuple[str, ...], tokens: int) -> None:
        while tokens > 0:
            cost = min(tokens, self._limiter.get_window_stats(item, *key).remaining)
            if cost <= 0 or self._limiter.hit(item, *key, cost=cost):
                return  # else another process has used some meanwhile


def _items(limits: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(limits)) if limits.strip() else ()
