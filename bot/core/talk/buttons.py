"""Pressed buttons -> what is said to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.core.action import Action, Form, Verb
from bot.core.answers.answer import Answer, TopicSummary
from bot.core.conversation import Exchange, Level, Utterance
from bot.core.demonstration import Showing
from bot.core.journal import Journal, Record
from bot.core.messages import phrasing, wording
from bot.core.messages.message import Message
from bot.core.talk.answering import Asked, reply_name
from bot.core.talk.commanding import Commanding
from bot.core.talk.offering import other_level
from bot.core.talk.showing import demonstration_of, step_options, understood
from bot.core.talk.turns import Staff, Turn, just

FORMS = {
    Verb.ASK_MORE: Form(wording.ASK_MORE, wording.ASK_MORE_LABEL, wording.ASK_MORE_HINT),
    Verb.BAD: Form(wording.BAD_TITLE, wording.BAD_LABEL, wording.BAD_HINT, required=False),
    Verb.OTHER_TEXT: Form(
        wording.OTHER_TEXT, wording.OTHER_TEXT_LABEL, wording.OTHER_TEXT_HINT, limit=2000
    ),
}
"""What is asked before a button acts."""

_FOR_ALL = frozenset({Verb.REINDEX, Verb.FORCE, Verb.ROLL_BACK})
_ONCE = _FOR_ALL | {
    Verb.SIMPLER,
    Verb.DEEPER,
    Verb.SHOW,
    Verb.FOLLOW_UP,
    Verb.SHARE,
    Verb.STEP,
}


@dataclass(frozen=True)
class Press:
    """A pressed button: who pressed it and where, and what it does."""

    said: Utterance
    action: Action


@dataclass(frozen=True)
class PressAbout(Press):
    """A pressed button, and the record that it is about."""

    record: Record


class Buttons:
    """Does what buttons say.

    Args:
        journal: knows what they are about.
        staff: does the work.
        commanding: carries out what is also a command.
    """

    def __init__(self, journal: Journal, staff: Staff, commanding: Commanding) -> None:
        self._journal = journal
        self._staff = staff
        self._commanding = commanding
        self._presses: dict[Verb, Callable[[Press], Turn]] = {
            Verb.SIMPLER: self._about(self._at_other_level),
            Verb.DEEPER: self._about(self._at_other_level),
            Verb.SHOW: self._about(self._show),
            Verb.FOLLOW_UP: self._about(self._follow_up),
            Verb.ASK_MORE: self._about(self._ask_more),
            Verb.STEP: self._about(self._step),
            Verb.OTHER_TEXT: self._about(self._other_text),
            Verb.SHARE: self._about(self._shared, private=False),
            Verb.GOOD: self._about(self._rated, private=True, counts=False),
            Verb.BAD: self._about(self._rated, private=True, counts=False),
            Verb.STOP: self._stop,
            Verb.QUIET: self._quiet,
            Verb.AGAIN: self._about(self._again),
            Verb.LOOK: self._look,
            Verb.REINDEX: self._reindex,
            Verb.FORCE: self._reindex,
            Verb.ROLL_BACK: self._roll_back,
            Verb.FORGET: self._forget,
        }

    def turn(self, said: Utterance, action: Action) -> Turn:
        """What a pressed button leads to."""
        return self._presses[action.verb](Press(said, action))

    def once_key(self, said: Utterance, action: Action) -> str | None:
        """The ticket's key of a press that counts once; ``None`` for one that counts each time.

        What changes the library counts once for all, anything else once for each person. What is
        refused doesn't count.
        """
        if action.verb not in _ONCE or not action.about:
            return None
        if action.verb not in _FOR_ALL:
            return f"press:{action.code}:{self._journal.person(said.asker)}"
        return f"press:{action.code}" if self._staff.permissions.operates(said) else None

    def _about(
        self,
        say: Callable[[PressAbout], AsyncIterator[Message]],
        *,
        private: bool | None = None,
        counts: bool = True,
    ) -> Callable[[Press], Turn]:
        """A press about something in the journal.

        Args:
            say: what is said to it.
            private: whether it is; ``None``: as private as the message with the button.
            counts: whether it is work.
        """

        async def told(press: Press) -> AsyncIterator[Message]:
            number = press.action.about
            record = None
            if number.isdecimal():
                record = await asyncio.to_thread(self._journal.find, int(number))
            if record is None:
                yield phrasing.say(wording.NOTHING_LEFT)
                return
            async for message in say(PressAbout(press.said, press.action, record)):
                yield message

        def turn(press: Press) -> Turn:
            unseen = press.said.unseen if private is None else private
            return Turn(told(press), unseen, counts=counts)

        return turn

    def _at_other_level(self, press: PressAbout) -> AsyncIterator[Message]:
        said, record = press.said, press.record
        level = other_level(press.action.verb, record.level)
        if isinstance(record.content, TopicSummary):
            topic = record.content.topic.title
            return self._staff.answering.summary(said, topic, level, said.unseen)
        return self._answer(press, record.question, level, _before(record))

    def _follow_up(self, press: PressAbout) -> AsyncIterator[Message]:
        record, number = press.record, press.action.detail
        questions = record.content.followups if isinstance(record.content, Answer) else ()
        if not number.isdecimal() or int(number) >= len(questions):
            return just(phrasing.say(wording.NOTHING_LEFT))
        return self._answer(press, questions[int(number)], record.level)

    def _again(self, press: PressAbout) -> AsyncIterator[Message]:
        return self._answer(press, press.record.question, None, _before(press.record))

    def _ask_more(self, press: PressAbout) -> AsyncIterator[Message]:
        before = (Exchange(press.record.question, _topics(press.record)),)
        return self._answer(press, press.said.text, press.record.level, before)

    def _answer(
        self,
        press: PressAbout,
        question: str,
        level: Level | None,
        history: tuple[Exchange, ...] = (),
    ) -> AsyncIterator[Message]:
        said = press.said
        return self._staff.answering.answer(
            Asked(said, question, level, said.unseen, history=history)
        )

    def _show(self, press: PressAbout) -> AsyncIterator[Message]:
        question = press.record.question
        found = (demonstration_of(topic, question) for topic in _topics(press.record))
        showing = next(filter(None, found), None)
        if showing is None:
            return just(phrasing.say(wording.NOTHING_LEFT))
        remark = "" if question in showing.texts else wording.SHOW_EXAMPLE
        return self._demonstrate(press, showing, remark)

    def _step(self, press: PressAbout) -> AsyncIterator[Message]:
        if not isinstance(press.record.content, Showing):
            return just(phrasing.say(wording.NOTHING_LEFT))
        options = step_options(press.action.detail)
        return self._demonstrate(press, replace(press.record.content, options=options))

    def _other_text(self, press: PressAbout) -> AsyncIterator[Message]:
        if not isinstance(press.record.content, Showing):
            return just(phrasing.say(wording.NOTHING_LEFT))
        return self._demonstrate(press, understood(press.record.content.kind, press.said.text))

    def _demonstrate(
        self, press: PressAbout, showing: Showing, remark: str = ""
    ) -> AsyncIterator[Message]:
        said = press.said
        return self._staff.demonstrating.show(said, showing, said.unseen, remark)

    def _shared(self, press: PressAbout) -> AsyncIterator[Message]:
        record, answering = press.record, self._staff.answering
        match record.content:
            case Answer() as answer:
                return just(answering.answered(answer, record.id, record.level))
            case TopicSummary() as summary:
                return just(answering.summarized(summary, record.id, record.level))
            case Showing() as showing:
                return self._staff.demonstrating.show(press.said, showing)

    async def _rated(self, press: PressAbout) -> AsyncIterator[Message]:
        good, reason = press.action.verb is Verb.GOOD, press.said.text.strip()
        asker = press.said.asker
        await asyncio.to_thread(self._journal.rate, press.record.id, asker, good, reason)
        yield phrasing.say(wording.GOOD_RATING if good else wording.BAD_RATING)

    def _stop(self, press: Press) -> Turn:
        return Turn(self._stopped(press), True, counts=False)

    async def _stopped(self, press: Press) -> AsyncIterator[Message]:
        await self._staff.answering.stop(press.action.about, press.said.asker)
        return
        yield

    def _quiet(self, press: Press) -> Turn:
        return Turn(self._commanding.quiet(press.said, quiet=True), counts=False)

    def _look(self, press: Press) -> Turn:
        said = press.said
        look = partial(self._staff.administration.look, said, reply_name(said))
        return self._commanding.operating(said, look)

    def _reindex(self, press: Press) -> Turn:
        said, force = press.said, press.action.verb is Verb.FORCE
        reindex = partial(self._staff.administration.reindex, said, reply_name(said), force)
        return self._commanding.operating(said, reindex)

    def _forget(self, press: Press) -> Turn:
        return Turn(self._staff.privacy.forget(press.said), True, counts=False)

    def _roll_back(self, press: Press) -> Turn:
        said, edition = press.said, press.action.detail
        roll_back = partial(self._staff.administration.roll_back, said, reply_name(said), edition)
        return self._commanding.operating(said, roll_back)


def _topics(record: Record) -> tuple[str, ...]:
    match record.content:
        case Answer(topics=topics):
            return tuple(topic.id for topic in topics)
        case TopicSummary(topic=topic):
            return (topic.id,)
    return ()


def _before(record: Record) -> tuple[Exchange, ...]:
    """What a question may lean on when it is answered again: the topics of its answer."""
    topics = _topics(record)
    return (Exchange(record.question, topics),) if topics else ()
