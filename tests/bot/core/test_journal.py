"""The journal: tickets, answers, history."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.answers.answer import Answer, Status, TopicName
from bot.core.conversation import Exchange, Place
from bot.core.journal import HISTORY, LEASE_SECONDS, REMEMBERED, Journal
from knowledge.errors import StorageError
from tests.bot.core.making import said

HOUR = REMEMBERED.total_seconds()


@dataclass
class Clock:
    """Time that passes when a test says so."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock, database_url: str) -> Iterator[Journal]:
    opened = Journal.open(tmp_path, clock, database_url=database_url)
    yield opened
    opened.close()


def record(
    journal: Journal, text: str, *topics: str, status: Status = Status.ANSWERED, **said_so: Any
) -> None:
    """Write down a question with its answer."""
    names = tuple(TopicName(topic, topic.title()) for topic in topics)
    journal.record(said(text, **said_so), text, Answer(status, "text", topics=names, edition=1))


def questions(journal: Journal, **said_so: Any) -> list[str]:
    return [exchange.question for exchange in journal.history(said("And now?", **said_so))]


def test_a_ticket_is_taken_once(journal: Journal) -> None:
    assert [journal.take_ticket("k") for _ in range(3)] == [True, False, False]


def test_each_thing_that_is_said_has_its_own_ticket(journal: Journal) -> None:
    assert journal.take_ticket("one")
    assert journal.take_ticket("two")


def test_only_one_of_many_threads_takes_a_ticket(journal: Journal) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(journal.take_ticket, ["k"] * 16)) == 1


def test_a_ticket_is_held_until_its_lease_ends(journal: Journal, clock: Clock) -> None:
    journal.take_ticket("k")
    clock.now += LEASE_SECONDS - 1
    assert not journal.take_ticket("k")


def test_an_expired_ticket_is_taken_again(journal: Journal, clock: Clock) -> None:
    journal.take_ticket("k")
    clock.now += LEASE_SECONDS + 1
    assert journal.take_ticket("k")


def test_a_ticket_that_was_taken_again_is_held_as_long(journal: Journal, clock: Clock) -> None:
    journal.take_ticket("k")
    clock.now += LEASE_SECONDS + 1
    journal.take_ticket("k")
    clock.now += LEASE_SECONDS - 1
    assert not journal.take_ticket("k")


def test_a_finished_ticket_is_never_taken_again(journal: Journal, clock: Clock) -> None:
    journal.take_ticket("k")
    journal.finish_ticket("k")
    clock.now += 1_000 * LEASE_SECONDS
    assert not journal.take_ticket("k")


def test_tickets_survive_reopening(tmp_path: Path, clock: Clock) -> None:
    for expected in (True, False):
        journal = Journal.open(tmp_path, clock)
        assert journal.take_ticket("k") is expected
        journal.close()


def test_a_crash_leaves_a_ticket_that_another_process_takes(tmp_path: Path, clock: Clock) -> None:
    crashed = Journal.open(tmp_path, clock)
    crashed.take_ticket("k")
    crashed.close()
    clock.now += LEASE_SECONDS + 1
    journal = Journal.open(tmp_path, clock)
    assert journal.take_ticket("k")
    journal.close()


def test_nothing_was_said_before_the_first_question(journal: Journal) -> None:
    assert questions(journal) == []


def test_history_tells_question_and_topics(journal: Journal) -> None:
    record(journal, "LoRA vs quantization", "lora", "quantization")
    assert journal.history(said("why?")) == (
        Exchange("LoRA vs quantization", ("lora", "quantization")),
    )


def test_what_was_not_answered_leaves_no_topics(journal: Journal) -> None:
    record(journal, "best sourdough recipe", "mlops", status=Status.ABSTAINED)
    assert [exchange.topics for exchange in journal.history(said("why?"))] in ([()], [])


def test_history_is_told_oldest_first(journal: Journal) -> None:
    for text in ("first", "second", "third"):
        record(journal, text)
    assert questions(journal) == ["first", "second", "third"]


def test_only_the_last_exchanges_are_history(journal: Journal) -> None:
    for number in range(HISTORY + 3):
        record(journal, f"question {number}")
    assert questions(journal) == [f"question {number}" for number in range(3, HISTORY + 3)]


def test_in_a_channel_the_same_person_is_remembered_for_an_hour(
    journal: Journal, clock: Clock
) -> None:
    record(journal, "early", key="1")
    clock.now += HOUR - 1
    assert questions(journal) == ["early"]
    clock.now += 2
    assert questions(journal) == []


def test_in_a_channel_other_people_are_not_mixed_up(journal: Journal) -> None:
    record(journal, "theirs", asker="slack:T1:U2")
    assert questions(journal, asker="slack:T1:U1") == []


@pytest.mark.parametrize(
    "elsewhere",
    [Place("slack", "T1", "C2"), Place("slack", "T2", "C1"), Place("discord", "T1", "C1")],
)
def test_other_places_are_not_mixed_up(journal: Journal, elsewhere: Place) -> None:
    record(journal, "elsewhere", place=elsewhere)
    assert questions(journal) == []


def test_in_a_thread_everybody_is_remembered_for_good(journal: Journal, clock: Clock) -> None:
    thread = Place("slack", "T1", "C1", thread="1700.1")
    record(journal, "theirs", place=thread, asker="slack:T1:U2")
    clock.now += 100 * HOUR
    assert questions(journal, place=thread) == ["theirs"]


def test_threads_are_not_mixed_up(journal: Journal) -> None:
    record(journal, "one", place=Place("slack", "T1", "C1", thread="1700.1"))
    assert questions(journal, place=Place("slack", "T1", "C1", thread="1700.2")) == []


def test_a_direct_conversation_is_remembered(journal: Journal) -> None:
    direct = Place("discord", "", "D1", direct=True)
    record(journal, "before", place=direct)
    assert questions(journal, place=direct) == ["before"]


def test_a_direct_conversation_is_one_conversation_whatever_its_threads(journal: Journal) -> None:
    record(journal, "before", place=Place("slack", "T1", "D1", direct=True))
    threaded = Place("slack", "T1", "D1", thread="1700.1", direct=True)
    assert questions(journal, place=threaded) == ["before"]


def test_a_reply_refers_to_the_answer_that_it_replies_to(journal: Journal, clock: Clock) -> None:
    record(journal, "the one", asker="slack:T1:U2")
    journal.keep_posts(said("the one").key, ["M1", "M2"])
    clock.now += 100 * HOUR
    record(journal, "a later one")
    assert questions(journal, reply_to="M1") == ["the one"]
    assert questions(journal, reply_to="M2") == ["the one"]


def test_a_reply_to_an_unknown_message_refers_to_nothing(journal: Journal) -> None:
    record(journal, "the one")
    assert questions(journal, reply_to="M3") == []


def test_history_survives_reopening(tmp_path: Path, clock: Clock) -> None:
    first = Journal.open(tmp_path, clock)
    record(first, "before", "lora")
    first.close()
    second = Journal.open(tmp_path, clock)
    assert second.history(said("why?")) == (Exchange("before", ("lora",)),)
    second.close()


def test_an_answer_is_written_down_once(journal: Journal) -> None:
    record(journal, "same", "lora")
    record(journal, "same", "lora")
    assert questions(journal) == ["same"]


def test_a_damaged_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a database, " * 100)
    with pytest.raises(StorageError, match="damaged") as caught:
        Journal.open(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="EXPLAINER_DATA_DIR"):
        Journal.open(tmp_path / "file" / "data")


def test_what_is_old_is_purged_with_all_that_belongs_to_it(journal: Journal, clock: Clock) -> None:
    record(journal, "old")
    old = journal.find_said(said("old").key) or pytest.fail("not there")
    journal.rate(old.id, "slack:T1:U1", False, "wrong")
    clock.now += 89 * 86400
    record(journal, "young", key="slack:T1:C1:young")
    clock.now += 2 * 86400
    journal.purge(90)
    assert journal.find(old.id) is None
    assert journal.find_said("slack:T1:C1:young") is not None
    assert "wrong" not in str(journal.gaps(said("old").place, 20))


def test_nothing_is_purged_where_all_is_kept(journal: Journal, clock: Clock) -> None:
    record(journal, "old")
    clock.now += 10_000 * 86400
    journal.purge(0)
    assert journal.find_said(said("old").key) is not None
