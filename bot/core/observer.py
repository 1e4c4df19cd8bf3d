"""How the core tells what happens, and how all that concerns one request is marked as one.

Logs are marked through structlog's context variables, traces through OpenTelemetry's API. Neither
does anything unless somebody listens: see ``bot.observing``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Protocol, TypeVar

from opentelemetry import trace
from opentelemetry.trace import Span
from structlog.contextvars import bound_contextvars, get_contextvars

from bot.core.answers.answer import Answer
from bot.core.conversation import Utterance

REQUEST, SURFACE = "request", "surface"
"""What marks a request in logs and traces."""

_TRACER = "explainer"
_T = TypeVar("_T")


class Observer(Protocol):
    """Is told what happens. No method blocks or raises, and none is given a person's words."""

    def replied(
        self, said: Utterance, kind: str, outcome: str, acknowledged: float, answered: float
    ) -> None:
        """A reply is over.

        Args:
            said: what was replied to; only its place matters.
            kind: ``question``, or what was used: ``command:ask``, ``press:show``.
            outcome: ``answered``, ``partly``, ``abstained``, ``summary``, ``shown``, ``said``
                (a word that needs no work), ``refused``, ``shed`` or ``failed``.
            acknowledged: seconds until the platform knew that there will be a reply.
            answered: seconds until the last message stood.
        """

    def answered(self, answer: Answer) -> None:
        """An answer is whole: its stages took so long, and so its claims were judged."""

    def spent(self, model: str, read: int, written: int) -> None:
        """The language model was used.

        Args:
            model: its name, as it is set.
            read: tokens that it was given.
            written: tokens that it wrote.
        """

    def reindexed(self, outcome: str, seconds: float, edition: int | None) -> None:
        """A reindex is over.

        Args:
            outcome: ``published``, ``unchanged``, ``looked`` (a dry run), ``refused`` or
                ``failed``.
            seconds: how long it took.
            edition: the edition that serves now, if one does.
        """

    def working(self, count: int) -> None:
        """So many replies are under way."""


class Nobody:
    """Doesn't listen."""

    def replied(
        self, said: Utterance, kind: str, outcome: str, acknowledged: float, answered: float
    ) -> None:
        """Do nothing."""

    def answered(self, answer: Answer) -> None:
        """Do nothing."""

    def spent(self, model: str, read: int, written: int) -> None:
        """Do nothing."""

    def reindexed(self, outcome: str, seconds: float, edition: int | None) -> None:
        """Do nothing."""

    def working(self, count: int) -> None:
        """Do nothing."""


nobody = Nobody()


def request_id(said: Utterance) -> str:
    """What marks all that is logged and traced about something said: the same in every process.

    Whoever has the key, from the platform's event or from the metadata of the answer, finds it.
    """
    return blake2b(said.key.encode(), digest_size=9).hexdigest()


@contextmanager
def request_of(said: Utterance) -> Iterator[None]:
    """Mark what happens within as done for something said.

    The first one is the span ``reply`` of its trace; within another one for the same it changes
    nothing. Nothing may be yielded to somebody else within: see :func:`in_request`.
    """
    if _is_marked(said):
        yield
        return
    span = _reply(said)
    try:
        with bound_contextvars(**_marks(said)), _current(span):
            yield
    finally:
        span.end()


async def in_request(said: Utterance, items: AsyncIterator[_T]) -> AsyncIterator[_T]:
    """Pass items on; the work on them is marked as done for something said.

    What is done between two of them, by whoever takes them, is not.
    """
    if _is_marked(said):
        async for item in items:
            yield item
        return
    span = _reply(said)
    try:
        while True:
            with bound_contextvars(**_marks(said)), _current(span):
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
            yield item
    finally:
        span.end()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Trace a stage of the work on a request."""
    span = _stage(name)
    try:
        with _current(span):
            yield
    finally:
        span.end()


async def in_stage(name: str, items: AsyncIterator[_T]) -> AsyncIterator[_T]:
    """Pass items on; the work on all of them is traced as one stage."""
    span = _stage(name)
    try:
        while True:
            with _current(span):
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
            yield item
    finally:
        span.end()


def _marks(said: Utterance) -> dict[str, str]:
    return {REQUEST: request_id(said), SURFACE: said.place.platform}


def _is_marked(said: Utterance) -> bool:
    return get_contextvars().get(REQUEST) == request_id(said)


def _reply(said: Utterance) -> Span:
    return trace.get_tracer(_TRACER).start_span("reply", attributes=_marks(said))


def _stage(name: str) -> Span:
    request = get_contextvars().get(REQUEST)
    attributes = {REQUEST: request} if request else None
    return trace.get_tracer(_TRACER).start_span(name, attributes=attributes)


@contextmanager
def _current(span: Span) -> Iterator[None]:
    """Errors are noted by their kind alone: their texts may hold what people wrote."""
    try:
        with trace.use_span(span, record_exception=False, set_status_on_exception=False):
            yield
    except Exception as error:
        span.set_attribute("error.type", type(error).__name__)
        raise
