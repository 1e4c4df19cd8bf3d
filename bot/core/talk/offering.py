"""Which buttons stand under what was said."""

from __future__ import annotations

import textwrap

from bot.core.action import Action, Verb
from bot.core.answers.answer import Answer, Status
from bot.core.answers.terms import DEFINITIONS
from bot.core.conversation import Level
from bot.core.demonstration import Demonstration, Kind
from bot.core.messages import wording
from bot.core.messages.message import Block, Button, Buttons, Rating, Tone
from bot.core.talk.showing import demonstration_of, step_code

MAX_LABEL = 75

_SIMPLER = {
    None: Level.BEGINNER,
    Level.PRACTITIONER: Level.BEGINNER,
    Level.EXPERT: Level.PRACTITIONER,
}
_DEEPER = {
    Level.BEGINNER: Level.PRACTITIONER,
    Level.PRACTITIONER: Level.EXPERT,
    None: Level.EXPERT,
}
_OTHER_TEXTS = frozenset(Kind) - {Kind.PATH}


def under_answer(
    record: int, answer: Answer, level: Level | None, *, private: bool = False, mute: bool = False
) -> tuple[Block, ...]:
    """What an answer offers.

    Args:
        record: the answer's number in the journal.
        answer: what was said.
        level: whom it was written for.
        private: whether only the asker sees it, who may share it then.
        mute: whether to offer silence, because nobody addressed the bot.
    """
    about = str(record)
    answered = answer.status is not Status.ABSTAINED
    row = [*_levels(about, level)] if answered and answer.model != DEFINITIONS else []
    if answered and answer.topics and demonstration_of(answer.topics[0].id):
        row.append(Button(wording.SHOW_ME, Action(Verb.SHOW, about)))
    row += [Button(wording.ASK_MORE, Action(Verb.ASK_MORE, about))] if answered else []
    row += _share(about) if private and answered else []
    row += [Button(wording.BE_QUIET, Action(Verb.QUIET, about))] if mute else []
    blocks: list[Block] = []
    if answer.followups:
        blocks.append(
            Buttons(
                tuple(
                    Button(label_of(question), Action(Verb.FOLLOW_UP, about, str(number)))
                    for number, question in enumerate(answer.followups)
                ),
                wording.ASK_NEXT,
            )
        )
    blocks += [Buttons(tuple(row[:5]))] if row else []
    return (*blocks, _rating(about)) if answered else tuple(blocks)


def under_summary(
    record: int, topic_id: str, level: Level | None, private: bool
) -> tuple[Block, ...]:
    """What a summary offers."""
    about = str(record)
    row = [*_levels(about, level)]
    if demonstration_of(topic_id):
        row.append(Button(wording.SHOW_ME, Action(Verb.SHOW, about)))
    row += _share(about) if private else []
    return (Buttons(tuple(row)), _rating(about))


def under_demonstration(
    record: int, kind: Kind, shown: Demonstration, private: bool
) -> tuple[Block, ...]:
    """Ways to go on from a demonstration."""
    about = str(record)
    steps = [
        Button(label_of(step.label), Action(Verb.STEP, about, step_code(step.options)))
        for step in shown.steps[:4]
    ]
    row = [Button(wording.OTHER_TEXT, Action(Verb.OTHER_TEXT, about))] * (kind in _OTHER_TEXTS)
    row += _share(about) if private else []
    groups = (tuple({step.action.code: step for step in steps}.values()), tuple(row))
    return tuple(Buttons(group) for group in groups if group)


def under_path(record: int) -> tuple[Block, ...]:
    """What a private learning path offers."""
    return (Buttons(tuple(_share(str(record)))),)


def while_writing(reply: str) -> Buttons:
    """What an answer offers while a model writes it.

    Args:
        reply: which one.
    """
    return Buttons((Button(wording.STOP, Action(Verb.STOP, reply), Tone.DANGER),))


def _levels(about: str, level: Level | None) -> list[Button]:
    ways = ((wording.SIMPLER, Verb.SIMPLER), (wording.DEEPER, Verb.DEEPER))
    return [Button(label, Action(verb, about)) for label, verb in ways if other_level(verb, level)]


def other_level(verb: Verb, level: Level | None) -> Level | None:
    """Whom an answer is written for when it is wanted simpler or deeper, if that is possible."""
    return (_SIMPLER if verb is Verb.SIMPLER else _DEEPER).get(level)


def _share(about: str) -> list[Button]:
    return [Button(wording.SHARE, Action(Verb.SHARE, about), Tone.MAIN)]


def _rating(about: str) -> Rating:
    return Rating(Action(Verb.GOOD, about), Action(Verb.BAD, about))


def label_of(text: str) -> str:
    """A text as what a button says."""
    return textwrap.shorten(text, MAX_LABEL, placeholder=" …")
