"""Databases that cannot be opened or written, told in one line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from knowledge import database
from knowledge.errors import StorageError
from knowledge.library import Library
from knowledge.model import Article, Section
from tests.knowledge.house import House


def _complaint(data_dir: Path) -> str:
    with pytest.raises(StorageError) as caught:
        Library.open(data_dir)
    reason = str(caught.value)
    assert "\n" not in reason
    return reason


def test_a_missing_data_folder_is_made(tmp_path: Path) -> None:
    Library.open(tmp_path / "deep" / "down").close()

    assert (tmp_path / "deep" / "down" / "library.sqlite").is_file()


def test_a_file_in_place_of_the_data_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")

    assert _complaint(tmp_path / "data").startswith(f"{tmp_path / 'data'}: ")
    assert "EXPLAINER_DATA_DIR" in _complaint(tmp_path / "data" / "below")


def test_a_folder_in_place_of_the_library_is_told(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").mkdir()

    assert "cannot be written. Set EXPLAINER_DATA_DIR" in _complaint(tmp_path)


def test_a_file_that_is_no_library_is_told(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite"
    file.write_bytes(b"These bytes are no database." * 100)

    assert _complaint(tmp_path) == (
        f"{file}: the file is damaged. Restore it from a backup, or move it away and reindex."
    )


def test_a_library_with_damaged_pages_is_told(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    library.add_articles([Article("a", "A", (Section((), "Text."),))])
    library.close()
    file = tmp_path / "library.sqlite"
    with file.open("r+b") as content:
        content.seek(4096)
        content.write(b"\xff" * (file.stat().st_size - 4096))

    assert "the file is damaged" in _complaint(tmp_path)


def test_a_library_of_a_newer_version_is_told(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "library.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    assert str(tmp_path / "library.sqlite") in _complaint(tmp_path)


def test_an_opened_library_is_opened_again_as_it_is(house: House) -> None:
    house.shelve(["alpha"])
    house.reindex()
    before = house.library.published()

    again = Library.open(house.data_dir)
    after = again.published()
    again.close()

    assert after == before


def test_a_library_that_another_process_writes_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    library = Library.open(tmp_path)
    other = sqlite3.connect(tmp_path / "library.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="another process is writing to it"):
        library.publish(1)

    other.execute("ROLLBACK")
    other.close()
    library.close()


def test_readers_go_on_while_another_process_writes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.shelve(["alpha"])
    house.reindex()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    reader = Library.open(house.data_dir)
    other = sqlite3.connect(house.data_dir / "library.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    published = reader.published()

    other.execute("ROLLBACK")
    other.close()
    reader.close()
    assert published == house.library.published() is not None


def test_the_old_edition_serves_when_the_disk_is_full(house: House) -> None:
    house.shelve(["alpha", "beta"])
    house.reindex()
    house.write("gamma", "\n\n".join(f"Paragraph {n}: {'x' * 900}" for n in range(200)))
    _fill_the_disk(house.library)

    with pytest.raises(StorageError, match=r"the disk is full\. Nothing was lost"):
        house.reindex()

    assert sorted(house.served()) == ["alpha", "beta"]
    assert house.lost() == []


def _fill_the_disk(library: Library) -> None:
    """Let the library grow by 10 pages more and no further."""
    engine = library._database.engine

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 10}")

    event.listen(engine, "connect", limit)
    engine.dispose()
