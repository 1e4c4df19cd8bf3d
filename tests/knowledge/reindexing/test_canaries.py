"""Questions that must find their articles before an edition is published."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from knowledge.editions import Edition
from knowledge.errors import ReindexRefused
from knowledge.library import Library
from knowledge.reindexing import canaries
from knowledge.sources.declaring import Canary, Declaration, Declarations
from tests.knowledge.house import House

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")


@pytest.fixture
def shelved(house: House) -> House:
    """A house whose five articles are published."""
    house.shelve(NAMES)
    house.reindex()
    return house


def _watched(house: House, question: str, article: str) -> Declarations:
    """The articles, and a question that must find one of them."""
    source = Declaration(location=str(house.articles))
    return Declarations(source=(source,), canary=(Canary(question=question, article=article),))


def _rows(house: House, table: str) -> int:
    with closing(sqlite3.connect(house.data_dir / "library.sqlite")) as database:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(count)


def test_an_edition_whose_canary_finds_its_article_is_published(shelved: House) -> None:
    shelved.shelve(["zeta"])

    report = shelved.reindex(_watched(shelved, "What do zetaers call a zetaing?", "zeta"))

    assert report.published


def test_an_edition_whose_canary_finds_its_article_no_more_is_refused(shelved: House) -> None:
    sources = _watched(shelved, "What do betaers call a betaing?", "beta")
    (shelved.articles / "beta.md").unlink()
    before = shelved.library.published()

    with pytest.raises(ReindexRefused) as caught:
        shelved.reindex(sources)

    assert str(caught.value) == (
        "The canary question “What do betaers call a betaing?” does not find the article "
        "'beta'; the old edition serves. If that is meant, change the [[canary]]."
    )
    assert shelved.library.published() == before
    assert shelved.lost() == []


def test_an_edition_that_a_canary_refused_leaves_nothing_behind(shelved: House) -> None:
    (shelved.articles / "beta.md").unlink()

    with pytest.raises(ReindexRefused):
        shelved.reindex(_watched(shelved, "What is beta?", "beta"))

    assert _rows(shelved, "editions") == 1
    assert _rows(shelved, "edition_articles") == 5
    assert list((shelved.data_dir / "editions").iterdir()) == [shelved.folder()]


def test_not_even_force_publishes_over_a_canary(shelved: House) -> None:
    (shelved.articles / "beta.md").unlink()

    with pytest.raises(ReindexRefused, match="canary"):
        shelved.reindex(_watched(shelved, "What is beta?", "beta"), force=True)


def test_an_edition_that_does_not_find_articles_by_their_titles_is_refused(
    shelved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelved.shelve(["zeta"])
    monkeypatch.setattr(canaries, "_AMONG", 0)

    with pytest.raises(ReindexRefused, match=r"6 of 6 articles are not found by their titles"):
        shelved.reindex()


@pytest.fixture
def edition(shelved: House) -> Iterator[Edition]:
    """The published edition."""
    base = shelved.base()
    with closing(base.editions.open(base.published())) as edition:
        yield edition


def _by_title(*names: str) -> list[Canary]:
    return [Canary(question=f"What is {name}?", article=name) for name in names]


def test_a_few_articles_may_be_missed_by_their_titles(shelved: House, edition: Edition) -> None:
    library: Library = shelved.library
    titles = _by_title(*NAMES[:4], "unknown")

    canaries.release(edition, library, shelved.embedder, [], titles)


def test_more_than_a_few_may_not(shelved: House, edition: Edition) -> None:
    titles = _by_title(*NAMES[:3], "unknown", "lost")

    with pytest.raises(ReindexRefused, match=r"2 of 5 .* the first: 'unknown'"):
        canaries.release(edition, shelved.library, shelved.embedder, [], titles)


def test_each_question_is_made_of_the_title_of_an_article() -> None:
    assert canaries.derived({"bert": "BERT"}, ["bert"], seed=1) == [
        Canary(question="What is BERT?", article="bert")
    ]


def test_titles_that_are_empty_or_shared_ask_for_no_article() -> None:
    titles = {"a": "Same", "b": "Same", "c": "", "d": "Own"}

    assert [each.article for each in canaries.derived(titles, ["a", "b", "c"], seed=1)] == ["d"]


def test_a_hundred_new_articles_and_twenty_others_are_asked_for() -> None:
    titles = {f"a{number}": f"Title {number}" for number in range(500)}
    new = [f"a{number}" for number in range(200)]

    asked = [canary.article for canary in canaries.derived(titles, new, seed=1)]

    assert len(set(asked)) == len(asked) == 120
    assert len(set(asked) & set(new)) == 100


def test_each_edition_is_asked_for_others() -> None:
    titles = {f"a{number}": f"Title {number}" for number in range(500)}

    assert canaries.derived(titles, [], seed=1) != canaries.derived(titles, [], seed=2)
