"""Texts cut to the room that a line has."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demonstrations.texts.excerpts import excerpt, quoted


def test_what_fits_is_not_cut() -> None:
    assert str(excerpt("The bank of the river.", 4, 8)) == "The bank of the river."


def test_the_mark_stays_in_a_line_that_is_cut_on_both_sides() -> None:
    text = "before " * 30 + "bank" + " after" * 30
    line = excerpt(text, 210, 214, room=40)

    assert line.marked == "bank"
    assert line.before.startswith("…")
    assert line.after.endswith("…")
    assert len(str(line)) <= 40


def test_room_that_one_side_does_not_need_is_the_other_sides() -> None:
    line = excerpt("bank" + " after" * 30, 0, 4, room=40)

    assert line.before == ""
    assert len(str(line)) > 30


def test_a_cut_is_made_between_words_if_one_ends_near() -> None:
    assert str(excerpt("one two three four five", room=16)) == "one two three…"
    assert str(excerpt("e" * 50, room=16)) == "e" * 15 + "…"


def test_a_chinese_letter_takes_the_room_of_two() -> None:
    assert str(excerpt("河" * 30, room=21)) == "河" * 10 + "…"


def test_lines_become_one() -> None:
    assert str(excerpt("one\ntwo\tthree")) == "one two three"


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 60), st.integers(10, 100))
def test_no_excerpt_is_longer_than_its_room(text: str, start: int, more: int, room: int) -> None:
    line = str(excerpt(text, start, start + more, room))

    assert sum(not unicodedata.combining(letter) for letter in line) <= room


def test_a_word_is_quoted_and_an_endless_one_cut() -> None:
    assert quoted("bank") == "“bank”"
    assert quoted("a" * 99) == "“" + "a" * 27 + "…”"
