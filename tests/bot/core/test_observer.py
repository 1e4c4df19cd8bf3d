"""What concerns one request is marked as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.contextvars import get_contextvars

from bot.core.observer import in_request, nobody, request_id, request_of
from bot.core.talk.answering import reply_name
from tests.bot.core.making import said


def marked() -> object:
    return get_contextvars().get("request")


async def marks(count: int) -> AsyncIterator[object]:
    for _ in range(count):
        yield await asyncio.to_thread(marked)


def test_a_request_has_the_same_id_as_the_reply_that_buttons_name() -> None:
    assert request_id(said("Hi")) == reply_name(said("Hi"))


def test_a_request_is_named_by_what_was_said_and_not_by_its_words() -> None:
    first, again = said("one", key="slack:T:C:1"), said("two", key="slack:T:C:1")
    assert request_id(first) == request_id(again)
    assert request_id(first) != request_id(said("one", key="slack:T:C:2"))


def test_what_happens_within_is_marked_with_request_and_surface() -> None:
    with request_of(said("Hi")):
        assert get_contextvars() == {"request": request_id(said("Hi")), "surface": "slack"}
    assert get_contextvars() == {}


def test_the_marks_go_when_something_fails() -> None:
    with pytest.raises(ValueError, match="broken"), request_of(said("Hi")):
        raise ValueError("broken")
    assert get_contextvars() == {}


def test_a_request_within_another_is_marked_as_itself() -> None:
    outer, inner = said("outer"), said("inner")
    with request_of(outer):
        with request_of(inner):
            assert marked() == request_id(inner)
        assert marked() == request_id(outer)


async def test_the_work_on_each_item_is_marked_and_what_is_done_with_it_is_not() -> None:
    taken = [(item, marked()) async for item in in_request(said("Hi"), marks(2))]
    assert taken == [(request_id(said("Hi")), None)] * 2


async def test_items_of_a_request_that_is_marked_already_pass_through() -> None:
    with request_of(said("Hi")):
        taken = [(item, marked()) async for item in in_request(said("Hi"), marks(2))]
    assert taken == [(request_id(said("Hi")), request_id(said("Hi")))] * 2


async def test_items_may_be_taken_by_several_tasks() -> None:
    items = in_request(said("Hi"), marks(2))
    for _ in range(2):
        assert await asyncio.create_task(anext(items)) == request_id(said("Hi"))  # type: ignore[arg-type]
    with pytest.raises(StopAsyncIteration):
        await anext(items)


async def test_requests_at_the_same_time_are_told_apart() -> None:
    utterances = [said(str(number)) for number in range(5)]

    async def seen(number: int) -> list[object]:
        return [mark async for mark in in_request(utterances[number], marks(3))]

    found = await asyncio.gather(*map(seen, range(5)))
    assert found == [[request_id(utterance)] * 3 for utterance in utterances]


def test_nobody_can_be_told_everything() -> None:
    nobody.working(1)
    nobody.spent("model", 1, 1)
    nobody.reindexed("published", 1.0, 1)
    nobody.replied(said("Hi"), "question", "answered", 0.1, 0.2)
