"""A request -> what it leads to: an answer, a command's work, a button's, or a short human word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.core.commands import ANSWER_NEVER
from bot.core.conversation import Utterance
from bot.core.journal import Habits, Journal
from bot.core.messages import phrasing, wording
from bot.core.messages.message import Message
from bot.core.request import Request
from bot.core.talk.answering import Answering, Asked
from bot.core.talk.buttons import Buttons
from bot.core.talk.commanding import Commanding
from bot.core.talk.etiquette import Manner, hushes, small_talk
from bot.core.talk.turns import Turn, just
from knowledge.errors import KnowledgeError

_log = logging.getLogger(__name__)


class Interpreter:
    """Tells what a request leads to: the same in every process, and again after a crash.

    Args:
        journal: knows the habits of places.
        answering: answers questions.
        commanding: carries out commands.
        buttons: does what buttons say.
    """

    def __init__(
        self, journal: Journal, answering: Answering, commanding: Commanding, buttons: Buttons
    ) -> None:
        self._journal = journal
        self._answering = answering
        self._commanding = commanding
        self._buttons = buttons

    def turn(self, request: Request) -> Turn:
        """What a request leads to; nothing is done before its messages are asked for."""
        if request.command:
            turn = self._commanding.turn(request.said, request.command, request.options)
            return self._where_it_may_speak(request.said, turn)
        if action := request.action:
            return self._where_it_may_speak(request.said, self._buttons.turn(request.said, action))
        return self._to_words(request.said, Manner[request.manner])

    def once_key(self, request: Request) -> str | None:
        """The ticket's key of a press that counts once; ``None`` for all else."""
        action = request.action
        return self._buttons.once_key(request.said, action) if action else None

    async def habits(self, said: Utterance) -> Habits:
        """How to behave where something was said; as everywhere if nobody can tell."""
        if said.place.direct:
            return Habits()
        try:
            habits = await asyncio.to_thread(self._journal.habits, said.place)
        except KnowledgeError as error:
            _log.error("%s", error)
            return Habits()
        # The journal may know people by their hashes only.
        known = habits.partner == self._journal.person(said.asker)
        return replace(habits, partner=said.asker) if known else habits

    def _to_words(self, said: Utterance, manner: Manner) -> Turn:
        """Respond to a message: with a short human word, or with an answer."""
        if manner is Manner.SILENCED:
            return Turn(just(phrasing.say(wording.NEVER_HERE)), private=True, counts=False)
        word = small_talk(said.text)
        if word is not None:
            return Turn(just(phrasing.say(word)), counts=False)
        if (quiet := hushes(said.text)) is not None:
            return Turn(self._commanding.quiet(said, quiet), counts=False)
        unasked, mute = manner is Manner.UNASKED, manner is not Manner.ADDRESSED
        asked = Asked(said, said.text, unasked=unasked, mute=mute)
        return Turn(self._answering.answer(asked), unasked=unasked)

    def _where_it_may_speak(self, said: Utterance, turn: Turn) -> Turn:
        """The same, unless everybody would see an answer where the bot never answers."""
        if turn.private or not turn.counts or said.place.direct:
            return turn

        async def messages() -> AsyncIterator[Message]:
            if (await self.habits(said)).answers == ANSWER_NEVER:
                yield phrasing.say(wording.NEVER_HERE)
                return
            async for message in turn.messages:
                yield message

        return replace(turn, messages=messages())
