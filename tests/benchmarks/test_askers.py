from __future__ import annotations

from benchmarks.askers import waiting_table
from benchmarks.crowds import Asked


def test_a_table_tells_how_long_people_waited_and_what_went_wrong() -> None:
    asked = [
        Asked("1", None, acknowledged=1, first=20, answered=30, answers=("A",)),
        Asked("2", None, acknowledged=3, first=40, answered=50, answers=("B", "B")),
        Asked("3", None, acknowledged=2),
    ]

    made = waiting_table("Somewhere", {32: asked})

    names, *columns = (column.cells for column in made.columns)
    rows = dict(zip(names, zip(*columns, strict=True), strict=True))
    assert rows["32 askers: acknowledged"][:2] == ("2", "3")
    assert rows["32 askers: first words"][0] == "30"
    assert rows["32 askers: whole answer"] == ("40", "49", "50", "3", "1", "1")
