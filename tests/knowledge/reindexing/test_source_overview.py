"""The sources as operators see them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.reindexing.overview import SourceOverview, overview
from knowledge.sources.declaring import Declaration, Declarations
from tests.knowledge.house import House


@pytest.fixture
def other(house: House) -> Path:
    """A second folder with an article of its own, and one of the house's once more."""
    house.shelve(["alpha", "beta", "gamma", "delta", "epsilon"])
    folder = house.articles.parent / "other"
    folder.mkdir()
    (folder / "eta.md").write_text("The eta stands elsewhere.")
    (folder / "copy.md").write_text((house.articles / "alpha.md").read_text())
    return folder


def _declared(house: House, other: Path) -> Declarations:
    first = Declaration(location=str(house.articles), name="articles")
    fields = {"location": str(other), "name": "other", "trust": "low", "every": "6h"}
    return Declarations(source=(first, Declaration.model_validate(fields)))


def _seen(house: House, other: Path) -> list[SourceOverview]:
    return overview(_declared(house, other).source, house.library)


def test_sources_that_were_never_read_are_listed_as_declared(house: House, other: Path) -> None:
    first, second = _seen(house, other)

    assert (first.name, first.kind, first.trust, first.every) == (
        "articles",
        "folder",
        "normal",
        None,
    )
    assert (second.name, second.trust, second.every) == ("other", "low", 6 * 3600)
    assert (first.tried, first.read, first.articles) == (None, None, 0)


def test_articles_and_repetitions_are_counted_where_they_come_from(
    house: House, other: Path
) -> None:
    house.reindex(_declared(house, other))

    first, second = _seen(house, other)

    assert (first.articles, first.repeated) == (5, 0)
    assert (second.articles, second.repeated) == (1, 1)


def test_it_is_known_when_each_source_was_read(house: House, other: Path) -> None:
    started = datetime.now(UTC)
    house.reindex(_declared(house, other))

    for source in _seen(house, other):
        assert source.tried == source.read
        assert source.read is not None
        assert started <= source.read <= datetime.now(UTC)
        assert source.problem == ""


def test_a_source_that_fails_tells_why_and_when_it_was_last_read(house: House, other: Path) -> None:
    house.reindex(_declared(house, other))
    read = _seen(house, other)[1].read
    other.rename(other.with_name("away"))

    house.reindex(_declared(house, other))

    failed = _seen(house, other)[1]
    assert failed.problem == f"{other}: there is no such folder or file."
    assert failed.read == read is not None
    assert failed.tried is not None
    assert failed.tried > read


def test_stale_articles_are_listed_with_their_source(house: House, other: Path) -> None:
    house.reindex(_declared(house, other))
    (other / "eta.md").write_text("---\nlevel: wizard\n---\nCannot be read.")

    house.reindex(_declared(house, other))

    first, second = _seen(house, other)
    assert first.stale == ()
    assert [stale.article_id for stale in second.stale] == ["eta"]
    assert second.articles == 1
