"""What is kept of people, as messages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.action import Action, Verb
from bot.core.journal.people import Known
from bot.core.messages import wording
from bot.core.messages.message import Bullets, Button, Buttons, Heading, Message, Tone
from bot.core.messages.phrasing import plain, say


@dataclass(frozen=True)
class Policy:
    """What is kept, and who sees it.

    Args:
        days: after how many days it is deleted; 0: never.
        hashed: whether people are known by hashes of their ids.
        model: the language model that gets people's words; empty if none does.
    """

    days: int = 90
    hashed: bool = False
    model: str = ""


def privacy_message(policy: Policy, known: Known) -> Message:
    """What is kept of everybody, and of the person who asks.

    Args:
        policy: what is kept, and who sees it.
        known: what is kept of the person.
    """
    kept = wording.KEPT_FOR.format(days=policy.days) if policy.days else wording.KEPT
    model = wording.MODEL_SEES.format(model=policy.model) if policy.model else wording.NOBODY_SEES
    lines = (
        wording.KEEPS,
        kept,
        wording.KNOWN_BY_HASH if policy.hashed else wording.KNOWN_BY_ID,
        model,
        wording.KEEPS_NOT,
        f"{wording.OF_YOU} {_counted(known)}.",
    )
    return Message(
        (Heading(wording.PRIVACY), Bullets(tuple(map(plain, lines))), *_offer(known)),
    )


def forget_message(known: Known) -> Message:
    """Ask whether all that is kept of a person shall be deleted."""
    if not known:
        return say(wording.KNOWS_NOTHING)
    return say(wording.FORGET_ASK.format(known=_counted(known)), offers=_offer(known))


def forgotten_message(known: Known) -> Message:
    """What was deleted.

    Args:
        known: what was kept before.
    """
    return say(wording.FORGOTTEN.format(known=_counted(known)) if known else wording.KNOWS_NOTHING)


def _offer(known: Known) -> tuple[Buttons, ...]:
    forget = Button(wording.FORGET_ME, Action(Verb.FORGET), Tone.DANGER)
    return (Buttons((forget,)),) if known else ()


def _counted(known: Known) -> str:
    numbers = {"question": known.questions, "rating": known.ratings}
    kept = [wording.counted(number, thing) for thing, number in numbers.items() if number]
    return wording.listed(kept, "and") or wording.NOTHING
