from __future__ import annotations

from itertools import islice

from benchmarks.demonstrations import Company, company_table, memory_table, various
from bot.core.demonstration import Kind


def test_questions_beside_pictures_are_compared_with_the_same_ones_alone() -> None:
    made = company_table({1: Company([30.0, 30.0, 90.0], [20.0, 20.0, 40.0], [12.0], 2)})

    rows = dict(zip(made.columns[0].cells, made.columns[1].cells, strict=True))
    assert rows["beside / alone"] == "1.50"
    assert rows["s until all pictures are there"] == "12.0"
    assert rows["refused"] == "2"


def test_growth_is_counted_from_the_first_pictures_on() -> None:
    made = memory_table({100: 200.0, 200: 210.0})

    assert list(made.columns[2].cells) == ["+0.0%", "+5.0%"]


def test_every_kind_is_drawn_on_ever_other_words() -> None:
    showings = list(islice(various(), 4 * len(Kind)))

    assert {showing.kind for showing in showings} == set(Kind)
    layers = [showing.texts for showing in showings if showing.kind is Kind.LAYERS]
    assert len(set(layers)) == 4
