"""Search indexes of editions: made, verified, opened, kept and forgotten."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest

from knowledge.editions import Edition
from knowledge.editions.edition import new_folder
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.editions.opening import OpenCollection
from knowledge.errors import ReindexRefused, StorageError
from tests.knowledge.house import House

NAMES = tuple(
    f"{first}{last}" for first in ("al", "be", "ga", "de", "ep") for last in ("pha", "ta")
)


@pytest.fixture
def shelved(house: House) -> House:
    """A house whose ten articles are published."""
    house.shelve(NAMES)
    house.reindex()
    return house


def _collection_of(edition: Edition) -> chromadb.Collection:
    index = edition._index
    assert isinstance(index, OpenCollection)
    collection: chromadb.Collection = index.collection
    return collection


def _index_of(house: House) -> tuple[str, int]:
    """Chroma's name for the published index, which a copy keeps, and how much it holds."""
    base = house.base()
    edition = base.editions.open(base.published())
    collection = _collection_of(edition)
    index = str(collection.id), int(collection.count())
    edition.close()
    return index


def _change(house: House, count: int, text: str) -> None:
    for name in NAMES[:count]:
        house.write(name, f"The {name} is now {text}.", title=name)


def test_the_next_index_is_a_copy_of_the_last_with_the_change(shelved: House) -> None:
    before, _ = _index_of(shelved)
    _change(shelved, 2, "other")

    shelved.reindex()

    assert _index_of(shelved) == (before, 10)
    assert shelved.lost() == []


def test_an_index_is_made_from_scratch_when_more_than_a_fifth_is_dead(shelved: House) -> None:
    before, _ = _index_of(shelved)
    _change(shelved, 3, "other")
    shelved.reindex()
    copied, _ = _index_of(shelved)
    _change(shelved, 1, "another")

    shelved.reindex()
    anew, rows = _index_of(shelved)

    assert copied == before != anew
    assert rows == 10
    assert shelved.lost() == []


def test_what_is_dead_is_counted_over_several_editions(shelved: House) -> None:
    before, _ = _index_of(shelved)
    names = []
    for number in range(4):
        _change(shelved, 1, f"number {number}")
        shelved.reindex()
        names.append(_index_of(shelved)[0])

    assert names[:3] == [before] * 3
    assert names[3] != before


def test_another_embedding_is_never_mixed_into_the_last_index(shelved: House) -> None:
    before, _ = _index_of(shelved)
    shelved.embedder = type(shelved.embedder)("hashing@2")

    shelved.reindex()

    assert _index_of(shelved)[0] != before


def test_a_published_index_stays_as_it_was_when_the_next_is_made(shelved: House) -> None:
    folder = shelved.folder()
    _change(shelved, 2, "other")
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    shelved.reindex()

    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert after == before


def _lossy(upsert: Any) -> Any:
    def lose_the_last(self: chromadb.Collection, ids: list[str], embeddings: Any) -> None:
        upsert(self, ids=ids[:-1], embeddings=embeddings[:-1])

    return lose_the_last


def _mixed_up(upsert: Any) -> Any:
    def turn(self: chromadb.Collection, ids: list[str], embeddings: Any) -> None:
        upsert(self, ids=ids, embeddings=np.roll(embeddings, 1, axis=0))

    return turn


@pytest.mark.parametrize("fault", [_lossy, _mixed_up])
def test_an_index_that_does_not_find_what_was_put_in_is_not_published(
    shelved: House, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    before = shelved.library.published()
    _change(shelved, 2, "other")
    monkeypatch.setattr(chromadb.Collection, "upsert", fault(chromadb.Collection.upsert))

    with pytest.raises(ReindexRefused, match="is not found by its own vector"):
        shelved.reindex()
    monkeypatch.undo()

    assert shelved.library.published() == before
    assert shelved.lost() == []


def test_a_lost_passage_is_missed_although_another_has_the_same_vector(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.write("one", "The very same words.", title="Same")
    house.write("two", "The same very words.", title="Same")
    monkeypatch.setattr(chromadb.Collection, "upsert", _lossy(chromadb.Collection.upsert))

    with pytest.raises(ReindexRefused, match="is not found"):
        house.reindex()


def test_a_refused_index_leaves_no_folder_behind(
    shelved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromadb.Collection, "upsert", _lossy(chromadb.Collection.upsert))
    _change(shelved, 2, "other")

    with pytest.raises(ReindexRefused):
        shelved.reindex()

    assert list((shelved.data_dir / "editions").iterdir()) == [shelved.folder()]


def _python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the child process be a shell script that ends as Python, or doesn't."""
    file = tmp_path / "python"
    file.write_text(f"#!/bin/sh\n{script.replace('PYTHON', sys.executable)}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(file))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -9 $$", "its process died"),
        ("kill -11 $$", "its process died"),
        ("echo trouble >&2; echo 'the last line' >&2; exit 1", "the last line"),
        (
            """echo '{"phase": "build", "done": 1, "total": 2}'; echo 'too late' >&2; exit 1""",
            "too late",
        ),
    ],
)
def test_the_old_edition_serves_when_the_child_process_fails(
    shelved: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    before = shelved.library.published()
    _change(shelved, 2, "other")
    _python(tmp_path, monkeypatch, script)

    with pytest.raises(ReindexRefused, match=f"not published: {reason}") as caught:
        shelved.reindexer(workshop=EmbeddedEditions).run()

    assert "\n" not in str(caught.value)
    assert shelved.library.published() == before
    assert shelved.lost() == []


@pytest.fixture(scope="module", params=["copied", "from scratch"])
def squeezed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, str]]:
    """A house whose second index did not fit on the disk, and what was told.

    No file of the child process may grow beyond 64 kB, and Chroma's does.
    """
    root = tmp_path_factory.mktemp("squeezed")
    house = House(root)
    house.shelve(NAMES)
    house.reindex()
    if request.param == "from scratch":  # as more than a fifth is dead
        _change(house, 3, "other")
        house.reindex()
    _change(house, 1, "another")
    with pytest.MonkeyPatch.context() as patched:
        _python(root, patched, 'ulimit -f 128; exec PYTHON "$@"')
        with pytest.raises(ReindexRefused) as caught:
            house.reindexer(workshop=EmbeddedEditions).run()
    yield house, str(caught.value)
    house.close()


def test_the_old_edition_serves_when_the_new_index_does_not_fit_on_the_disk(
    squeezed: tuple[House, str],
) -> None:
    house, _ = squeezed

    assert "another" not in house.served()[NAMES[0]][0]
    assert house.lost() == []


def test_an_index_that_does_not_fit_on_the_disk_is_told_in_words(
    squeezed: tuple[House, str],
) -> None:
    _, message = squeezed

    assert message.endswith("The old one serves; run `explainer reindex` again.")
    assert not [remains for remains in ("\n", "[(", "..", "chromadb") if remains in message], (
        message
    )


def test_a_file_in_place_of_the_folder_of_editions_is_told(house: House) -> None:
    house.shelve(NAMES)
    (house.data_dir / "editions").write_text("not a folder")

    with pytest.raises(StorageError, match="editions"):
        house.reindexer(workshop=EmbeddedEditions).run()

    assert house.library.published() is None


def test_an_index_that_lost_its_rows_is_made_again(shelved: House) -> None:
    with sqlite3.connect(shelved.folder() / "chroma" / "chroma.sqlite3") as connection:
        connection.execute("DELETE FROM embeddings_queue")
    connection.close()

    shelved.reindex(force=True)

    assert shelved.lost() == []


def _folders(house: House) -> set[str]:
    return {folder.name for folder in (house.data_dir / "editions").iterdir()}


def test_the_folders_of_forgotten_editions_are_removed(shelved: House) -> None:
    for number in range(4):
        _change(shelved, 1, f"number {number}")
        shelved.reindex()
    young = _folders(shelved)
    with sqlite3.connect(shelved.data_dir / "library.sqlite") as connection:
        connection.execute(
            "UPDATE editions SET replaced = datetime('now', '-2 hours') WHERE replaced NOT NULL"
        )
    connection.close()
    _change(shelved, 1, "the last")

    shelved.reindex()

    assert len(young) == 5
    assert len(_folders(shelved)) == 3
    assert shelved.lost() == []


def test_what_a_killed_reindex_left_behind_is_removed_by_the_next(shelved: House) -> None:
    left = shelved.data_dir / "editions" / new_folder()
    (left / "chroma").mkdir(parents=True)
    _change(shelved, 1, "other")

    shelved.reindex()

    assert not left.exists()


def test_every_edition_has_a_folder_of_its_own() -> None:
    assert len({new_folder() for _ in range(100)}) == 100


def test_a_passage_is_nearest_to_its_own_vector(shelved: House) -> None:
    base = shelved.base()
    edition: Edition = base.editions.open(base.published())
    key = edition.keys[3]
    vector = base.library.vectors([key.vector_id], edition.record.embedding)[key.vector_id]

    found = edition.nearest(vector, 3)
    edition.close()

    assert len(found) == 3
    assert max(found, key=lambda position: found[position]) == 3
    assert found[3] == pytest.approx(1.0, abs=1e-5)


def test_no_more_is_found_than_there_is(shelved: House) -> None:
    base = shelved.base()
    edition = base.editions.open(base.published())

    found = edition.nearest(shelved.embedder.embed_question("alpha"), 500)
    edition.close()

    assert sorted(found) == list(range(10))


def test_a_larger_index_is_searched_more_widely(
    shelved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.editions.chroma._SEARCHED_AMONG", 3)
    monkeypatch.setattr("knowledge.editions.chroma._SEARCHED_SHARE", 0.5)
    searched = []
    for count in (0, 20):
        shelved.shelve([f"more{number}" for number in range(count)])
        shelved.reindex(force=True)
        base = shelved.base()
        edition = base.editions.open(base.published())
        hnsw = _collection_of(edition).configuration["hnsw"]
        searched.append(hnsw["ef_search"] if hnsw else 0)
        edition.close()

    assert searched == [5, 15]
