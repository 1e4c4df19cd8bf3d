"""Editions that are not what they were when they were verified: noticed, and made again."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.editions import checksums
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.errors import IndexDamaged
from tests.fakes import EditionsInProcess
from tests.knowledge.house import House

SMALL = (
    "checksums.json",
    "chroma/chroma.sqlite3",
    "ids.npy",
    "state.json",
    "vectors.bin",
)
"""Files of every edition, beside those of the words."""

Damage = Callable[[Path], None]


def _flip(file: Path) -> None:
    """Flip one bit in the middle of a file; of a database, in what it holds."""
    if file.suffix == ".sqlite3":
        _other_row(file)
        return
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _other_row(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE collections SET name = 'p' || name")


def _truncate(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


DAMAGES = (_flip, _truncate, Path.unlink)


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with a few published articles."""
    root = tmp_path_factory.mktemp("shelves")
    house = House(root)
    house.shelve(["alpha", "beta", "gamma", "delta", "epsilon"])
    house.reindex()
    house.close()
    return root


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The search index of so many articles that Chroma writes its graph to files."""
    root = tmp_path_factory.mktemp("large")
    corpus = root / "corpus.jsonl"
    corpus.write_text("\n".join(f'{{"_id": "d{n}", "text": "word{n}"}}' for n in range(1100)))
    with closing(House(root)) as house:
        house.reindex(corpus)
        yield house.folder()


@pytest.fixture
def house(shelves: Path, tmp_path: Path) -> Iterator[House]:
    """A copy of the house."""
    shutil.copytree(shelves, tmp_path / "house")
    with closing(House(tmp_path / "house")) as house:
        yield house


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file()]


def test_an_edition_that_nobody_touched_is_as_it_was_however_often_it_is_opened(
    house: House,
) -> None:
    for _ in range(3):
        base = house.base()
        base.retrieve("What is alpha?")
        base.close()

    checksums.check(house.folder())


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_any_file_of_a_large_edition_is_noticed(
    large: Path, tmp_path: Path, damage: Damage
) -> None:
    files = [file for file in _files(large) if file.stat().st_size]
    for number, file in enumerate(files):
        copy = tmp_path / str(number)
        shutil.copytree(large, copy)
        damage(copy / file.relative_to(large))
        with pytest.raises(IndexDamaged):
            checksums.check(copy)
        shutil.rmtree(copy)

    names = {file.name for file in files}
    assert {Path(name).name for name in SMALL} < names
    assert {"data_level0.bin", "header.bin", "length.bin"} < names


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*SMALL, "lexical"])
def test_a_damaged_file_is_noticed_and_the_index_made_again_without_embedding(
    house: House, caplog: pytest.LogCaptureFixture, name: str, damage: Damage
) -> None:
    folder = house.folder()
    file = folder / name
    damage(max(_files(file), key=lambda each: each.stat().st_size) if file.is_dir() else file)

    with caplog.at_level(logging.WARNING):
        lost = house.lost()

    assert lost == []
    assert "is damaged" in caplog.text
    assert house.embedder.embedded == []
    assert not folder.exists()
    checksums.check(house.folder())


def test_a_row_too_many_is_noticed(house: House) -> None:
    with closing(sqlite3.connect(house.folder() / "chroma" / "chroma.sqlite3")) as database:
        database.execute("INSERT INTO embedding_metadata (id, key) VALUES (1, 'note')")
        database.commit()

    with pytest.raises(IndexDamaged, match=r"chroma\.sqlite3 is not as it was verified"):
        checksums.check(house.folder())


def test_a_file_too_many_is_noticed(house: House) -> None:
    (house.folder() / "note.txt").touch()

    with pytest.raises(IndexDamaged, match=r"note\.txt is not as it was verified"):
        checksums.check(house.folder())


def test_an_edition_that_another_chromadb_wrote_is_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "version", lambda _: "99")

    with pytest.raises(IndexDamaged, match="chromadb is not as it was verified"):
        checksums.check(house.folder())


def test_an_edition_whose_folder_is_gone_is_made_again(house: House) -> None:
    shutil.rmtree(house.folder())

    assert house.lost() == []
    assert house.embedder.embedded == []


def test_a_reindex_after_damage_starts_from_scratch(house: House) -> None:
    _flip(house.folder() / "vectors.bin")
    house.write("alpha", "The alpha is new.", title="alpha")

    house.reindex()

    assert house.embedder.embedded == ["alpha\nThe alpha is new."]
    assert house.lost() == []


class Counted(EditionsInProcess):
    """Counts the indexes that it makes."""

    made: int = 0

    def _build(self, *arguments: object) -> None:
        self.made += 1
        super()._build(*arguments)  # type: ignore[arg-type]


def test_two_that_make_an_index_again_at_once_make_it_once(house: House) -> None:
    record = house.library.published()
    assert record is not None
    shutil.rmtree(house.folder())
    both = [Counted(house.data_dir, house.library) for _ in range(2)]

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda editions: editions.rebuild(record), both))

    assert sorted(editions.made for editions in both) == [0, 1]
    checksums.check(house.folder())


def test_the_old_folder_is_removed_when_an_index_is_made_again(house: House) -> None:
    record = house.library.published()
    assert record is not None

    EditionsInProcess(house.data_dir, house.library).rebuild(record)

    assert list((house.data_dir / "editions").iterdir()) == [house.folder()]


def test_a_damaged_edition_is_mended_when_it_is_probed(house: House) -> None:
    """As a bot does when it starts: in a child process, which damage may crash."""
    base = house.base()
    base.editions = EmbeddedEditions(house.data_dir, house.library)
    _flip(house.folder() / "vectors.bin")

    base.probe()

    checksums.check(house.folder())
    assert house.embedder.embedded == []


def test_an_edition_that_does_not_find_its_passages_fails_its_probe(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if its checksums are right: it may never have been whole."""
    record = house.library.published()
    assert record is not None
    with closing(sqlite3.connect(house.folder() / "chroma" / "chroma.sqlite3")) as database:
        database.execute(
            "UPDATE embeddings_queue SET vector = "
            "(SELECT vector FROM embeddings_queue WHERE vector IS NOT NULL ORDER BY seq_id)"
        )
        database.commit()
    checksums.seal(house.folder())

    with pytest.raises(IndexDamaged, match="is not found by its own vector"):
        EditionsInProcess(house.data_dir, house.library).probe(record)
