"""Declarations of sources: names in a setting, and tables of a TOML file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.sources.declaring import Canary, Declarations, Kind, Trust, declared, locations


def _read(tmp_path: Path, text: str) -> Declarations:
    file = tmp_path / "sources.toml"
    file.write_text(text)
    return declared([str(file)])


def _complaint(tmp_path: Path, text: str) -> str:
    """What is told about a file, without its name, which comes first."""
    with pytest.raises(SourceError) as caught:
        _read(tmp_path, text)
    where, _, reason = str(caught.value).partition(": ")
    assert where == str(tmp_path / "sources.toml")
    assert "\n" not in reason
    return reason


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("articles", Kind.FOLDER),
        ("one.md", Kind.FOLDER),
        ("corpus.jsonl", Kind.CORPUS),
        ("https://example.org/blog/attention", Kind.PAGE),
        ("https://example.org/", Kind.PAGE),
        ("https://example.org/sitemap.xml", Kind.SITEMAP),
        ("https://example.org/sitemap-blog.xml.gz", Kind.SITEMAP),
        ("https://example.org/blog/feed", Kind.FEED),
        ("https://example.org/blog/feed/", Kind.FEED),
        ("https://example.org/rss?limit=5", Kind.FEED),
        ("https://example.org/index.xml", Kind.FEED),
        ("https://example.org/news.atom", Kind.FEED),
    ],
)
def test_the_kind_of_a_source_is_told_from_its_location(location: str, kind: Kind) -> None:
    (source,) = declared([location]).source

    assert source.kind is kind


def test_a_folder_that_git_looks_after_is_a_checkout(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert declared([str(tmp_path)]).source[0].kind is Kind.GIT


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_declared(tmp_path: Path, kind: Kind) -> None:
    text = f'[[source]]\nlocation = "https://example.org"\nkind = "{kind}"'

    assert _read(tmp_path, text).source[0].kind is kind


def test_a_source_that_says_nothing_else_is_called_by_its_location() -> None:
    (source,) = declared(["articles"]).source

    assert (source.name, source.trust, source.every) == ("articles", Trust.NORMAL, None)


def test_all_that_a_table_says_is_understood(tmp_path: Path) -> None:
    (source,) = _read(
        tmp_path,
        """
        [[source]]
        location = "https://example.org/feed"
        name = "blog"
        trust = "low"
        topics = ["vision", "speech"]
        language = "de"
        every = "6h"
        include = "*/blog/*"
        exclude = ["*/draft/*"]
        limit = 20
        keep_unlisted = true
        """,
    ).source

    assert (source.name, source.trust, source.kind) == ("blog", Trust.LOW, Kind.FEED)
    assert (source.topics, source.language) == (("vision", "speech"), "de")
    assert (source.include, source.exclude) == (("*/blog/*",), ("*/draft/*",))
    assert (source.every, source.limit) == (timedelta(hours=6), 20)
    assert source.keep_unlisted


@pytest.mark.parametrize(
    ("every", "meant"),
    [
        ("30m", timedelta(minutes=30)),
        ("6h", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
    ],
)
def test_intervals_are_minutes_hours_days_or_weeks(
    tmp_path: Path, every: str, meant: timedelta
) -> None:
    text = f'[[source]]\nlocation = "articles"\nevery = "{every}"'

    assert _read(tmp_path, text).source[0].every == meant


@pytest.mark.parametrize(
    "every", ["", "6", "h", "0h", "-1h", "1.5h", "6 h", "6s", "daily", "²h", "99999999999w"]
)
def test_an_interval_that_is_none_is_told_with_an_example(tmp_path: Path, every: str) -> None:
    reason = _complaint(tmp_path, f'[[source]]\nlocation = "articles"\nevery = "{every}"')

    assert reason == """source 1, 'every': must be like "30m", "6h", "1d" or "1w"."""


def test_a_relative_path_is_meant_from_the_folder_of_its_file(tmp_path: Path) -> None:
    (source,) = _read(tmp_path, '[[source]]\nlocation = "docs"').source

    assert source.location == str(tmp_path / "docs")
    assert source.name == "docs"


def test_an_absolute_path_and_an_address_are_taken_as_they_are(tmp_path: Path) -> None:
    sources = _read(
        tmp_path,
        '[[source]]\nlocation = "/srv/docs"\n[[source]]\nlocation = "https://example.org/a"',
    ).source

    assert locations(sources) == ("/srv/docs", "https://example.org/a")


def test_an_address_without_a_scheme_is_read_over_https(tmp_path: Path) -> None:
    text = '[[source]]\nlocation = "example.org/a"\nkind = "page"'

    assert _read(tmp_path, text).source[0].url == "https://example.org/a"


def test_names_and_files_of_declarations_may_stand_beside_each_other(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text('[[source]]\nlocation = "https://example.org/a"\nname = "page"')

    found = declared(["articles", str(file)])

    assert [source.name for source in found.source] == ["articles", "page"]


def test_an_address_that_ends_as_a_file_of_declarations_is_a_page() -> None:
    assert declared(["https://example.org/a.toml"]).source[0].kind is Kind.PAGE


def test_canaries_are_declared_beside_the_sources(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        '[[source]]\nlocation = "docs"\n[[canary]]\nquestion = "What is BERT?"\narticle = "bert"',
    )

    assert found.canary == (Canary(question="What is BERT?", article="bert"),)


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("[[source]]\nname = 'a'", "source 1, 'location': "),
        ("[[source]]\nlocation = ' '", "source 1, 'location': must not be empty"),
        ("[[source]]\nlocation = 5", "source 1, 'location': "),
        ("[[source]]\nlocation = 'a'\nkind = 'wiki'", "source 1, 'kind': "),
        ("[[source]]\nlocation = 'a'\ntrust = 'blind'", "source 1, 'trust': "),
        ("[[source]]\nlocation = 'a'\nlimit = 0", "source 1, 'limit': "),
        ("[[source]]\nlocation = 'a'\ncolour = 'red'", "source 1, 'colour': "),
        (
            "[[source]]\nlocation = 'a'\n[[source]]\nlocation = 'b'\nlimit = 'x'",
            "source 2, 'limit': ",
        ),
        ("[[canary]]\nquestion = 'What?'", "canary 1, 'article': "),
        ("[[sauce]]\nlocation = 'a'", "sauce: "),
        ("[[source]\n", "not valid TOML: "),
    ],
)
def test_what_is_wrong_is_told_with_file_and_table_in_one_line(
    tmp_path: Path, text: str, begin: str
) -> None:
    assert _complaint(tmp_path, text).startswith(begin)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SourceError, match="not valid TOML"):
        declared([str(tmp_path / "sources.toml")])


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"sources\.toml: No such file or directory"):
        declared([str(tmp_path / "sources.toml")])


@pytest.mark.parametrize("names", [[], ["empty.toml"]])
def test_no_source_at_all_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.toml").touch()

    with pytest.raises(SourceError, match="No sources: set EXPLAINER_SOURCES"):
        declared(names)


def test_two_sources_of_one_name_are_told(tmp_path: Path) -> None:
    text = '[[source]]\nlocation = "a"\nname = "docs"\n[[source]]\nlocation = "docs"'

    with pytest.raises(SourceError, match="docs: two sources have this name"):
        _read(tmp_path, text)
