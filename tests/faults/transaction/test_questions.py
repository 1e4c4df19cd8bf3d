"""Questions that are asked while one reindex follows another."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest

from knowledge.base import KnowledgeBase
from knowledge.editions.embedded import EmbeddedEditions
from tests.faults.transaction import doomed
from tests.faults.transaction.conftest import Rehearsed
from tests.faults.transaction.doomed import Doom
from tests.faults.transaction.processes import elsewhere, fork_children
from tests.knowledge.house import House

ARTICLES = 40
PACE = 0.02
"""Seconds from one question to the next."""


@dataclass(frozen=True)
class Heard:
    """What came of the questions.

    Args:
        editions: the marks of the editions that each answer was made of, in order.
        errors: what was raised.
        open_before: the files that the process had open or mapped before.
        open_after: those that it had afterwards.
    """

    editions: list[tuple[str, ...]]
    errors: list[str]
    open_before: int
    open_after: int


class Asker:
    """Asks a question again and again, in a thread beside.

    Args:
        base: what is asked.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._enough = Event()
        self._thread = Thread(target=self._ask)
        self.editions: list[tuple[str, ...]] = []
        self.errors: list[str] = []

    def __enter__(self) -> Asker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _ask(self) -> None:
        number = 0
        while not self._enough.wait(PACE):
            number += 1
            try:
                evidence = self._base.retrieve(f"What do word{number % ARTICLES}ers call it?")
            except Exception as error:  # noqa: BLE001 - none may come
                self.errors.append(repr(error))
                continue
            texts = [hit.passage.text for hit in evidence.passages]
            self.editions.append(tuple(sorted(set(re.findall(r"edition\d+", " ".join(texts))))))


def publish(house: House, edition: int) -> None:
    """Write the mark of an edition into every article, and reindex."""
    for number in range(ARTICLES):
        text = f"A word{number} is what word{number}ers call it in edition{edition}."
        house.write(f"word{number}", text, title=f"word{number}")
    house.reindex()


def ask_through(root: Path, reindexes: int) -> Heard:
    """Ask while so many reindexes change every article."""
    fork_children()
    with closing(House(root, EmbeddedEditions)) as house:
        publish(house, 0)
        publish(house, 1)
        base = house.base()
        base.retrieve("What is word1?")
        before = open_files()
        with Asker(base) as asker:
            for edition in range(2, 2 + reindexes):
                publish(house, edition)
        base.retrieve("What is word1?")
        return Heard(asker.editions, asker.errors, before, open_files())


def open_files() -> int:
    """How many files this process has open or mapped; once each, however many threads read it."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    mapped = {line.split(maxsplit=5)[-1] for line in maps if "/editions/" in line}
    return len({os.readlink(file) for file in _descriptors()} | mapped)


def test_an_open_knowledge_base_moves_on_to_what_another_process_publishes(
    small: Rehearsed, tmp_path: Path
) -> None:
    root = small.copied_to(tmp_path / "house")
    with closing(House(root)) as house:
        base = house.base()
        before = base.retrieve("What do word45ers0 call it?")

        assert elsewhere(doomed.reindex, Doom(root)) == ""
        after = base.retrieve("What do word45ers0 call it?")

    assert after.edition != before.edition
    assert "word45" not in {hit.passage.article_id for hit in before.passages}
    assert "word45" in {hit.passage.article_id for hit in after.passages}


def _descriptors() -> list[Path]:
    with os.scandir("/proc/self/fd") as found:
        files = [Path(entry.path) for entry in found]
    return [file for file in files if file.is_symlink()]  # the one that listed them is closed


@pytest.mark.faults(full=10, few=2)
def test_every_question_is_answered_from_one_edition_throughout(
    tmp_path: Path, rounds: int, record_property: Callable[[str, object], None]
) -> None:
    heard = elsewhere(ask_through, tmp_path, rounds)

    record_property("reindexes", rounds)
    record_property("questions", len(heard.editions) + len(heard.errors))
    assert heard.errors == []
    assert {len(marks) for marks in heard.editions} == {1}
    numbers = [int(mark.removeprefix("edition")) for (mark,) in heard.editions]
    assert numbers == sorted(numbers)
    assert heard.open_after == heard.open_before
