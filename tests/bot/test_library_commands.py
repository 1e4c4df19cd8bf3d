"""The commands about the library: reindex, sources, editions, rollback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import App
from bot.settings import Settings
from knowledge import exporting
from knowledge.onnx_embedder import OnnxEmbedder
from knowledge.onnx_reader import OnnxReader
from tests.bot.commands import Cli, refused, started
from tests.bot.core.making import without_a_model

WITHOUT_WEIGHT = """
import sys
from bot.cli import main
for command in sys.argv[1:]:
    sys.argv[1:] = command.split()
    try:
        main()
    except SystemExit as end:
        heavy = {"chromadb", "torch"} & sys.modules.keys()
        if end.code or heavy:
            sys.exit(f"{command} ended with {end.code} and imported {heavy}")
"""


def write(folder: Path, name: str, text: str) -> None:
    """Write an article with its name as its title."""
    (folder / f"{name.lower()}.md").write_text(f"---\ntitle: {name}\n---\n\n{text}\n")


@pytest.fixture
def grown(cli: Cli, small: Path) -> Path:
    """The folder of two articles, and of a third that only the second edition holds."""
    cli("reindex")
    write(small, "Yo-yo", "A yo-yo is a toy on a string.")
    cli("reindex")
    return small


@pytest.fixture
def two(small: Path, tmp_path: Path, set_to: Callable[[str, object], None]) -> Path:
    """Two sources with names, ``toys`` and ``games``; returns the folder of the games."""
    games = tmp_path / "games"
    games.mkdir()
    write(games, "Chess", "Chess is a game for two.")
    file = tmp_path / "sources.toml"
    file.write_text(
        f'[[source]]\nname = "toys"\nlocation = "{small}"\ntrust = "high"\nevery = "6h"\n'
        f'[[source]]\nname = "games"\nlocation = "{games}"\n'
    )
    set_to("SOURCES", file)
    return games


def test_a_dry_run_names_each_article_by_its_title(cli: Cli, small: Path) -> None:
    write(small, "Ball", "A ball is round.")
    cli("reindex", "--force")
    write(small, "Yo-yo", "A yo-yo is a toy on a string.")
    write(small, "Top", "A top is a toy that spins for long.")
    (small / "ball.md").unlink()
    ended = cli("reindex", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    _, listed = ended.words.split(".", 1)
    assert listed.split() == "Added: • Yo-yo Changed: • Top Removed: • Ball".split()


def test_only_the_source_that_is_named_is_read(cli: Cli, small: Path, two: Path) -> None:
    cli("reindex")
    write(two, "Go", "Go is a game on a board.")
    write(small, "Yo-yo", "A yo-yo is a toy on a string.")
    report = cli("reindex", "--source", "games", "--json").json
    assert (report["added"], report["unchanged"]) == (1, 3)
    assert report["titles"] == {"go": "Go"}


def test_several_sources_can_be_named(cli: Cli, small: Path, two: Path) -> None:
    cli("reindex")
    write(two, "Go", "Go is a game on a board.")
    write(small, "Yo-yo", "A yo-yo is a toy on a string.")
    report = cli("reindex", "--source", "games", "--source", "toys", "--json").json
    assert report["added"] == 2


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--force",)], ids=" ".join)
def test_a_source_that_is_not_declared_is_refused_with_those_that_are(
    cli: Cli, two: Path, options: tuple[str, ...]
) -> None:
    said = refused(cli("reindex", "--source", "gamse", *options), 1)
    assert said == "There is no source 'gamse'; declared are: toys, games.\n"


def test_sources_are_listed_as_they_are_declared(cli: Cli, small: Path, two: Path) -> None:
    cli("reindex")
    ended = cli("sources")
    assert (ended.code, ended.err) == (0, "")
    toys, games = (line.split() for line in ended.out.splitlines() if "folder" in line)
    assert toys[:6] == ["toys", "folder", "high", "6", "h", "2"]
    assert games[:5] == ["games", "folder", "normal", "–", "1"]


def test_sources_that_were_never_read_are_listed_too(cli: Cli, two: Path) -> None:
    assert cli("sources").out.count("never") == 2


def test_a_source_that_could_not_be_read_is_listed_with_the_reason(
    cli: Cli, small: Path, two: Path
) -> None:
    cli("reindex")
    (two / "chess.md").unlink()
    two.rmdir()
    cli("reindex")
    toys, games = cli("sources", "--json").json
    assert toys["problem"] == ""
    assert games["problem"] == f"{two}: there is no such folder or file."
    assert games["articles"] == 1
    assert games["read"] < games["tried"]


def test_the_only_source_is_listed_with_the_reason_why_it_could_not_be_read(
    cli: Cli, small: Path
) -> None:
    cli("reindex")
    small.rename(small.with_name("elsewhere"))
    refused(cli("reindex"), 1)
    [source] = cli("sources", "--json").json
    assert source["problem"] == f"{small}: there is no such folder or file."


def test_an_article_that_could_not_be_read_again_is_listed_as_stale(cli: Cli, small: Path) -> None:
    cli("reindex")
    (small / "kite.md").write_bytes(b"\xff\xfe\x00caf\xe9")
    cli("reindex")
    [source] = cli("sources", "--json").json
    [stale] = source["stale"]
    assert stale["article_id"] == "kite"
    assert "kite.md" in stale["reason"]
    assert "stale since" in cli("sources").out
    assert source["articles"] == 2


def test_editions_are_listed_with_who_why_and_counts(cli: Cli, grown: Path) -> None:
    ended = cli("editions")
    assert (ended.code, ended.err) == (0, "")
    newest, oldest = (line for line in ended.out.splitlines() if "terminal" in line)
    assert newest.split()[0] == "2"
    assert newest.split()[3:] == "serving 3 3 +1 ~0 -0 terminal reindex".split()
    assert oldest.split()[0] == "1"
    assert "until" in oldest
    assert oldest.split()[-7:] == "2 2 +2 ~0 -0 terminal reindex".split()


def test_editions_are_listed_as_json(cli: Cli, grown: Path) -> None:
    newest, oldest = cli("editions", "--json").json
    assert newest["record"]["note"] == {
        "who": "terminal",
        "why": "reindex",
        "added": 1,
        "changed": 0,
        "removed": 0,
    }
    assert (newest["articles"], newest["passages"]) == (3, 3)
    assert (newest["serving"], newest["pinned"], newest["replaced"]) == (True, None, None)
    assert (oldest["serving"], oldest["articles"]) == (False, 2)
    assert oldest["replaced"]


def test_an_edition_of_the_first_use_says_so(cli: Cli, small: Path) -> None:
    cli("topics")
    [edition] = cli("editions", "--json").json
    assert edition["record"]["note"]["why"] == "first use"


def test_rollback_lets_the_edition_before_serve_and_pins_it(cli: Cli, grown: Path) -> None:
    ended = cli("rollback")
    assert (ended.code, ended.err) == (0, "")
    assert ended.words.startswith("Edition 1 of ")
    assert "Yo-yo" not in cli("topics").out
    newest, oldest = cli("editions", "--json").json
    assert (newest["serving"], oldest["serving"]) == (False, True)
    assert oldest["pinned"]


def test_rollback_goes_to_the_edition_that_is_named(cli: Cli, grown: Path) -> None:
    write(grown, "Ball", "A ball is round.")
    cli("reindex")
    assert cli("rollback", "1").words.startswith("Edition 1 of ")
    assert [each["serving"] for each in cli("editions", "--json").json] == [False, False, True]


def test_a_pinned_edition_refuses_a_reindex_until_it_is_released(cli: Cli, grown: Path) -> None:
    cli("rollback")
    said = refused(cli("reindex"), 1)
    assert "Edition 1 is pinned since" in said
    assert "explainer rollback --release" in said
    assert cli("rollback", "--release").code == 0
    assert cli("reindex", "--json").json["added"] == 1


def test_force_publishes_over_a_pinned_edition(cli: Cli, grown: Path) -> None:
    cli("rollback")
    assert cli("reindex", "--force", "--json").json["published"]


def test_a_dry_run_looks_beside_a_pinned_edition(cli: Cli, grown: Path) -> None:
    cli("rollback")
    assert "Yo-yo" in cli("reindex", "--dry-run").out


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("rollback 1 --release", "--release"),
        ("rollback first", "edition"),
        ("rollback 1 2", "2"),
        ("editions 1", "1"),
    ],
)
def test_wrong_use_of_the_editions_is_told_in_one_line(cli: Cli, command: str, named: str) -> None:
    assert named in refused(cli(*command.split()), 2)


def test_an_edition_that_is_not_kept_is_refused_with_those_that_are(cli: Cli, grown: Path) -> None:
    assert refused(cli("rollback", "7"), 1) == "There is no edition 7; kept are: 2, 1.\n"


def test_the_first_edition_has_none_before_it(cli: Cli, small: Path) -> None:
    cli("reindex")
    assert "no earlier edition" in refused(cli("rollback"), 1)


def test_what_only_looks_at_the_library_loads_no_index_and_no_model(
    packaged_twice: Path, tmp_path: Path
) -> None:
    """One process runs the commands one after the other, and would keep what any had loaded."""
    commands = ("editions", "sources", "rollback", "rollback --release")
    ended = started(packaged_twice, tmp_path, *commands, script=WITHOUT_WEIGHT)
    assert (ended.code, ended.err) == (0, "")
    assert not (packaged_twice / "models").exists()


@pytest.fixture
def packaged_twice(tmp_path: Path) -> Path:
    """A data directory with two editions that call themselves made with the packaged model."""
    data = tmp_path / "data"
    articles = tmp_path / "articles"
    articles.mkdir()
    identity = OnnxEmbedder(data / "models").identity
    settings = Settings(_env_file=None, data_dir=data, sources=(str(articles),))
    with without_a_model(settings, identity) as app:
        _index(app, articles, "Kite")
        _index(app, articles, "Top")
    return data


def _index(app: App, articles: Path, name: str) -> None:
    write(articles, name, f"A {name} is a toy.")
    app.reindexer.run()


def test_prepared_models_are_not_exported_again(
    cli: Cli, shipped: Path, reader: OnnxReader
) -> None:
    before = {file: file.stat().st_mtime_ns for file in (shipped / "models").iterdir()}
    ended = cli("prepare")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"The packaged models are ready in {shipped / 'models'}.\n"
    assert {file: file.stat().st_mtime_ns for file in (shipped / "models").iterdir()} == before


def test_models_are_prepared_in_the_folder_that_is_set(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_to: Callable[[str, object], None]
) -> None:
    monkeypatch.setattr(exporting, "export_in_child", lambda _, target: exported.append(target))
    exported: list[Path] = []
    set_to("MODELS_DIR", tmp_path / "image")
    set_to("DATA_DIR", tmp_path / "data")
    assert cli("prepare").words == f"The packaged models are ready in {tmp_path / 'image'}."
    assert {file.parent for file in exported} == {tmp_path / "image"}
    assert len(exported) == 2
    assert not (tmp_path / "data").exists()
