"""Letting an earlier edition serve again, and pinning it."""

from __future__ import annotations

import shutil

import pytest

from knowledge.errors import ReindexRefused
from tests.fakes import HashingEmbedder
from tests.knowledge.house import House

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


@pytest.fixture
def thrice(house: House) -> House:
    """A house with three editions, in each of which one more article says that it is new."""
    house.shelve(NAMES)
    house.reindex()
    for name in NAMES[:2]:
        house.write(name, f"The {name} is new.", title=name)
        house.reindex()
    house.embedder.embedded.clear()
    return house


def _new(house: House) -> list[str]:
    """The articles of the published edition that say that they are new."""
    return sorted(name for name, texts in house.served().items() if "is new" in texts[0])


def test_the_edition_before_serves_again(thrice: House) -> None:
    base = thrice.base()
    newest = base.published().id

    record = thrice.reindexer().roll_back()

    assert record.id == base.published().id == newest - 1
    assert _new(thrice) == ["alpha"]
    assert thrice.lost() == []


def test_an_edition_serves_again_by_its_number(thrice: House) -> None:
    oldest = thrice.library.overview()[-1].record.id

    thrice.reindexer().roll_back(oldest)

    assert _new(thrice) == []


def test_rolling_back_twice_comes_back(thrice: House) -> None:
    """The one that served last is the one before."""
    thrice.reindexer().roll_back()
    thrice.reindexer().roll_back()

    assert _new(thrice) == ["alpha", "beta"]


def test_a_rollback_embeds_nothing(thrice: House) -> None:
    thrice.reindexer().roll_back()

    assert thrice.embedder.embedded == []


def test_an_open_knowledge_base_moves_back(thrice: House) -> None:
    base = thrice.base()
    base.retrieve("What is beta?")
    thrice.reindexer().roll_back()

    found = base.retrieve("What do betaers call a betaing?").passages[0].passage

    assert found.text == "The beta is what betaers call a betaing."


def test_an_edition_that_is_not_kept_is_told_with_those_that_are(thrice: House) -> None:
    ids = [str(each.record.id) for each in thrice.library.overview()]

    with pytest.raises(ReindexRefused) as caught:
        thrice.reindexer().roll_back(99)

    assert str(caught.value) == f"There is no edition 99; kept are: {', '.join(ids)}."


def test_the_first_edition_has_none_before_it(house: House) -> None:
    house.shelve(NAMES)
    house.reindex()

    with pytest.raises(ReindexRefused, match="There is no earlier edition"):
        house.reindexer().roll_back()


def test_an_edition_of_another_embedding_does_not_serve_again(thrice: House) -> None:
    oldest, before = thrice.library.overview()[-1].record.id, thrice.library.published()
    other = thrice.reindexer(embedder=HashingEmbedder("hashing@2"))

    with pytest.raises(ReindexRefused, match=r"another embedding model \(hashing@1\)"):
        other.roll_back(oldest)

    assert thrice.library.published() == before
    assert thrice.library.pinned() is None


def test_a_damaged_edition_is_made_again_before_it_serves(thrice: House) -> None:
    before = thrice.library.overview()[1].record
    shutil.rmtree(thrice.data_dir / "editions" / before.folder)

    thrice.reindexer().roll_back()

    assert _new(thrice) == ["alpha"]
    assert thrice.embedder.embedded == []
    assert thrice.lost() == []


def test_nothing_is_published_over_an_edition_that_was_rolled_back_to(thrice: House) -> None:
    record = thrice.reindexer().roll_back()

    with pytest.raises(ReindexRefused) as caught:
        thrice.reindex()

    assert str(caught.value).startswith(f"Edition {record.id} is pinned since 20")
    assert "explainer rollback --release" in str(caught.value)
    assert thrice.base().published().id == record.id


def test_a_dry_run_looks_past_the_pin(thrice: House) -> None:
    thrice.reindexer().roll_back()

    assert thrice.reindex(dry_run=True).diff.changed == ("beta",)


def test_a_released_edition_is_published_over(thrice: House) -> None:
    thrice.reindexer().roll_back()

    thrice.reindexer().release()

    assert thrice.reindex().published
    assert _new(thrice) == ["alpha", "beta"]


def test_forcing_publishes_over_a_pinned_edition_and_ends_the_pin(thrice: House) -> None:
    thrice.reindexer().roll_back()

    assert thrice.reindex(force=True).published
    assert thrice.library.pinned() is None
