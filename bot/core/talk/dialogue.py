"""What is said in a conversation, and when: the core that every surface talks to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from time import monotonic

from bot.core.action import Action, Form
from bot.core.answers.explainer import Explainer
from bot.core.answers.followups import question_about
from bot.core.conversation import Utterance
from bot.core.errors import ExplainerError
from bot.core.journal import Abandoned, Journal, Record, name_of
from bot.core.messages import phrasing, wording
from bot.core.messages.message import Message
from bot.core.messages.pages import home_message
from bot.core.observer import in_request
from bot.core.reply import Correction, Reply, TopicChoice
from bot.core.request import Address, Request
from bot.core.talk.answering import Asked
from bot.core.talk.buttons import FORMS, Buttons
from bot.core.talk.commanding import Commanding
from bot.core.talk.etiquette import Manner, interrupts, manner_of
from bot.core.talk.interpreting import Interpreter
from bot.core.talk.tickets import Tickets
from bot.core.talk.turns import Bounds, Staff, Turn, just, nothing
from knowledge.errors import IndexMismatch, IndexMissing, KnowledgeError
from knowledge.topics import TopicGraph

_log = logging.getLogger(__name__)

CORRECTED_WITHIN = timedelta(minutes=1)
"""How long after an answer a change of its question is answered anew."""

RECENT = 5
_SUGGESTIONS = 4
_NOWHERE: Address = {}


class Dialogue:
    """The core as surfaces see it; see :class:`bot.core.reply.Responder`.

    Args:
        explainer: the use cases.
        journal: what happened before.
        staff: does the work.
        bounds: how much may be asked.
        commanding: carries out commands.
    """

    def __init__(
        self,
        explainer: Explainer,
        journal: Journal,
        staff: Staff,
        bounds: Bounds,
        commanding: Commanding,
    ) -> None:
        self._explainer = explainer
        self._journal = journal
        self._staff = staff
        self._bounds = bounds
        self._commanding = commanding
        buttons = Buttons(journal, staff, commanding)
        self._interpreter = Interpreter(journal, staff.answering, commanding, buttons)
        self.tickets = Tickets(journal, staff.answering.end, staff.observer)
        self._topics: TopicGraph | None = None

    async def hear(self, said: Utterance, address: Address = _NOWHERE) -> Reply | None:
        """Respond to a message of a conversation; ``None`` if it isn't for the bot, or not ours."""
        habits = await self._interpreter.habits(said)
        if interrupts(said, habits):
            await _tried(asyncio.to_thread(self._journal.talk_with, said.place, None))
        manner = manner_of(said, habits)
        if manner is None:
            return None
        if manner is Manner.ADDRESSED and not said.place.direct:
            await _tried(asyncio.to_thread(self._journal.talk_with, said.place, said.asker))
        return await self._reply(Request(said, manner.name, address=address))

    async def command(
        self,
        said: Utterance,
        name: str,
        options: Mapping[str, str],
        address: Address = _NOWHERE,
    ) -> Reply | None:
        """Respond to a command; ``None`` if somebody else does."""
        return await self._reply(Request(said, command=name, options=options, address=address))

    async def press(
        self, said: Utterance, action: Action, address: Address = _NOWHERE
    ) -> Reply | None:
        """Respond to a pressed button; pressed again, most do nothing any more."""
        return await self._reply(Request(said, button=action.code, address=address))

    async def resume(self, abandoned: Abandoned) -> Reply:
        """Answer what another process left; its ticket was taken."""
        request = abandoned.request
        self.tickets.hold(request, monotonic())
        turn = self._interpreter.turn(request)
        if once := self._interpreter.once_key(request):
            await _tried(self.tickets.take_once(request.said, once))
        return self._said(request.said, turn)

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
        if not await self._is_new(said) or await self._refusal(said):
            return None
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
        await _tried(self.tickets.done(said, message_ids))

    async def begun(self, said: Utterance, message_ids: Sequence[str]) -> None:
        """Messages stand in which the answer grows: who takes it over goes on with them."""
        await _tried(asyncio.to_thread(self._journal.keep_posts, said.key, message_ids))

    def unposted(self, said: Utterance) -> None:
        """The platform did not take the reply: it is tried again later, here or elsewhere."""
        self.tickets.let_go(said)

    async def prepare(self) -> None:
        """Load everything, so that the first question needn't wait for it."""
        topics = await self._explainer.topics()
        if topics is not self._topics:
            self._topics = topics
            await self._explainer.warm_up()

    async def _reply(self, request: Request) -> Reply | None:
        """Take the ticket, before anybody is told that there will be a reply."""
        said = request.said
        try:
            if not await self.tickets.take(request):
                return None
            once = self._interpreter.once_key(request)
            first = once is None or await self.tickets.take_once(said, once)
        except KnowledgeError as error:
            _log.error("%s", error)
            return Reply(just(phrasing.say(wording.OUT_OF_ORDER)))
        turn = self._interpreter.turn(request)
        return await self._bounded(said, turn) if first else Reply(nothing(), turn.private)

    async def _bounded(self, said: Utterance, turn: Turn) -> Reply:
        """Let somebody have an answer, or the word that it is too much."""
        refusal = await self._refusal(said) if turn.counts else None
        if refusal is None:
            return self._said(said, turn)
        await _tried(self.tickets.drop_once(said))
        if turn.unasked:
            return Reply(nothing(), unasked=True)
        return Reply(just(phrasing.say(refusal)), private=True)

    def _said(self, said: Utterance, turn: Turn) -> Reply:
        messages = self._telling(said, turn.messages)
        return Reply(self._then_prepared(messages), turn.private, turn.unasked)

    async def _refusal(self, said: Utterance) -> str | None:
        """What to say to somebody who asks too much, or when too much is asked by all."""
        if len(self.tickets) > self._bounds.queue:
            self.tickets.note(said, "shed")
            return wording.TOO_BUSY
        try:
            refusal = await asyncio.to_thread(self._bounds.limits.take, said)
        except KnowledgeError as error:  # who can't be counted isn't refused
            _log.error("%s", error)
            return None
        if refusal is not None:
            self.tickets.note(said, "refused")
        return refusal

    async def _is_new(self, said: Utterance) -> bool:
        """Whether nobody corrected an answer for these words yet."""
        key = f"edit:{name_of(said.key)}:{name_of(said.text)}"

        def take() -> bool:
            mine = self._journal.take_ticket(key)
            self._journal.finish_ticket(key)
            return mine

        try:
            return await asyncio.to_thread(take)
        except KnowledgeError as error:
            _log.error("%s", error)
            return True

    async def _then_prepared(self, messages: AsyncIterator[Message]) -> AsyncIterator[Message]:
        async for message in messages:
            yield message
        with suppress(KnowledgeError):  # whoever asks next is told
            await self.prepare()

    async def _telling(
        self, said: Utterance, messages: AsyncIterator[Message]
    ) -> AsyncIterator[Message]:
        """The messages; whatever goes wrong is told."""
        try:
            async for message in in_request(said, messages):
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
        except Exception as error:  # noqa: BLE001 - whatever happens, the asker gets a word
            # What it says, and its traceback, could quote a person.
            _log.error("An answer failed: %s in %s.", type(error).__name__, _place_of(error))
            trouble = wording.OUT_OF_ORDER
        yield phrasing.say(trouble)
        self.tickets.note(said, "failed")
        await _tried(self.tickets.drop_once(said))


async def _tried(work: Awaitable[object]) -> None:
    """Keep the journal if possible; an answer is posted even when it can't be written down."""
    try:
        await work
    except KnowledgeError as error:
        _log.error("%s", error)


def _place_of(error: Exception) -> str:
    """Where in the code an error came from."""
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    return f"{step.tb_frame.f_code.co_name}:{step.tb_lineno}" if step else "?"
