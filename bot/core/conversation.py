"""What surfaces hand to the core: who said what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Whom an answer is written for."""

    BEGINNER = "beginner"
    PRACTITIONER = "practitioner"
    EXPERT = "expert"


@dataclass(frozen=True)
class Place:
    """Where something was said.

    Args:
        platform: ``discord``, ``slack`` or ``terminal``.
        workspace: guild or team id; empty where there is none.
        channel: channel id; of a thread the one that it belongs to.
        thread: Slack's ``thread_ts`` or the id of Discord's thread; ``None`` outside a thread.
        direct: whether only the asker and the bot can read it.
    """

    platform: str
    workspace: str
    channel: str
    thread: str | None = None
    direct: bool = False


@dataclass(frozen=True)
class Utterance:
    """Something that a person said, as a surface understood it.

    Args:
        key: identifies what was said, not its delivery: the same for every delivery
            of one message (``slack:TEAM:CHANNEL:TS``, ``discord:MESSAGE_OR_INTERACTION_ID``).
        text: the words, without the mention of the bot.
        asker: who said it, in the form of the operators setting
            (``discord:USER_ID``, ``slack:TEAM_ID:USER_ID``).
        place: where it was said.
        addressed: whether it was said to the bot: a mention, a reply to it, a direct
            message or a command.
        reply_to: the id of the bot's message that it replies to, if the platform says so.
        to_others: whether it was said to somebody else: it mentions people, or replies to one.
        administers: whether the person administers the workspace; known for administrative
            commands and buttons only.
        unseen: whether only the person sees the message whose button was pressed.
    """

    key: str
    text: str
    asker: str
    place: Place
    addressed: bool = True
    reply_to: str | None = None
    to_others: bool = False
    administers: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class Exchange:
    """An earlier question with what was answered: the history of a conversation.

    Args:
        question: the question as it was asked.
        topics: ids of the topics that the answer was about, the main one first.
    """

    question: str
    topics: tuple[str, ...] = ()
