"""The doctor's look at the databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.core.journal import Journal
from bot.doctor import databases
from knowledge.library import Library
from tests.bot.doctor.looking import finding, settings_of

PAGE = 4096


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with both databases."""
    Library.open(tmp_path).close()
    Journal.open(tmp_path).close()
    return tmp_path


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection:
        yield connection
        connection.commit()


def test_sound_databases_are_named_with_their_sizes(data: Path) -> None:
    found = finding("database", settings_of(data))
    assert found.well
    assert found.detail.startswith("library.sqlite (0.1 MB) and journal.sqlite (0.1 MB): sound")


def test_missing_databases_are_made(tmp_path: Path) -> None:
    assert finding("database", settings_of(tmp_path)).well
    assert (tmp_path / "journal.sqlite").exists()


@pytest.mark.parametrize(
    ("name", "remedy"), [("library", "explainer reindex"), ("journal", "move it away")]
)
def test_a_damaged_page_is_told_with_what_to_do(data: Path, name: str, remedy: str) -> None:
    file = data / f"{name}.sqlite"
    content = bytearray(file.read_bytes())
    for page in range(2, len(content) // PAGE):
        content[page * PAGE : page * PAGE + 100] = b"\xff" * 100
    file.write_bytes(content)
    found = finding("database", settings_of(data))
    assert not found.well
    assert f"{name}.sqlite is damaged" in found.detail
    assert remedy in found.detail
    assert "\n" not in found.detail


def test_a_file_that_is_no_database_is_told(data: Path) -> None:
    (data / "journal.sqlite").write_bytes(b"This is a letter." * 1000)
    found = finding("database", settings_of(data))
    assert not found.well
    assert "journal.sqlite is damaged" in found.detail


def test_a_database_of_a_newer_version_is_told(data: Path) -> None:
    with opened(data / "journal.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    found = finding("database", settings_of(data))
    assert not found.well
    assert "newer version" in found.detail


def test_a_database_that_somebody_else_keeps_locked_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_BUSY_SECONDS", 0.0)
    with opened(data / "library.sqlite") as connection:
        connection.execute("BEGIN IMMEDIATE")
        found = finding("database", settings_of(data))
    assert not found.well
    assert "another process is writing to it" in found.detail


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://ada:s3cret-word@127.0.0.1:1/explainer"
    settings = settings_of(tmp_path, database_url=url, chroma_url="http://127.0.0.1:1")
    found = finding("database", settings)
    assert not found.well
    assert "the database explainer at 127.0.0.1: cannot be reached" in found.detail
    assert "s3cret" not in found.detail
