"""How much one person, and one channel, may ask."""

from __future__ import annotations

from bot.core.conversation import Place
from bot.core.messages import wording
from bot.core.talk.limits import Allowance, Limits
from tests.bot.core.making import said

ADA, GRACE = "slack:T1:U1", "slack:T1:U2"


def asked(limits: Limits, times: int, asker: str = ADA, **where: Place) -> str | None:
    """What somebody is told after having asked so often."""
    for _ in range(times):
        limits.count(said("", asker=asker, **where))
    return limits.refusal(said("", asker=asker, **where))


def test_below_the_limit_nobody_is_refused() -> None:
    assert asked(Limits(Allowance("3/hour")), 2) is None


def test_at_the_limit_a_person_is_refused() -> None:
    assert asked(Limits(Allowance("3/hour")), 3) == wording.TOO_MANY


def test_looking_does_not_count() -> None:
    limits = Limits(Allowance("1/hour"))
    assert [limits.refusal(said("")) for _ in range(5)] == [None] * 5


def test_another_person_is_not_refused() -> None:
    limits = Limits(Allowance("1/hour"))
    asked(limits, 1)
    assert limits.refusal(said("", asker=GRACE)) is None


def test_the_strictest_of_several_limits_counts() -> None:
    assert asked(Limits(Allowance("100/day;2/hour")), 2) == wording.TOO_MANY


def test_a_channel_is_shared() -> None:
    limits = Limits(Allowance(channel="2/hour"))
    asked(limits, 1, ADA)
    assert asked(limits, 1, GRACE) == wording.TOO_MANY_HERE
    assert limits.refusal(said("", place=Place("slack", "T1", "C2"))) is None


def test_threads_belong_to_their_channel() -> None:
    limits = Limits(Allowance(channel="1/hour"))
    thread = Place("slack", "T1", "C1", thread="1700.1")
    assert asked(limits, 1, place=thread) == wording.TOO_MANY_HERE
    assert limits.refusal(said("")) == wording.TOO_MANY_HERE


def test_a_direct_conversation_is_no_channel() -> None:
    direct = Place("slack", "T1", "D1", direct=True)
    assert asked(Limits(Allowance(channel="1/hour")), 5, place=direct) is None


def test_without_limits_nobody_is_refused() -> None:
    assert asked(Limits(Allowance()), 1_000) is None
