"""What a reindex changes, and the same text from several origins."""

from __future__ import annotations

from knowledge.library import Member
from knowledge.reindexing import Diff
from knowledge.reindexing.diff import collapse, compare, places


def _member(version: str, source: str = "", same_as: str = "", text: str = "") -> Member:
    return Member(version, f"print of {version}", source, "", same_as, text or version)


def test_articles_are_added_changed_removed_or_as_they_were() -> None:
    before = {"a": _member("1"), "b": _member("2"), "c": _member("3")}
    after = {"b": _member("2"), "c": _member("4"), "d": _member("5")}

    found = compare(before, after)

    assert found == Diff(added=("d",), changed=("c",), removed=("a",), unchanged=1)
    assert found.changes


def test_nothing_changes_between_an_edition_and_itself() -> None:
    members = {"a": _member("1"), "b": _member("2", same_as="a")}

    assert compare(members, members) == Diff(unchanged=1, repeated=1)
    assert not compare(members, members).changes


def test_an_article_that_becomes_a_repetition_is_removed() -> None:
    before = {"a": _member("1"), "b": _member("2")}
    after = {"a": _member("1"), "b": _member("2", same_as="a")}

    assert compare(before, after) == Diff(removed=("b",), unchanged=1, repeated=1)


def test_an_edition_with_another_origin_of_the_same_documents_is_no_other() -> None:
    one = {"a": Member("1", "print", "here", "a.md")}
    other = {"a": Member("1", "another print", "there", "b.md")}

    assert places(one) == places(other)


def test_a_text_is_found_under_the_origin_of_the_most_trusted_source() -> None:
    members = {
        "a": _member("1", "low", text="same"),
        "b": _member("2", "high", text="same"),
        "c": _member("3", "low"),
    }

    found = collapse(members, {"high": 0, "low": 1})

    assert {id_: member.same_as for id_, member in found.items()} == {"a": "b", "b": "", "c": ""}


def test_a_text_that_a_source_holds_twice_is_found_under_the_first_id() -> None:
    members = {id_: _member(id_, "docs", text="same") for id_ in ("b", "a")}

    found = collapse(members, {"docs": 0})

    assert (found["a"].same_as, found["b"].same_as) == ("", "a")


def test_a_repetition_whose_article_is_gone_takes_its_place() -> None:
    found = collapse({"b": _member("2", "docs", same_as="a", text="same")}, {"docs": 0})

    assert found["b"].same_as == ""


def test_articles_of_which_no_text_is_known_are_never_taken_for_repetitions() -> None:
    """Those that an older release has read."""
    members = {"a": Member("1", "print"), "b": Member("2", "print")}

    assert collapse(members, {}) == members
