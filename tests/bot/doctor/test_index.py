"""The doctor's look at sources and editions."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.doctor.examining import Finding
from knowledge.library import Library, SourceState
from knowledge.sources.declaring import Declaration
from tests.bot.doctor.looking import finding, settings_of
from tests.knowledge.chroma_server import ChromaProcess
from tests.knowledge.house import House
from tests.knowledge.sources.web import serving


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path / "house")
    yield opened
    opened.close()


@pytest.fixture
def copied(shipped: Path, tmp_path: Path) -> Path:
    """A data directory of its own with the shipped articles, which a test may damage."""
    return shutil.copytree(
        shipped, tmp_path / "copied", ignore=shutil.ignore_patterns("*.lock", "models", "responses")
    )


def of_sources(folder: Path, *sources: object) -> Finding:
    return finding("sources", settings_of(folder, sources=tuple(map(str, sources))))


def test_the_edition_is_described(shipped: Path, app: App) -> None:
    found = finding("index", settings_of(shipped))
    assert found.well
    assert f"edition {app.knowledge.published().id} of " in found.detail
    assert f"{len(app.knowledge.topics())} articles in " in found.detail
    assert "pinned" not in found.detail


def test_a_missing_index_is_told_with_what_to_do(tmp_path: Path) -> None:
    found = finding("index", settings_of(tmp_path))
    assert not found.well
    assert "Run `explainer reindex`" in found.detail


def test_an_index_of_other_sources_is_told(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nA is the first letter.\n")
    found = finding("index", settings_of(shipped, sources=(str(tmp_path),)))
    assert not found.well
    assert "other sources" in found.detail


def test_an_index_of_another_embedding_is_told(house: House) -> None:
    house.shelve(["kite"])
    house.reindex()
    found = finding("index", settings_of(house.data_dir, sources=(str(house.articles),)))
    assert not found.well
    assert "another embedding model" in found.detail


def test_a_pinned_edition_is_told(copied: Path, app: App) -> None:
    library = Library.open(copied)
    library.publish(app.knowledge.published().id, pin=True)
    library.close()
    assert "; pinned since " in finding("index", settings_of(copied)).detail


def test_a_damaged_index_is_told_and_left_as_it_is(copied: Path, app: App) -> None:
    folder = copied / "editions" / app.knowledge.published().folder
    [file, *_] = sorted(folder.glob("*.npy")) or sorted(f for f in folder.iterdir() if f.is_file())
    file.write_bytes(b"damaged")
    found = finding("index", settings_of(copied))
    assert not found.well
    assert "is damaged" in found.detail
    assert "`explainer run`" in found.detail
    assert file.read_bytes() == b"damaged"


def test_sources_that_are_not_there_are_told(shipped: Path, tmp_path: Path) -> None:
    found = of_sources(shipped, tmp_path / "none")
    assert not found.well
    assert "there is no such folder" in found.detail


def test_sources_are_named_with_the_number_of_their_articles(house: House) -> None:
    house.shelve(["kite", "top"])
    house.reindex()
    found = of_sources(house.data_dir, house.articles)
    assert (found.well, found.detail) == (True, f"2 articles of {house.articles}")


def test_a_source_of_which_a_document_could_not_be_read_is_told(
    house: House, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"_id": "1", "text": "One is a number."}\nbroken\n')
    house.reindex(corpus)
    found = of_sources(house.data_dir, corpus)
    assert not found.well
    assert "1 unreadable" in found.detail
    assert "corpus.jsonl:2" in found.detail


def test_an_article_that_is_stale_is_told(house: House) -> None:
    house.shelve(["kite", "top"])
    house.reindex()
    (house.articles / "kite.md").write_bytes(b"caf\xe9")
    house.reindex()
    found = of_sources(house.data_dir, house.articles)
    assert not found.well
    assert "kite.md" in found.detail


def test_a_source_that_could_not_be_read_the_last_time_is_told(house: House) -> None:
    source = Declaration(location="https://unknown.invalid/feed.xml")
    state = SourceState(source.name, datetime.now(UTC), None, "unknown.invalid: cannot be reached.")
    house.library.note_sources([state], (), [source.name])
    found = of_sources(house.data_dir, source.location)
    assert not found.well
    assert "unknown.invalid: cannot be reached." in found.detail


def test_nothing_is_fetched(house: House) -> None:
    with serving() as web:
        settings = settings_of(
            house.data_dir, sources=(web.url("/feed.xml"),), fetch_allowed=(web.host,)
        )
        assert finding("sources", settings).well
        assert web.paths == []


def test_chroma_in_the_bots_own_process_is_told_with_its_version(tmp_path: Path) -> None:
    found = finding("chroma", settings_of(tmp_path))
    assert found.well
    assert found.detail.startswith("in the bot's own process, 1.")


def test_a_chroma_server_that_answers_is_told_with_its_version(tmp_path: Path) -> None:
    server = ChromaProcess(tmp_path / "chroma")
    found = finding("chroma", settings_of(tmp_path, chroma_url=server.url))
    server.stop()
    assert found.well
    assert found.detail.startswith(f"a server at {server.url} that speaks 1.")


def test_a_chroma_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    found = finding("chroma", settings_of(tmp_path, chroma_url=f"127.0.0.1:{port}"))
    assert not found.well
    assert f"no server answers at http://127.0.0.1:{port}" in found.detail


def test_a_server_that_is_no_chroma_is_told(tmp_path: Path) -> None:
    with serving() as web:
        found = finding("chroma", settings_of(tmp_path, chroma_url=web.url("")))
    assert not found.well
    assert "is no Chroma server" in found.detail


def test_an_index_whose_server_lost_it_is_told(copied: Path, tmp_path: Path, shipped: Path) -> None:
    server = ChromaProcess(tmp_path / "chroma")
    found = finding("index", settings_of(copied, chroma_url=server.url))
    server.stop()
    assert not found.well
    assert "lacks passages" in found.detail
