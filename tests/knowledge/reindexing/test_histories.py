"""Whatever happened before, an edition holds what its sources hold now."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge.house import House

TEXTS = (
    "Bread rises overnight.",
    "Engines burn petrol.",
    "## Water\n\nRivers run to the sea.\n\n## Bread\n\nBread rises overnight.",
    "## Fire\n\nWood burns slowly.\n\n## Water\n\nRivers run to the sea.",
)
UNREADABLE = "---\nlevel: wizard\n---\nWords that can never be read."
NAMES = ("one", "two", "three")

states = st.dictionaries(st.sampled_from(NAMES), st.integers(0, len(TEXTS) - 1), min_size=1)
mishaps = st.sets(st.sampled_from(NAMES), max_size=1)


def _lay_out(house: House, state: dict[str, int]) -> None:
    for name in NAMES:
        file = house.articles / f"{name}.md"
        if name in state:
            file.write_text(f"---\ntitle: The title\n---\n{TEXTS[state[name]]}")
        else:
            file.unlink(missing_ok=True)


@given(st.lists(states, min_size=2, max_size=4))
@settings(deadline=None, max_examples=6, derandomize=True, database=None)
def test_any_history_ends_as_if_only_its_end_had_been_indexed(
    history: list[dict[str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        changed, fresh = House(Path(folder) / "changed"), House(Path(folder) / "fresh")
        for state in history:
            _lay_out(changed, state)
            changed.reindex(force=True)
        _lay_out(fresh, history[-1])
        fresh.reindex()

        assert changed.served() == fresh.served()
        assert changed.lost() == []
        changed.close()
        fresh.close()


@given(states, states, mishaps)
@settings(deadline=None, max_examples=6, derandomize=True, database=None)
def test_what_cannot_be_read_stays_and_all_else_is_as_if_indexed_anew(
    before: dict[str, int], after: dict[str, int], unreadable: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        changed, fresh = House(Path(folder) / "changed"), House(Path(folder) / "fresh")
        for house in (changed, fresh):
            house.shelve(["anchor"])
        _lay_out(changed, before)
        changed.reindex()
        kept = {name: texts for name, texts in changed.served().items() if name in unreadable}
        _lay_out(changed, after)
        for name in unreadable:
            (changed.articles / f"{name}.md").write_text(UNREADABLE)
        _lay_out(fresh, {name: text for name, text in after.items() if name not in unreadable})

        changed.reindex(force=True)
        fresh.reindex()

        assert changed.served() == kept | fresh.served()
        changed.close()
        fresh.close()
