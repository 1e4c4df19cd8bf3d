"""The library: what it keeps, gives back and forgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, text, update

from knowledge.library import EditionRecord, Library, Member, Note, SourceState, StaleArticle
from knowledge.library.schema import editions
from knowledge.model import Article, Reference, Section
from knowledge.splitting import split

HOUR = timedelta(hours=1)


def _article(article_id: str, text: str = "Text.", **fields: str) -> Article:
    return Article(article_id, article_id.capitalize(), (Section((), text),), **fields)  # type: ignore[arg-type]


FULL = Article(
    "bert",
    "BERT",
    (
        Section(("What it is",), "BERT reads both sides."),
        Section(("In numbers",), "It has 12 layers."),
    ),
    summary="BERT is an encoder.",
    aliases=("BERT model",),
    topics=("language models",),
    level="expert",
    prerequisites=("transformer",),
    related=("gpt",),
    references=(Reference("BERT", 2018, arxiv="1810.04805"),),
    url="https://example.org/bert",
    date="2024-05-17",
)


@pytest.fixture
def library(tmp_path: Path, database_url: str) -> Iterator[Library]:
    library = Library.open(tmp_path, database_url)
    yield library
    library.close()


def _stage(library: Library, *articles: Article, embedding: str = "model@1") -> EditionRecord:
    versions = library.add_articles(articles)
    members = {
        article.id: Member(version, "fingerprint")
        for article, version in zip(articles, versions, strict=True)
    }
    return library.stage(members, embedding, f"folder-{articles[0].sections[0].text}", ["a", "b"])


def _publish(library: Library, *articles: Article) -> EditionRecord:
    record = _stage(library, *articles)
    library.publish(record.id)
    return record


def _age(library: Library, hours: int) -> None:
    """Let all editions have been replaced some hours ago."""
    with library._database.writing() as connection:
        replaced = select(editions.c.id, editions.c.replaced).where(
            editions.c.replaced.is_not(None)
        )
        for row in connection.execute(replaced).all():
            earlier = row.replaced - timedelta(hours=hours)
            connection.execute(
                update(editions).where(editions.c.id == row.id).values(replaced=earlier)
            )


def _count(library: Library, table: str) -> int:
    with library._database.reading() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def test_an_article_comes_back_with_all_that_is_known_of_it(library: Library) -> None:
    record = _publish(library, FULL)

    article = library.article(record.id, "bert")

    assert article == replace(FULL, sections=())
    assert list(library.articles(record.id)) == [article]


def test_the_passages_of_an_article_come_back_in_reading_order(library: Library) -> None:
    record = _publish(library, FULL)

    assert library.passages_of(record.id, "bert") == split(FULL)


def test_passages_are_found_by_their_ids_and_unknown_ids_left_out(library: Library) -> None:
    _publish(library, FULL)
    first = split(FULL)[0]

    assert library.passages([first.id, "unknown"]) == {first.id: first}


def test_more_passages_are_found_than_a_statement_takes(library: Library) -> None:
    articles = [_article(f"a{number}", f"Text {number}.") for number in range(1200)]
    record = _publish(library, *articles)
    ids = [key.id for key in library.passage_keys(record.id)]

    assert len(library.passages(ids)) == 1200


def test_the_keys_of_an_edition_are_in_order_of_article_and_place(library: Library) -> None:
    record = _publish(library, _article("zeta"), FULL, _article("alpha"))

    keys = library.passage_keys(record.id)

    assert [key.article_id for key in keys] == ["alpha", "bert", "bert", "bert", "zeta"]
    assert [key.id for key in keys[1:4]] == [passage.id for passage in split(FULL)]


def test_an_edition_has_only_its_own_versions_of_articles(library: Library) -> None:
    first = _publish(library, _article("a", "Old text."))
    second = _publish(library, _article("a", "New text."))

    assert [p.text for p in library.passages_of(first.id, "a")] == ["Old text."]
    assert [p.text for p in library.passages_of(second.id, "a")] == ["New text."]


def test_an_article_that_an_edition_lacks_is_none(library: Library) -> None:
    record = _publish(library, _article("a"))

    assert library.article(record.id, "b") is None


def test_adding_an_article_twice_keeps_it_once(library: Library, tmp_path: Path) -> None:
    first = library.add_articles([FULL])

    assert library.add_articles([FULL]) == first
    assert _count(library, "versions") == 1


def test_vectors_come_back_as_they_were_per_embedding(library: Library) -> None:
    one, two = np.eye(2, dtype=np.float32)
    library.add_vectors(["v"], np.stack([one]), "model@1")
    library.add_vectors(["v"], np.stack([two]), "model@2")

    assert library.vectors(["v", "unknown"], "model@1")["v"].tolist() == one.tolist()
    assert library.vectors(["v"], "model@2")["v"].tolist() == two.tolist()


def test_what_lacks_a_vector_is_told_per_embedding(library: Library) -> None:
    record = _publish(library, _article("a", "One."), _article("b", "Two."))
    versions = [member.version_id for member in library.members(record.id).values()]
    done, left = library.passage_keys(record.id)
    library.add_vectors([done.vector_id], np.ones((1, 2), dtype=np.float32), "model@1")

    assert library.without_vector(versions, "model@1") == {left.vector_id: "B\nTwo."}
    assert set(library.without_vector(versions, "model@2")) == {done.vector_id, left.vector_id}


def test_nothing_is_published_before_something_is(library: Library) -> None:
    _stage(library, FULL)

    assert library.published() is None


def test_an_edition_is_read_back_as_it_was_staged(library: Library) -> None:
    record = _publish(library, FULL)

    assert library.published() == record


def test_publishing_moves_to_an_earlier_edition_as_well(library: Library) -> None:
    first = _publish(library, _article("a", "One."))
    _publish(library, _article("a", "Two."))

    library.publish(first.id)

    published = library.published()
    assert published is not None
    assert published.id == first.id


def test_another_library_on_the_same_database_sees_what_was_published(
    library: Library, tmp_path: Path, database_url: str
) -> None:
    other = Library.open(tmp_path, database_url)
    record = _publish(library, FULL)
    seen = other.published()
    other.close()

    assert seen is not None
    assert seen.id == record.id


def test_the_published_and_the_last_editions_are_kept(library: Library, tmp_path: Path) -> None:
    records = [_publish(library, _article("a", f"Text {number}.")) for number in range(5)]
    _age(library, hours=2)

    folders = library.forget_editions(3, HOUR).kept_folders

    assert folders == {record.folder for record in records[-3:]}


def test_an_edition_that_was_just_replaced_is_kept(library: Library, tmp_path: Path) -> None:
    records = [_publish(library, _article("a", f"Text {number}.")) for number in range(4)]
    _age(library, hours=2)
    records += [_publish(library, _article("a", f"Text {number}.")) for number in range(4, 8)]

    folders = library.forget_editions(3, HOUR).kept_folders

    assert folders == {record.folder for record in records[3:]}


def test_an_earlier_edition_that_serves_again_is_kept(library: Library, tmp_path: Path) -> None:
    records = [_publish(library, _article("a", f"Text {number}.")) for number in range(5)]
    library.publish(records[0].id)
    _age(library, hours=2)

    folders = library.forget_editions(3, HOUR).kept_folders

    assert folders == {records[0].folder, records[3].folder, records[4].folder}


def test_an_edition_that_was_never_published_is_forgotten(library: Library) -> None:
    published = _publish(library, _article("a", "One."))
    _stage(library, _article("a", "Two."))

    assert library.forget_editions(3, HOUR).kept_folders == {published.folder}


def test_what_only_forgotten_editions_had_is_removed(library: Library, tmp_path: Path) -> None:
    shared = _article("shared", "Shared text.")
    record = _publish(library, _article("a", "Old text."), shared)
    vector_ids = [key.vector_id for key in library.passage_keys(record.id)]
    library.add_vectors(vector_ids, np.ones((2, 2), dtype=np.float32), "model@1")
    kept = _publish(library, shared)
    _age(library, hours=2)

    library.forget_editions(1, HOUR)

    assert [passage.text for passage in library.passages_of(kept.id, "shared")] == ["Shared text."]
    tables = ("versions", "passages", "vectors", "editions", "edition_articles")
    assert [_count(library, table) for table in tables] == [1, 1, 1, 1, 1]


def test_the_passages_that_no_edition_holds_any_more_are_told(
    library: Library, tmp_path: Path
) -> None:
    shared = _article("shared", "Shared text.")
    record = _publish(library, _article("a", "Old text."), shared)
    old = next(key.id for key in library.passage_keys(record.id) if key.article_id == "a")
    _publish(library, shared)
    _age(library, hours=2)

    assert library.forget_editions(1, HOUR).passages == (old,)


def test_a_passage_that_another_version_still_has_is_not_told_as_gone(
    library: Library, tmp_path: Path
) -> None:
    _publish(library, _article("a", "Same text.", date="2024-01-01"))
    _publish(library, _article("a", "Same text.", date="2024-01-02"))
    _age(library, hours=2)

    assert library.forget_editions(1, HOUR).passages == ()


def _publish_twins(library: Library) -> EditionRecord:
    """An edition in which one article repeats another."""
    one, two = library.add_articles([_article("one", "Same."), _article("two", "Same.")])
    twins = {"one": Member(one, "1"), "two": Member(two, "2", same_as="one")}
    record = library.stage(twins, "model@1", "folder", ["a"])
    library.publish(record.id)
    return record


def test_a_repetition_is_listed_beside_its_article_and_nowhere_else(library: Library) -> None:
    record = _publish_twins(library)

    assert library.repetitions(record.id) == {"one": ["two"]}
    assert [key.article_id for key in library.passage_keys(record.id)] == ["one"]
    assert [article.id for article in library.articles(record.id)] == ["one"]
    assert library.titles(record.id) == {"one": "One"}


def test_members_tell_what_text_they_have(library: Library) -> None:
    members = library.members(_publish_twins(library).id)

    assert members["one"].text_id == members["two"].text_id == _article("x", "Same.").text_id


def test_an_edition_remembers_who_made_it_and_why(library: Library) -> None:
    note = Note("ada", "schedule", added=1, changed=2, removed=3)
    (version,) = library.add_articles([FULL])
    record = library.stage({"bert": Member(version, "f")}, "model@1", "folder", ["a"], note)

    library.publish(record.id)

    published = library.published()
    assert published is not None
    assert published.note == note


def test_the_overview_counts_what_editions_hold_and_leaves_out_what_never_served(
    library: Library,
) -> None:
    first = _publish(library, FULL)
    second = _publish_twins(library)
    _stage(library, _article("staged"))

    newest, oldest = library.overview()

    assert (newest.record.id, newest.articles, newest.passages) == (second.id, 1, 1)
    assert (newest.serving, newest.replaced) == (True, None)
    assert (oldest.record.id, oldest.articles, oldest.passages) == (first.id, 1, len(split(FULL)))
    assert not oldest.serving
    assert oldest.replaced is not None


def test_a_pin_lasts_until_it_is_released(library: Library) -> None:
    record = _publish(library, FULL)
    library.publish(record.id, pin=True)
    pinned = library.pinned()
    (listed,) = library.overview()

    library.release()

    assert pinned is not None
    assert listed.pinned == pinned
    assert library.pinned() is None


def test_an_edition_that_moved_is_searched_in_its_new_folder(library: Library) -> None:
    record = _publish(library, FULL)

    library.move(record.id, "elsewhere")

    moved = library.edition(record.id)
    assert moved is not None
    assert moved.folder == "elsewhere"


def test_what_is_known_of_sources_that_are_not_declared_any_more_is_forgotten(
    library: Library,
) -> None:
    now = datetime.now(UTC)
    states = [SourceState(name, now, now) for name in ("kept", "gone")]
    stale = [StaleArticle(state.name, "a", "a.md", "closed", now) for state in states]
    library.note_sources(states, stale, ["kept", "gone"])

    library.note_sources([], [], ["kept"])

    assert library.source_states() == {"kept": states[0]}
    assert library.stale_articles() == stale[:1]
