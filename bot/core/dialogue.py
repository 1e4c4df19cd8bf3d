"""What is said in a conversation, and when: the core that every surface talks to."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace

from bot.core import phrasing, wording
from bot.core.answer import Answer, Claim, Question
from bot.core.conversation import Level, Utterance
from bot.core.errors import ExplainerError
from bot.core.etiquette import is_for_us, small_talk
from bot.core.explainer import Explainer, Reading
from bot.core.journal import Journal
from bot.core.message import Message, Picture
from bot.core.reply import Reply, TopicChoice
from knowledge.errors import IndexMismatch, IndexMissing, KnowledgeError
from knowledge.paths import LearningPath
from knowledge.reindexing import Order, Progress, Report
from knowledge.topics import TopicGraph

_log = logging.getLogger(__name__)

Reindex = Callable[[Order, Callable[[Progress], None]], Report]
Draw = Callable[[LearningPath], Picture]

DRY_RUN, FORCE = "dry run", "force"
HOW_TO_REINDEX = ("", DRY_RUN, FORCE)
"""What may be said behind the command: only tell what would change, or publish all the same."""


class Dialogue:
    """The core as surfaces see it; see :class:`bot.core.reply.Responder`.

    Args:
        explainer: the use cases.
        journal: what happened before.
        reindex: brings the articles up to date; blocking.
        operators: ids of those who may do so.
        draw: makes a picture of a learning path; blocking, and called once at a time.
    """

    def __init__(
        self,
        explainer: Explainer,
        journal: Journal,
        reindex: Reindex,
        operators: Sequence[str],
        draw: Draw,
    ) -> None:
        self._explainer = explainer
        self._journal = journal
        self._reindex = reindex
        self._operators = frozenset(operators)
        self._draw = draw
        self._drawing = asyncio.Lock()
        self._topics: TopicGraph | None = None
        self._excused: deque[str] = deque(maxlen=1000)

    def hear(self, said: Utterance) -> Reply | None:
        """Respond to a message of a conversation; ``None`` if it isn't for the bot."""
        if not is_for_us(said):
            return None
        return self._respond(said, small_talk(said.text))

    def ask(self, said: Utterance, level: Level | None = None, private: bool = False) -> Reply:
        """Answer a question asked by a command; small talk gets a short word there too."""
        word = small_talk(said.text) if said.text.strip() else None
        return self._respond(said, word, level, private)

    def summarize(self, said: Utterance, level: Level | None = None) -> Reply:
        """Summarize the topic that ``said.text`` names."""
        return self._once(said, self._summary(said, level))

    def path(self, said: Utterance) -> Reply:
        """Tell what to learn before the topic that ``said.text`` names, with a picture."""
        return self._once(said, self._way(said))

    def reindex(self, said: Utterance) -> Reply:
        """Read the sources again, for operators; a refusal for others.

        Private in any case: what could not be read is named by its place on the server.
        """
        if said.asker not in self._operators:
            return Reply(_just(phrasing.say(wording.OPERATORS_ONLY)), private=True)
        how = " ".join(said.text.lower().replace("-", " ").split())
        if how not in HOW_TO_REINDEX:
            choices = wording.listed([f"“{way}”" for way in HOW_TO_REINDEX if way])
            return Reply(
                _just(phrasing.say(wording.REINDEX_HOW.format(choices=choices))), private=True
            )
        order = Order(said.asker, dry_run=how == DRY_RUN, force=how == FORCE)
        return self._once(said, self._reindexing(order), private=True)

    def complete_topic(self, typed: str, limit: int = 25) -> tuple[TopicChoice, ...]:
        """Topics whose title, alias or abbreviation fits what was typed so far."""
        if self._topics is None:
            return ()
        found = self._topics.complete(typed, limit)
        return tuple(TopicChoice(topic.id, topic.title) for topic in found)

    async def posted(self, said: Utterance, message_id: str) -> None:
        """The last message stands under an id: what was said is answered for good."""
        await _tried(asyncio.to_thread(self._journal.finish_ticket, said.key, message_id))

    async def prepare(self) -> None:
        """Load everything, so that the first question needn't wait for it."""
        self._topics = await self._explainer.topics()
        await self._explainer.warm_up()

    def _respond(
        self, said: Utterance, word: str | None, level: Level | None = None, private: bool = False
    ) -> Reply:
        messages = self._answer(said, level) if word is None else _just(phrasing.say(word))
        return self._once(said, messages, private)

    def _once(
        self, said: Utterance, messages: AsyncIterator[Message], private: bool = False
    ) -> Reply:
        return Reply(self._with_ticket(said, messages), private)

    async def _with_ticket(
        self, said: Utterance, messages: AsyncIterator[Message]
    ) -> AsyncIterator[Message]:
        """The messages, if nobody answers this already; whatever goes wrong is told."""
        try:
            if not await self._is_ours(said.key):
                return
            async for message in messages:
                yield message
        except (IndexMissing, IndexMismatch) as error:
            _log.error("%s", error)
            yield phrasing.say(wording.NOT_YET_READY)
        except ExplainerError as error:
            yield phrasing.say(str(error))
        except KnowledgeError as error:
            _log.error("%s", error)
            yield phrasing.say(wording.OUT_OF_ORDER)
        except Exception:  # noqa: BLE001 - whatever happens, the asker gets a word
            _log.exception("An answer failed.")
            yield phrasing.say(wording.OUT_OF_ORDER)

    async def _is_ours(self, key: str) -> bool:
        """Take the ticket; without a journal, remember in memory what was excused."""
        try:
            return await asyncio.to_thread(self._journal.take_ticket, key)
        except KnowledgeError:
            if key in self._excused:
                return False
            self._excused.append(key)
            raise

    async def _answer(self, said: Utterance, level: Level | None) -> AsyncIterator[Message]:
        yield phrasing.say(wording.READING, progress=True)
        history = await asyncio.to_thread(self._journal.history, said)
        told: list[Claim] = []
        async for event in self._explainer.stream(Question(said.text, history, level)):
            match event:
                case Reading(passages):
                    text = wording.WRITING.format(passages=passages)
                    yield phrasing.say(text, progress=True)
                case Claim():
                    told.append(event)
                    yield phrasing.unfinished_message(told)
                case Answer():
                    await _tried(asyncio.to_thread(self._journal.record, said, event))
                    yield phrasing.answer_message(event)
        await self.prepare()

    async def _summary(self, said: Utterance, level: Level | None) -> AsyncIterator[Message]:
        yield phrasing.say(wording.READING, progress=True)
        if not said.text.strip():
            yield phrasing.say(wording.NO_TOPIC)
            return
        yield phrasing.summary_message(await self._explainer.summarize(said.text, level))

    async def _way(self, said: Utterance) -> AsyncIterator[Message]:
        yield phrasing.say(wording.READING, progress=True)
        if not said.text.strip():
            yield phrasing.say(wording.NO_TOPIC)
            return
        path = await self._explainer.path(said.text)
        drawn = await self._drawn(path) if len(path.steps) > 1 else None
        yield phrasing.path_message(path, drawn)

    async def _drawn(self, path: LearningPath) -> Picture | None:
        """The picture of a path; the words do without it if it can't be drawn."""
        try:
            async with self._drawing:
                return await asyncio.to_thread(self._draw, path)
        except Exception:  # noqa: BLE001 - whatever a drawing library raises
            _log.exception("A learning path could not be drawn.")
            return None

    async def _reindexing(self, order: Order) -> AsyncIterator[Message]:
        yield phrasing.say(wording.REINDEX_STARTS, progress=True)
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[Progress | None] = asyncio.Queue()

        def tell(progress: Progress) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, progress)

        work = asyncio.create_task(asyncio.to_thread(self._reindex, order, tell))
        work.add_done_callback(lambda _: heard.put_nowait(None))
        while progress := await heard.get():
            while not heard.empty():
                progress = heard.get_nowait() or progress
            yield phrasing.progress_message(progress)
            if work.done():
                break
        try:
            report = await work
        except (KnowledgeError, ExplainerError) as error:
            _log.error("%s", error)
            reason = phrasing.in_a_chat(str(error))
            yield phrasing.say(wording.REINDEX_FAILED.format(reason=reason))
            return
        if not order.dry_run:
            await self.prepare()
        problems = tuple(map(phrasing.in_a_chat, report.problems))
        yield phrasing.report_message(replace(report, problems=problems))


async def _just(message: Message) -> AsyncIterator[Message]:
    yield message


async def _tried(work: Awaitable[None]) -> None:
    """Keep the journal if possible; an answer is posted even when it can't be written down."""
    try:
        await work
    except KnowledgeError as error:
        _log.error("%s", error)
