"""What is said in a conversation, and when: the core that every surface talks to."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bot.core.action import Action, Form
from bot.core.answers.explainer import Explainer
from bot.core.answers.followups import question_about
from bot.core.commands import ANSWER_NEVER
from bot.core.conversation import Utterance
from bot.core.errors import ExplainerError
from bot.core.journal import Habits, Journal, Record
from bot.core.messages import phrasing, wording
from bot.core.messages.message import Message
from bot.core.messages.pages import home_message
from bot.core.reply import Correction, Reply, TopicChoice
from bot.core.talk.answering import Asked
from bot.core.talk.buttons import FORMS, Buttons
from bot.core.talk.commanding import Commanding
from bot.core.talk.etiquette import Manner, hushes, interrupts, manner_of, small_talk
from bot.core.talk.limits import Limits
from bot.core.talk.turns import Staff, Turn, just, nothing
from knowledge.errors import IndexMismatch, IndexMissing, KnowledgeError
from knowledge.topics import TopicGraph

_log = logging.getLogger(__name__)

CORRECTED_WITHIN = timedelta(minutes=1)
"""How long after an answer a change of its question is answered anew."""

RECENT = 5
_SUGGESTIONS = 4
_REMEMBERED = 1000


class Dialogue:
    """The core as surfaces see it; see :class:`bot.core.reply.Responder`.

    Args:
        explainer: the use cases.
        journal: what happened before.
        staff: does the work.
        limits: how much may be asked.
        prefixes: what stands before the names of commands, by platform.
    """

    def __init__(
        self,
        explainer: Explainer,
        journal: Journal,
        staff: Staff,
        limits: Limits,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self._explainer = explainer
        self._journal = journal
        self._staff = staff
        self._limits = limits
        self._commanding = Commanding(explainer, journal, staff, prefixes or {})
        self._buttons = Buttons(journal, staff, self._commanding)
        self._topics: TopicGraph | None = None
        self._excused: deque[str] = deque(maxlen=_REMEMBERED)
        self._pressed: OrderedDict[str, str] = OrderedDict()

    async def hear(self, said: Utterance) -> Reply | None:
        """Respond to a message of a conversation; ``None`` if it isn't for the bot."""
        habits = await self._habits(said)
        if interrupts(said, habits):
            await _tried(asyncio.to_thread(self._journal.talk_with, said.place, None))
        manner = manner_of(said, habits)
        if manner is None:
            return None
        if manner is Manner.SILENCED:
            return self._once(said, just(phrasing.say(wording.NEVER_HERE)), private=True)
        if manner is Manner.ADDRESSED and not said.place.direct:
            await _tried(asyncio.to_thread(self._journal.talk_with, said.place, said.asker))
        return self._respond(said, manner)

    def command(self, said: Utterance, name: str, options: Mapping[str, str]) -> Reply:
        """Respond to a command."""
        turn = self._commanding.turn(said, name, options)
        return self._limited(said, self._where_it_may_speak(said, turn))

    def press(self, said: Utterance, action: Action) -> Reply:
        """Respond to a pressed button; pressed again, most do nothing any more."""
        turn = self._buttons.turn(said, action)
        if key := self._buttons.once_key(said, action):
            self._pressed[said.key] = key
            if len(self._pressed) > _REMEMBERED:
                self._pressed.popitem(last=False)
        return self._limited(said, self._where_it_may_speak(said, turn))

    def form(self, action: Action) -> Form | None:
        """What a button asks before it acts; ``None`` if it acts at once."""
        return FORMS.get(action.verb)

    def complete_topic(self, typed: str, limit: int = 25) -> tuple[TopicChoice, ...]:
        """Topics whose title, alias or abbreviation fits what was typed so far."""
        if self._topics is None:
            return ()
        found = self._topics.complete(typed, limit)
        return tuple(TopicChoice(topic.id, topic.title) for topic in found)

    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin a conversation with, at most four."""
        topics = tuple(self._topics or ())
        easy = [topic for topic in topics if topic.level == "beginner"] or topics
        step = max(1, len(easy) // _SUGGESTIONS)
        chosen = easy[::step][:_SUGGESTIONS]
        return tuple(map(question_about, chosen))

    async def home(self, said: Utterance) -> Message:
        """What a person's own page shows, where a platform has one."""
        state: Message | None = None
        recent: tuple[Record, ...] = ()
        try:
            recent = await asyncio.to_thread(self._journal.recent, said.asker, RECENT)
            if self._staff.permissions.operates(said):
                state = await self._staff.administration.state()
        except KnowledgeError as error:
            _log.error("%s", error)
        topics = tuple(self._topics or ())
        return home_message(topics, recent, self._commanding.help(said), state)

    async def edited(self, said: Utterance) -> Correction | None:
        """A question was changed by who asked it; ``None`` if its answer stays as it is."""
        try:
            record = await asyncio.to_thread(self._journal.find_said, said.key)
            posts = await asyncio.to_thread(self._journal.posts_of, said.key)
        except KnowledgeError as error:
            _log.error("%s", error)
            return None
        late = record is None or self._journal.now() - record.created > CORRECTED_WITHIN
        if record is None or late or not posts or record.question == said.text:
            return None
        if self._limits.refusal(said):
            return None
        self._limits.count(said)
        messages = self._staff.answering.answer(Asked(said, said.text))
        return Correction(Reply(self._telling(said, messages)), posts)

    async def deleted(self, key: str) -> tuple[str, ...]:
        """Something said was deleted: the ids of the messages to be deleted with it."""
        try:
            posts = await asyncio.to_thread(self._journal.posts_of, key)
            if posts:
                await asyncio.to_thread(self._journal.forget, key)
        except KnowledgeError as error:
            _log.error("%s", error)
            return ()
        return posts

    async def posted(self, said: Utterance, message_ids: Sequence[str]) -> None:
        """The last message stands: what was said is answered for good."""

        def write() -> None:
            self._journal.keep_posts(said.key, message_ids)
            self._journal.finish_ticket(said.key)
            if pressed := self._pressed.pop(said.key, None):
                self._journal.finish_ticket(pressed)

        await _tried(asyncio.to_thread(write))

    async def prepare(self) -> None:
        """Load everything, so that the first question needn't wait for it."""
        topics = await self._explainer.topics()
        if topics is not self._topics:
            self._topics = topics
            await self._explainer.warm_up()

    def _respond(self, said: Utterance, manner: Manner) -> Reply:
        """Respond to a message: with a short human word, or with an answer."""
        spoken_to = manner is Manner.ADDRESSED
        word = small_talk(said.text)
        if word is not None:
            return self._once(said, just(phrasing.say(word)))
        if (quiet := hushes(said.text)) is not None:
            return self._once(said, self._commanding.quiet(said, quiet))
        asked = Asked(said, said.text, unasked=manner is Manner.UNASKED, mute=not spoken_to)
        return self._limited(said, Turn(self._staff.answering.answer(asked), unasked=asked.unasked))

    def _where_it_may_speak(self, said: Utterance, turn: Turn) -> Turn:
        """The same, unless everybody would see an answer where the bot never answers."""
        if turn.private or not turn.counts or said.place.direct:
            return turn

        async def messages() -> AsyncIterator[Message]:
            if (await self._habits(said)).answers == ANSWER_NEVER:
                yield phrasing.say(wording.NEVER_HERE)
                return
            async for message in turn.messages:
                yield message

        return replace(turn, messages=messages())

    def _limited(self, said: Utterance, turn: Turn) -> Reply:
        """Let somebody have an answer, or the word that it is too much."""
        refusal = self._limits.refusal(said) if turn.counts else None
        if refusal is None:
            return self._once(said, turn.messages, turn.private, turn)
        if turn.unasked:
            return self._once(said, nothing(), turn=turn)
        return self._once(said, just(phrasing.say(refusal)), private=True)

    def _once(
        self,
        said: Utterance,
        messages: AsyncIterator[Message],
        private: bool = False,
        turn: Turn | None = None,
    ) -> Reply:
        counts, unasked = (turn.counts, turn.unasked) if turn else (False, False)
        return Reply(self._with_ticket(said, messages, counts), private, unasked)

    async def _with_ticket(
        self, said: Utterance, messages: AsyncIterator[Message], counts: bool
    ) -> AsyncIterator[Message]:
        """The messages, if nobody answers this already; whatever goes wrong is told."""
        try:
            keys = [said.key, *filter(None, [self._pressed.get(said.key)])]
            ours = [await self._is_ours(key) for key in keys]
        except KnowledgeError as error:
            _log.error("%s", error)
            yield phrasing.say(wording.OUT_OF_ORDER)
            return
        if not all(ours):
            return
        if counts:
            self._limits.count(said)
        async for message in self._telling(said, messages):
            yield message
        with suppress(KnowledgeError):  # whoever asks next is told
            await self.prepare()

    async def _telling(
        self, said: Utterance, messages: AsyncIterator[Message]
    ) -> AsyncIterator[Message]:
        try:
            async for message in messages:
                yield message
            return
        except (IndexMissing, IndexMismatch) as error:
            _log.error("%s", error)
            trouble = wording.NOT_YET_READY
        except ExplainerError as error:
            trouble = str(error)
        except KnowledgeError as error:
            _log.error("%s", error)
            trouble = wording.OUT_OF_ORDER
        except Exception:  # noqa: BLE001 - whatever happens, the asker gets a word
            _log.exception("An answer failed.")
            trouble = wording.OUT_OF_ORDER
        yield phrasing.say(trouble)
        if pressed := self._pressed.pop(said.key, None):
            await _tried(asyncio.to_thread(self._journal.drop_ticket, pressed))

    async def _is_ours(self, key: str) -> bool:
        """Take the ticket; without a journal, remember in memory what was excused."""
        try:
            return await asyncio.to_thread(self._journal.take_ticket, key)
        except KnowledgeError:
            if key in self._excused:
                return False
            self._excused.append(key)
            raise

    async def _habits(self, said: Utterance) -> Habits:
        if said.place.direct:
            return Habits()
        try:
            return await asyncio.to_thread(self._journal.habits, said.place)
        except KnowledgeError as error:
            _log.error("%s", error)
            return Habits()


async def _tried(work: Awaitable[object]) -> None:
    """Keep the journal if possible; an answer is posted even when it can't be written down."""
    try:
        await work
    except KnowledgeError as error:
        _log.error("%s", error)
