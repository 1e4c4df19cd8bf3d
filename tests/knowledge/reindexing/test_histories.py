"""Whatever happened before, an edition holds what its sources hold now."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.library import Member
from tests.knowledge.house import House

TEXTS = (
    "Bread rises overnight.",
    "Engines burn petrol.",
    "## Water\n\nRivers run to the sea.\n\n## Bread\n\nBread rises overnight.",
    "## Fire\n\nWood burns slowly.\n\n## Water\n\nRivers run to the sea.",
)
UNREADABLE = "---\nlevel: wizard\n---\nWords that can never be read."
NAMES = ("one", "two", "three")
SOURCES = ("articles", "other")

State = dict[tuple[str, str], int]
"""Which text stands in which file of which source."""

files = st.tuples(st.sampled_from(SOURCES), st.sampled_from(NAMES))
states = st.dictionaries(files, st.integers(0, len(TEXTS) - 1))
# An article whose namesake in another source comes or goes gets another id, so that what cannot
# be read is only told apart from what is gone where names are not shared.
own_states = st.dictionaries(
    st.sampled_from([("articles", "one"), ("articles", "two"), ("other", "three")]),
    st.integers(0, len(TEXTS) - 1),
)
mishaps = st.sets(st.sampled_from([("articles", "one"), ("other", "three")]))

few = settings(deadline=None, max_examples=6, derandomize=True, database=None)


@contextmanager
def _houses() -> Iterator[tuple[House, House]]:
    """Two houses with an article each that stays."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with closing(House(root / "changed")) as changed, closing(House(root / "fresh")) as fresh:
            for house in (changed, fresh):
                house.shelve(["anchor"])
                (house.articles.parent / "other").mkdir()
            yield changed, fresh


def _file(house: House, place: tuple[str, str]) -> Path:
    source, name = place
    return house.articles.parent / source / f"{name}.md"


def _lay_out(house: House, state: State) -> None:
    for place in ((source, name) for source in SOURCES for name in NAMES):
        file = _file(house, place)
        if place in state:
            file.write_text(f"---\ntitle: The title\n---\n{TEXTS[state[place]]}")
        else:
            file.unlink(missing_ok=True)


def _reindex(house: House) -> None:
    house.reindex(*(house.articles.parent / source for source in SOURCES), force=True)


def _members(house: House) -> dict[str, Member]:
    """The documents of the published edition, wherever the house stands."""
    record = house.library.published()
    assert record is not None
    return {
        article_id: replace(
            member,
            source=Path(member.source).name,
            origin=str(Path(member.origin).relative_to(house.articles.parent)),
        )
        for article_id, member in house.library.members(record.id).items()
    }


@given(st.lists(states, min_size=2, max_size=4))
@few
def test_any_history_ends_as_if_only_its_end_had_been_indexed(history: list[State]) -> None:
    with _houses() as (changed, fresh):
        for state in history:
            _lay_out(changed, state)
            _reindex(changed)
        _lay_out(fresh, history[-1])
        _reindex(fresh)

        assert _members(changed) == _members(fresh)
        assert changed.served() == fresh.served()
        assert changed.lost() == []


@given(own_states, own_states, mishaps)
@few
def test_what_cannot_be_read_stays_and_all_else_is_as_if_indexed_anew(
    before: State, after: State, unreadable: set[tuple[str, str]]
) -> None:
    with _houses() as (changed, fresh):
        _lay_out(changed, before)
        _reindex(changed)
        _lay_out(changed, after)
        for place in unreadable:
            _file(changed, place).write_text(UNREADABLE)
        kept = {place: text for place, text in before.items() if place in unreadable}
        read = {place: text for place, text in after.items() if place not in unreadable}
        _lay_out(fresh, kept | read)

        _reindex(changed)
        _reindex(fresh)

        assert _members(changed) == _members(fresh)
        assert changed.served() == fresh.served()
        assert changed.lost() == []
