"""What a button does, and what it asks before it does it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_CODE = 100
"""The longest code of an action: what Discord keeps with a button."""


class Verb(StrEnum):
    """What is done when a button is pressed."""

    SIMPLER = "simpler"
    DEEPER = "deeper"
    SHOW = "show"
    FOLLOW_UP = "ask"
    ASK_MORE = "more"
    GOOD = "good"
    BAD = "bad"
    SHARE = "share"
    STOP = "stop"
    QUIET = "quiet"
    STEP = "step"
    OTHER_TEXT = "text"
    REINDEX = "reindex"
    FORCE = "force"
    LOOK = "look"
    AGAIN = "again"
    ROLL_BACK = "rollback"
    FORGET = "forget"

    @property
    def administrative(self) -> bool:
        """Whether it matters if the person administers the place: see ``Utterance``."""
        return self in (Verb.LOOK, Verb.REINDEX, Verb.FORCE, Verb.ROLL_BACK)


@dataclass(frozen=True)
class Action:
    """What a button does. It needs no memory of the bot's process: all that it is about stands
    in the journal, so it works after a restart and in any process.

    Args:
        verb: what is done.
        about: which record of the journal, or which reply, it is about; may be empty.
        detail: what else there is to know, such as the number of a follow-up question.
    """

    verb: Verb
    about: str = ""
    detail: str = ""

    @property
    def code(self) -> str:
        """The action as a short text, which a platform keeps with the button."""
        return f"{self.verb}:{self.about}:{self.detail}"

    @classmethod
    def read(cls, code: str) -> Action | None:
        """Understand a code; ``None`` if no action is written so."""
        verb, _, rest = code.partition(":")
        about, _, detail = rest.partition(":")
        if len(code) > MAX_CODE or verb not in list(Verb):
            return None
        return cls(Verb(verb), about, detail)


@dataclass(frozen=True)
class Form:
    """What a button asks before it acts; the words go into ``Utterance.text``.

    Args:
        title: what the form is for, at most 24 characters.
        label: what is asked, at most 45 characters.
        hint: an example, shown until something is typed; at most 100 characters.
        limit: how many characters may be typed.
        required: whether something must be typed.
    """

    title: str
    label: str
    hint: str = ""
    limit: int = 1000
    required: bool = True
