"""A library that an older release has made goes on with this one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from knowledge import library as library_package
from knowledge.model import Article, Section
from knowledge.reindexing import Diff
from knowledge.splitting import split
from tests.fakes import HashingEmbedder
from tests.knowledge.house import House

NAMES = ("alpha", "beta", "gamma")


def _text(name: str) -> str:
    return f"The {name} is what {name}ers call a {name}ing."


def _first_schema(file: Path) -> None:
    """An empty library as the first release made it."""
    config = Config()
    migrations = Path(library_package.__file__).parents[1] / "migrations"
    config.set_main_option("script_location", str(migrations))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


def _insert(database: sqlite3.Connection, table: str, *values: object) -> None:
    places = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608


def _shelve(database: sqlite3.Connection, name: str) -> None:
    """Put an article and its vector into the published edition."""
    (passage,) = split(Article(name, name, (Section((), _text(name)),)))
    vector = HashingEmbedder().embed_question(passage.embedded_text)
    version, metadata = f"version of {name}", json.dumps({"language": "en"})
    _insert(database, "vectors", passage.vector_id, "hashing@1", vector.tobytes())
    _insert(database, "versions", version, name, f"{name}.md", name, metadata)
    _insert(database, "passages", passage.id, version, 0, passage.vector_id, "[]", passage.text)
    _insert(database, "edition_articles", 1, name, version, "fingerprint")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house whose three articles were published by the first release."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "library.sqlite"
    _first_schema(file)
    sources = json.dumps([str(tmp_path / "articles")])
    with closing(sqlite3.connect(file)) as database, database:
        created = "2025-01-01 12:00:00.000000"
        _insert(database, "editions", 1, "hashing@1", "old", sources, created, None)
        for name in NAMES:
            _shelve(database, name)
        _insert(database, "published", "published", 1)
    with closing(House(tmp_path)) as house:
        house.shelve(NAMES)
        yield house


def test_an_old_library_serves_and_its_index_is_made_anew_without_embedding(house: House) -> None:
    assert house.served() == {name: [_text(name)] for name in NAMES}
    assert house.lost() == []
    assert house.embedder.embedded == []


def test_an_old_edition_was_made_by_nobody_for_no_reason(house: House) -> None:
    (edition,) = house.library.overview()

    assert (edition.articles, edition.passages, edition.serving) == (3, 3, True)
    assert (edition.record.note.who, edition.record.note.why) == ("", "")


def test_nothing_of_an_old_library_is_lost_or_embedded_again_by_a_reindex(house: House) -> None:
    report = house.reindex()

    assert report.diff == Diff(changed=NAMES)
    assert report.embedded == 0
    assert house.served() == {name: [_text(name)] for name in NAMES}
    assert house.lost() == []


def test_an_article_of_an_old_library_that_cannot_be_read_stays(house: House) -> None:
    house.write("beta", "Cannot be read.", level="wizard")

    report = house.reindex()

    assert len(report.problems) == 1
    assert house.served()["beta"] == [_text("beta")]
    assert house.lost() == []


def test_an_article_of_an_old_library_that_is_gone_goes(house: House) -> None:
    (house.articles / "beta.md").unlink()

    house.reindex(force=True)

    assert sorted(house.served()) == ["alpha", "gamma"]
