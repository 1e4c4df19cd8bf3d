"""What a fresh process sees of a data directory that something happened to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.editions.embedded import EmbeddedEditions
from knowledge.model import Passage
from knowledge.reindexing import Diff
from tests.faults.transaction.processes import fork_children
from tests.knowledge.house import House

Served = dict[str, list[str]]
"""The texts of an edition by their articles."""


@dataclass(frozen=True)
class State:
    """What is served.

    Args:
        served: the texts of the edition.
        lost: passages of it that a search for their own text does not find.
        embedded: what had to be embedded for it.
    """

    served: Served
    lost: list[str]
    embedded: list[str]


@dataclass(frozen=True)
class Seen:
    """What a fresh process saw.

    Args:
        opened: after the start, as the bot starts.
        reindexed: after the next reindex.
        diff: what that one changed.
        twice: what it embedded though it was embedded and committed before.
    """

    opened: State
    reindexed: State
    diff: Diff = field(default_factory=Diff)
    twice: list[str] = field(default_factory=list)


def look(root: Path) -> Seen:
    """Open a house as the bot opens it, search for every passage, and reindex."""
    fork_children()
    house = House(root, EmbeddedEditions)
    with closing(house):
        house.base().probe()
        opened = state_of(house)
        kept = _embedded(root)
        house.embedder.embedded.clear()
        diff = house.reindex().diff
        reindexed = state_of(house)
        twice = [t for t in reindexed.embedded if Passage("", "", (), t).vector_id in kept]
    return Seen(opened, reindexed, diff, twice)


def state_of(house: House) -> State:
    """What a house serves now."""
    return State(house.served(), house.lost(), list(house.embedder.embedded))


def _embedded(root: Path) -> set[str]:
    """What the library holds vectors of."""
    with closing(sqlite3.connect(root / "data" / "library.sqlite")) as library:
        return {id_ for (id_,) in library.execute("SELECT id FROM vectors")}
