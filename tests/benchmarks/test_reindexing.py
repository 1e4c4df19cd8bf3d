from __future__ import annotations

import pytest

from benchmarks.reindexing import EXPLAINER, TEXTBOOK, changed_share, table

OURS = {
    "s, everything": [100.0],
    "s, one changed": [4.0, 2.5, 2.0],
    "s to copy an edition": [2.0],
    "passages": [60.0],
}
THEIRS = {"s, everything": [50.0], "s, one changed": [5.0], "passages": [60.0]}


def test_a_copy_of_the_edition_does_not_count_as_the_cost_of_a_change() -> None:
    assert changed_share(OURS) == pytest.approx(0.005)
    assert changed_share(THEIRS) == pytest.approx(0.1)


def test_both_contenders_stand_side_by_side_with_their_ratio() -> None:
    made = table("10 articles", {EXPLAINER: OURS, TEXTBOOK: THEIRS})

    rows = dict(zip(made.columns[0].cells, made.columns[-1].cells, strict=True))
    assert rows["s, everything"] == "2.00"
    assert rows["s, one changed"] == "0.50"
    assert rows["MiB on disk"] == "–"
