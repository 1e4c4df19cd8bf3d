"""What a person's words or clicks lead to, and who does the work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.core.messages import phrasing
from bot.core.messages.message import Message
from bot.core.observer import Observer, nobody
from bot.core.talk.administration import Administration, Permissions
from bot.core.talk.answering import Answering
from bot.core.talk.demonstrating import Demonstrating
from bot.core.talk.limits import Limits
from bot.core.talk.privacy import Privacy


@dataclass(frozen=True)
class Turn:
    """What is going to be said.

    Args:
        messages: each replaces the one before.
        private: whether only the person may see it.
        unasked: whether nobody addressed the bot.
        counts: whether it is work that a person may not ask for without end.
    """

    messages: AsyncIterator[Message]
    private: bool = False
    unasked: bool = False
    counts: bool = True


@dataclass(frozen=True)
class Staff:
    """Those who do the work behind a dialogue.

    Args:
        answering: answers questions.
        demonstrating: shows concepts at work.
        administration: takes care of library and channels.
        permissions: knows who may do what.
        privacy: tells and deletes what is kept of people.
        observer: is told what happens.
    """

    answering: Answering
    demonstrating: Demonstrating
    administration: Administration
    permissions: Permissions
    privacy: Privacy
    observer: Observer = nobody


@dataclass(frozen=True)
class Bounds:
    """How much may be asked.

    Args:
        limits: by one person, in one channel, and by all.
        queue: how many replies may be under way at once in this process.
    """

    limits: Limits
    queue: int = 200


def word(text: str, *, private: bool = False) -> Turn:
    """A short word, which costs nothing."""
    return Turn(just(phrasing.say(text)), private, counts=False)


async def just(message: Message) -> AsyncIterator[Message]:
    """A reply of one message."""
    yield message


async def nothing() -> AsyncIterator[Message]:
    """A reply that leaves nothing to be seen."""
    return
    yield
