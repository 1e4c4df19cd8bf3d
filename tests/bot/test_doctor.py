"""``explainer doctor``: what is set up, what is wrong, what to do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.app import App
from bot.doctor import examine
from bot.settings import Settings
from knowledge.library import SourceState
from knowledge.sources.declaring import Declaration
from tests.knowledge.house import House
from tests.knowledge.sources.web import serving

NAMES = (
    "python",
    "data directory",
    "sources",
    "embedding model",
    "index",
    "language model",
    "discord",
    "slack",
    "operators",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path / "house")
    yield opened
    opened.close()


def examined(folder: Path, **changes: Any) -> tuple[bool, dict[str, str]]:
    """Whether all is well, and the line about each thing."""
    file = io.StringIO()
    settings = Settings(_env_file=None, **({"data_dir": folder} | changes))
    well = examine(settings, Console(file=file, width=500))
    lines = file.getvalue().splitlines()
    return well, {name: line for name in NAMES for line in lines if line[3:].startswith(name)}


def test_all_is_well_once_the_articles_are_indexed(shipped: Path) -> None:
    well, lines = examined(shipped)
    assert well
    assert [line[:2] for line in lines.values()] == ["ok"] * len(NAMES)


def test_each_thing_has_a_line(shipped: Path) -> None:
    assert tuple(examined(shipped)[1]) == NAMES


def test_the_index_is_described(shipped: Path, app: App) -> None:
    line = examined(shipped)[1]["index"]
    assert f"edition {app.knowledge.published().id} of " in line
    assert f"{len(app.knowledge.topics())} topics" in line


def test_a_missing_index_is_told_with_what_to_do(tmp_path: Path) -> None:
    well, lines = examined(tmp_path)
    assert not well
    assert lines["index"].startswith("!!")
    assert "Run `explainer reindex`" in lines["index"]


def test_one_thing_that_is_wrong_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    well, lines = examined(tmp_path / "file" / "data")
    assert not well
    assert lines["data directory"].startswith("!!")
    assert "EXPLAINER_DATA_DIR" in lines["data directory"]
    assert lines["python"].startswith("ok")
    assert lines["operators"].startswith("ok")


def test_an_index_of_other_sources_is_told(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nA is the first letter.\n")
    well, lines = examined(shipped, sources=(str(tmp_path),))
    assert not well
    assert "other sources" in lines["index"]


def test_sources_that_are_not_there_are_told(shipped: Path, tmp_path: Path) -> None:
    well, lines = examined(shipped, sources=(str(tmp_path / "none"),))
    assert not well
    assert lines["sources"].startswith("!!")
    assert "there is no such folder" in lines["sources"]


def test_sources_are_named_with_the_number_of_their_articles(house: House) -> None:
    house.shelve(["kite", "top"])
    house.reindex()
    line = examined(house.data_dir, sources=(str(house.articles),))[1]["sources"]
    assert line.startswith("ok")
    assert f"2 articles of {house.articles}" in line


def test_a_source_of_which_a_document_could_not_be_read_is_told(
    house: House, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text('{"_id": "1", "text": "One is a number."}\nbroken\n')
    house.reindex(corpus)
    well, lines = examined(house.data_dir, sources=(str(corpus),))
    assert not well
    assert "1 unreadable" in lines["sources"]
    assert "corpus.jsonl:2" in lines["sources"]


def test_an_article_that_is_stale_is_told(house: House) -> None:
    house.shelve(["kite", "top"])
    house.reindex()
    (house.articles / "kite.md").write_bytes(b"caf\xe9")
    house.reindex()
    line = examined(house.data_dir, sources=(str(house.articles),))[1]["sources"]
    assert line.startswith("!!")
    assert "kite.md" in line


def test_a_source_that_could_not_be_read_the_last_time_is_told(house: House) -> None:
    source = Declaration(location="https://unknown.invalid/feed.xml")
    state = SourceState(source.name, datetime.now(UTC), None, "unknown.invalid: cannot be reached.")
    house.library.note_sources([state], (), [source.name])
    line = examined(house.data_dir, sources=(source.location,))[1]["sources"]
    assert line.startswith("!!")
    assert "unknown.invalid: cannot be reached." in line


def test_nothing_is_fetched(house: House) -> None:
    with serving() as web:
        address = web.url("/feed.xml")
        lines = examined(house.data_dir, sources=(address,), fetch_allowed=(web.host,))[1]
        assert web.paths == []
    assert lines["sources"].startswith("ok")


@pytest.mark.parametrize("model", ["nobody:x", "openai:tiny"])
def test_a_model_that_cannot_be_used_is_told(shipped: Path, model: str) -> None:
    well, lines = examined(shipped, model=model)
    assert not well
    assert f"EXPLAINER_MODEL={model}" in lines["language model"]


def test_a_model_that_can_be_used_is_named_with_its_address(shipped: Path) -> None:
    well, lines = examined(shipped, model="ollama:tiny", model_base_url="http://127.0.0.1:1")
    assert well
    assert "ollama:tiny at http://127.0.0.1:1" in lines["language model"]


def test_operators_are_named(shipped: Path) -> None:
    assert "discord:7" in examined(shipped, operators=("discord:7",))[1]["operators"]


def test_half_of_slacks_tokens_are_told_without_the_token(shipped: Path) -> None:
    well, lines = examined(shipped, slack_bot_token="xoxb-very-secret")
    assert not well
    assert "EXPLAINER_SLACK_APP_TOKEN" in lines["slack"]
    assert "very-secret" not in "".join(lines.values())
