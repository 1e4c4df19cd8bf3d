"""How one answer is made: what ends it early, and what it may use."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.answers.metering import Meter
from bot.core.answers.stopping import Stop


@dataclass(frozen=True)
class Run:
    """One answer in the making.

    Args:
        stop: ends it early.
        meter: counts the tokens that the language model uses for it.
        frugal: whether it must do without the language model.
    """

    stop: Stop = field(default_factory=Stop)
    meter: Meter = field(default_factory=Meter)
    frugal: bool = False
