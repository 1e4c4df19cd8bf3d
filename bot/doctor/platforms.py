"""Discord and Slack as far as they can be asked, and the clock by which they sign."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from email.utils import parsedate_to_datetime

from sqlalchemy import func, select

from bot.core.errors import ExplainerError
from bot.core.journal import open_journal
from bot.doctor.asking import get
from bot.doctor.machine import is_running
from bot.settings import Settings

WRONG_SECONDS = 60.0
"""Slack's signatures hold for five minutes, and leases between machines for less."""

NOTABLE_SECONDS = 5.0

Clock = tuple[str, Callable[[], float | None]]
"""Whose it is, and what reads it: seconds since the epoch, or ``None`` if nobody answers."""


def discord(settings: Settings) -> str:
    """What Discord's own check tells."""
    if settings.discord_token is None:
        return "off; EXPLAINER_DISCORD_TOKEN is not set"
    from bot.discord import check

    return check(settings)


def slack(settings: Settings) -> str:
    """What Slack's own check tells."""
    if not settings.slack_wanted:
        return "off; EXPLAINER_SLACK_BOT_TOKEN and EXPLAINER_SLACK_APP_TOKEN are not set"
    from bot.slack import check

    return check(settings, running=is_running(settings.data_dir))


def clock(settings: Settings, now: Callable[[], float] = time.time) -> str:
    """Compare the machine's clock with the first other one that answers.

    Args:
        settings: say whose clocks there are.
        now: the machine's own.

    Raises:
        ExplainerError: it is wrong, or nobody tells the time.
    """
    clocks = list(_clocks(settings))
    for whose, read in clocks:
        began = now()
        there = read()
        if there is not None:
            return judged(whose, (began + now()) / 2 - there)
    if clocks:
        raise ExplainerError("nobody tells the time; see what is said about the network above.")
    return "nothing to compare it with, and nothing that depends on it"


def judged(whose: str, ahead: float) -> str:
    """What a difference between two clocks means.

    Args:
        whose: who has the other one.
        ahead: how many seconds ours is before it; negative if it is behind.

    Raises:
        ExplainerError: it is too large; says what to do.
    """
    apart = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {whose}"
    advice = "let the machine keep its time by NTP (`timedatectl set-ntp true`)"
    if abs(ahead) > WRONG_SECONDS:
        raise ExplainerError(
            f"{apart}: {advice}. Slack's signatures are refused when five minutes apart, and "
            "machines that share a database lose their turns."
        )
    if abs(ahead) > NOTABLE_SECONDS:
        return f"{apart}, which does no harm yet: {advice}"
    return f"as {whose}"


def _clocks(settings: Settings) -> Iterator[Clock]:
    if settings.slack_wanted:
        from bot.slack.checking import address as slack_address

        yield "Slack's", lambda: _date(slack_address(settings))
    if settings.discord_token is not None:
        from bot.discord.checking import address as discord_address

        yield "Discord's", lambda: _date(discord_address(settings))
    if settings.database:
        yield "the database server's", lambda: _server_time(settings)


def _date(address: str) -> float | None:
    """What a server's ``Date`` says, RFC 9110 section 6.6.1; it leaves out parts of seconds."""
    response = get(address)
    try:
        date = parsedate_to_datetime(response.headers["Date"]) if response else None
    except (KeyError, ValueError):
        return None
    return date.timestamp() + 0.5 if date else None


def _server_time(settings: Settings) -> float | None:
    opened = open_journal(settings.data_dir, settings.database)
    with closing(opened), opened.reading() as connection:
        there = connection.execute(select(func.clock_timestamp())).scalar()
        return there.timestamp() if there else None
