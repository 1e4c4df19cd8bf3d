"""The transaction of a reindex: what it finds out, embeds, refuses and publishes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.embedding import Advance, Vectors, unheard
from knowledge.errors import EmbeddingError, IndexMismatch, ReindexRefused, SourceError
from knowledge.library import Note
from knowledge.reindexing import Diff, transaction
from knowledge.sources.declaring import Declaration, Declarations, declared
from tests.fakes import HashingEmbedder
from tests.knowledge.house import House

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


@pytest.fixture
def shelved(house: House) -> House:
    """A house whose six articles are published; its embedder has forgotten that."""
    house.shelve(NAMES)
    house.reindex()
    house.embedder.embedded.clear()
    return house


def test_the_first_reindex_adds_embeds_and_publishes_everything(house: House) -> None:
    house.shelve(NAMES)

    report = house.reindex()

    assert report.diff == Diff(added=tuple(sorted(NAMES)))
    assert (report.embedded, report.problems, report.published) == (6, (), True)
    assert report.edition == house.base().published().id
    assert sorted(house.served()) == sorted(NAMES)
    assert house.lost() == []


def test_an_unchanged_folder_publishes_and_embeds_nothing(shelved: House) -> None:
    before = shelved.library.published()

    report = shelved.reindex()

    assert report.diff == Diff(unchanged=6)
    assert (report.embedded, report.published) == (0, False)
    assert shelved.embedder.embedded == []
    assert shelved.library.published() == before


def test_a_changed_article_embeds_only_its_new_passages(house: House) -> None:
    house.write("long", "Intro text.\n\n## One\n\nText one.\n\n## Two\n\nText two.", title="Long")
    house.shelve(NAMES)
    house.reindex()
    house.embedder.embedded.clear()
    house.write("long", "Intro text.\n\n## One\n\nText one.\n\n## Two\n\nOther text.", title="Long")

    report = house.reindex()

    assert report.diff == Diff(changed=("long",), unchanged=6)
    assert house.embedder.embedded == ["Long › Two\nOther text."]
    assert house.served()["long"] == ["Intro text.", "Text one.", "Other text."]


def test_a_removed_article_is_not_found_any_more(shelved: House) -> None:
    (shelved.articles / "beta.md").unlink()

    report = shelved.reindex()
    found = shelved.base().retrieve("What do betaers call a betaing?", count=20).passages

    assert report.diff == Diff(removed=("beta",), unchanged=5)
    assert "beta" not in {hit.passage.article_id for hit in found}
    assert "beta" not in shelved.served()


def test_a_renamed_article_embeds_nothing_again(shelved: House) -> None:
    (shelved.articles / "beta.md").rename(shelved.articles / "bravo.md")

    report = shelved.reindex()

    assert report.diff == Diff(added=("bravo",), removed=("beta",), unchanged=5)
    assert shelved.embedder.embedded == []
    assert "bravo" in shelved.served()


def test_words_that_the_model_does_not_tell_apart_are_published_all_the_same(house: House) -> None:
    """Both have one vector; either passage is then the nearest of both."""
    house.write("one", "Mixtral routes each token.", title="Routing")
    house.write("two", "Each token Mixtral routes.", title="Routing")

    house.reindex()

    assert sorted(house.served()) == ["one", "two"]


def test_an_article_that_cannot_be_read_stays_as_it_was(shelved: House) -> None:
    """Could not read is not gone."""
    file = shelved.articles / "beta.md"
    file.write_text("---\nlevel: wizard\n---\nNew text.")
    shelved.write("gamma", "New text of gamma.", title="gamma")

    report = shelved.reindex()

    assert report.diff == Diff(changed=("gamma",), unchanged=5)
    assert [problem.split(": ")[0] for problem in report.problems] == [f"{file}:2"]
    assert shelved.served()["beta"] == ["The beta is what betaers call a betaing."]


def test_an_article_that_could_never_be_read_is_told_and_left_out(house: House) -> None:
    house.shelve(NAMES)
    file = house.write("bad", "Text.", level="wizard")

    report = house.reindex()

    assert report.problems[0].startswith(f"{file}:2: ")
    assert sorted(house.served()) == sorted(NAMES)


def test_a_file_that_cannot_be_opened_stays_as_it_was(
    shelved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_bytes = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.name == "beta.md":
            raise PermissionError(13, "Permission denied", str(self))
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    report = shelved.reindex()

    assert (report.diff, report.published) == (Diff(unchanged=6), False)
    assert report.problems == (f"{shelved.articles / 'beta.md'}: Permission denied.",)


def test_a_line_without_an_id_suspends_removals(house: House) -> None:
    """Nobody knows which article the line was, so none is taken for gone."""
    corpus = house.articles.parent / "corpus.jsonl"
    lines = [f'{{"_id": "d{number}", "text": "Text {number}."}}' for number in range(10)]
    corpus.write_text("\n".join(lines))
    house.reindex(corpus)
    corpus.write_text("\n".join(["{broken", *lines[2:]]))

    report = house.reindex(corpus)

    assert report.diff == Diff(unchanged=10)
    assert report.problems[0].startswith(f"{corpus}:1: not valid JSON")
    assert len(house.served()) == 10


def test_removals_go_on_when_the_line_is_mended(house: House) -> None:
    corpus = house.articles.parent / "corpus.jsonl"
    lines = [f'{{"_id": "d{number}", "text": "Text {number}."}}' for number in range(10)]
    corpus.write_text("\n".join(lines))
    house.reindex(corpus)
    corpus.write_text("\n".join(["{broken", *lines[1:]]))
    house.reindex(corpus)
    corpus.write_text("\n".join(lines[1:]))

    assert house.reindex(corpus).diff == Diff(removed=("d0",), unchanged=9)


def test_a_source_that_is_gone_as_a_whole_changes_nothing(shelved: House) -> None:
    shelved.articles.rename(shelved.articles.parent / "elsewhere")

    with pytest.raises(SourceError, match="there is no such folder or file"):
        shelved.reindex()

    assert sorted(shelved.served()) == sorted(NAMES)


@pytest.mark.parametrize("force", [False, True])
def test_an_empty_source_changes_nothing(shelved: House, force: bool) -> None:
    for file in shelved.articles.iterdir():
        file.unlink()

    with pytest.raises(SourceError, match="No article could be read"):
        shelved.reindex(force=force)

    assert sorted(shelved.served()) == sorted(NAMES)


def test_sources_of_which_nothing_can_be_read_tell_the_first_reason(house: House) -> None:
    file = house.write("bad", "Text.", level="wizard")

    with pytest.raises(SourceError) as caught:
        house.reindex()

    assert str(file) in str(caught.value)


def test_two_folders_may_hold_files_of_the_same_name(house: House) -> None:
    other = house.articles.parent / "other"
    other.mkdir()
    (other / "intro.md").write_text("The second text.")
    house.write("intro", "The first text.")

    house.reindex(house.articles, other)

    assert house.served() == {"intro": ["The first text."], "other/intro": ["The second text."]}


def test_files_of_the_same_name_stay_unchanged_in_the_next_reindex(house: House) -> None:
    other = house.articles.parent / "other"
    other.mkdir()
    (other / "intro.md").write_text("The second text.")
    house.write("intro", "The first text.")
    house.reindex(house.articles, other)

    report = house.reindex(house.articles, other)

    assert (report.diff, report.published) == (Diff(unchanged=2), False)


@pytest.mark.parametrize("closed", ["articles", "other"])
def test_the_one_of_two_files_of_the_same_name_that_cannot_be_opened_stays(
    house: House, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    other = house.articles.parent / "other"
    other.mkdir()
    (other / "intro.md").write_text("The second text.")
    house.write("intro", "The first text.")
    house.reindex(house.articles, other)
    before = house.served()
    read_bytes = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.parent.name == closed:
            raise PermissionError(13, "Permission denied", str(self))
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    house.reindex(house.articles, other, force=True)

    assert len(before) == 2
    assert house.served() == before


def test_a_third_article_of_the_same_id_is_told(house: House) -> None:
    corpus = house.articles.parent / "corpus.jsonl"
    corpus.write_text("\n".join(f'{{"_id": "d", "text": "Text {n}."}}' for n in range(3)))

    report = house.reindex(corpus)

    assert report.problems == (f"{corpus}:3: another article has the id 'd'.",)


def test_a_dry_run_tells_the_changes_and_makes_none(shelved: House) -> None:
    shelved.write("beta", "New text.", title="beta")
    shelved.write("eta", "More text.", title="eta")
    (shelved.articles / "zeta.md").unlink()
    before = shelved.served()

    report = shelved.reindex(dry_run=True)

    assert report.diff == Diff(("eta",), ("beta",), ("zeta",), 4)
    assert (report.embedded, report.published) == (0, False)
    assert shelved.embedder.embedded == []
    assert shelved.served() == before
    assert shelved.reindex().diff == report.diff


def test_a_dry_run_before_anything_is_indexed_leaves_nothing_indexed(house: House) -> None:
    house.shelve(NAMES)

    report = house.reindex(dry_run=True)

    assert (report.edition, report.published) == (None, False)
    assert house.library.published() is None


def test_a_large_loss_is_refused(shelved: House) -> None:
    for name in NAMES[:2]:
        (shelved.articles / f"{name}.md").unlink()

    with pytest.raises(ReindexRefused, match=r"2 of 6 articles would be lost.*--force"):
        shelved.reindex()

    assert sorted(shelved.served()) == sorted(NAMES)


def test_a_large_loss_that_is_meant_is_published(shelved: House) -> None:
    for name in NAMES[:4]:
        (shelved.articles / f"{name}.md").unlink()

    shelved.reindex(force=True)

    assert sorted(shelved.served()) == ["epsilon", "zeta"]


def test_a_small_loss_needs_no_word(house: House) -> None:
    house.shelve([*NAMES, "eta", "theta", "iota", "kappa"])
    house.reindex()
    for name in NAMES[:2]:
        (house.articles / f"{name}.md").unlink()

    assert house.reindex().diff == Diff(removed=("alpha", "beta"), unchanged=8)


def test_forcing_publishes_an_edition_although_nothing_changed(shelved: House) -> None:
    before = shelved.library.published()

    report = shelved.reindex(force=True)

    assert before is not None
    assert report.published
    assert report.edition != before.id
    assert shelved.embedder.embedded == []


def test_another_set_of_sources_is_published_although_the_articles_are_the_same(
    shelved: House,
) -> None:
    empty = shelved.articles.parent / "empty"
    empty.mkdir()

    report = shelved.reindex(shelved.articles, empty)

    assert report.published
    both = declared([str(shelved.articles), str(empty)]).source
    assert shelved.base().made_from(both)


def test_another_embedding_embeds_everything_again(shelved: House) -> None:
    shelved.embedder = HashingEmbedder("hashing@2")

    report = shelved.reindex()

    assert (report.diff, report.embedded, report.published) == (Diff(unchanged=6), 6, True)
    assert shelved.lost() == []


def test_another_embedding_may_have_other_dimensions(shelved: House) -> None:
    shelved.embedder = HashingEmbedder("hashing@3", dimensions=32)

    shelved.reindex()

    assert shelved.lost() == []


def test_another_embedding_cannot_ask_before_a_reindex(shelved: House) -> None:
    base = shelved.base(HashingEmbedder("hashing@2"))

    with pytest.raises(IndexMismatch, match=r"hashing@1.*hashing@2.*explainer reindex"):
        base.retrieve("What is alpha?")


def test_another_way_of_splitting_splits_unchanged_articles_again(
    shelved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what the version of the splitting is for."""
    for name, module in list(sys.modules.items()):
        if name.startswith("knowledge.") and hasattr(module, "SPLITTING_VERSION"):
            monkeypatch.setattr(module, "SPLITTING_VERSION", "next")
    before = {member.version_id for member in shelved.library.members(1).values()}

    report = shelved.reindex(force=True)

    assert report.edition is not None
    after = {member.version_id for member in shelved.library.members(report.edition).values()}
    assert before.isdisjoint(after)


class FailingEmbedder(HashingEmbedder):
    """Fails for good after some calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._left = calls

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        if not self._left:
            raise EmbeddingError("The model is gone.")
        self._left -= 1
        return super().embed_passages(texts, advance)


def test_what_was_embedded_before_a_failure_is_not_embedded_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "EMBED_AT_ONCE", 2)
    house.shelve(NAMES)
    failing = FailingEmbedder(calls=2)

    with pytest.raises(EmbeddingError):
        house.reindexer(embedder=failing).run()
    report = house.reindex()

    assert (len(failing.embedded), report.embedded) == (4, 2)
    assert set(house.embedder.embedded).isdisjoint(failing.embedded)
    assert house.lost() == []


def test_the_old_edition_serves_when_embedding_fails(shelved: House) -> None:
    shelved.write("beta", "New text.", title="beta")
    before = shelved.served()

    with pytest.raises(EmbeddingError):
        shelved.reindexer(embedder=FailingEmbedder(calls=0)).run()

    assert shelved.served() == before
    assert shelved.lost() == []


@pytest.fixture
def other(shelved: House) -> Path:
    """A second folder, which holds the text of one of the articles once more."""
    folder = shelved.articles.parent / "other"
    folder.mkdir()
    (folder / "copy.md").write_text((shelved.articles / "beta.md").read_text())
    return folder


def _trusting(house: House, other: Path, trust: str) -> Declarations:
    """The articles, and the second folder with a trust of its own."""
    second = Declaration.model_validate({"location": str(other), "trust": trust})
    return Declarations(source=(Declaration(location=str(house.articles)), second))


def test_the_same_text_from_two_sources_is_one_article(shelved: House, other: Path) -> None:
    report = shelved.reindex(shelved.articles, other)

    assert report.diff == Diff(unchanged=6, repeated=1)
    assert report.published
    assert shelved.embedder.embedded == []
    assert sorted(shelved.served()) == sorted(NAMES)


def test_the_same_text_is_known_by_both_its_origins(shelved: House, other: Path) -> None:
    report = shelved.reindex(shelved.articles, other)

    assert report.edition is not None
    members = shelved.library.members(report.edition)
    assert members["copy"].same_as == "beta"
    assert members["copy"].origin == str(other / "copy.md")
    assert members["beta"].origin == str(shelved.articles / "beta.md")


@pytest.mark.parametrize(
    ("trust", "found"), [("high", "copy"), ("normal", "beta"), ("low", "beta")]
)
def test_the_same_text_is_found_under_its_most_trusted_origin(
    shelved: House, other: Path, trust: str, found: str
) -> None:
    shelved.reindex(_trusting(shelved, other, trust))

    assert {"beta", "copy"} & set(shelved.served()) == {found}
    assert shelved.lost() == []


def test_a_repetition_takes_over_without_embedding_when_its_article_goes(
    shelved: House, other: Path
) -> None:
    shelved.reindex(shelved.articles, other)
    (shelved.articles / "beta.md").unlink()

    report = shelved.reindex(shelved.articles, other)

    assert report.diff == Diff(added=("copy",), removed=("beta",), unchanged=5)
    assert shelved.embedder.embedded == []
    assert shelved.served()["copy"] == ["The beta is what betaers call a betaing."]
    assert shelved.lost() == []


def test_a_repetition_that_is_written_anew_becomes_an_article(shelved: House, other: Path) -> None:
    shelved.reindex(shelved.articles, other)
    (other / "copy.md").write_text("Something of its own.")

    assert shelved.reindex(shelved.articles, other).diff == Diff(added=("copy",), unchanged=6)


def test_a_ranking_lists_the_repetitions_of_an_article_beside_it(
    shelved: House, other: Path
) -> None:
    shelved.reindex(shelved.articles, other)

    ranked = shelved.base().rank_articles("What do betaers call a betaing?", 3)

    assert [article_id for article_id, _ in ranked[:2]] == ["beta", "copy"]
    assert ranked[0][1] == ranked[1][1]


def test_the_same_words_in_one_source_are_one_article_under_the_first_id(house: House) -> None:
    for article_id in ("two", "one"):
        house.write(article_id, "The very same words.", title=article_id)

    house.reindex()

    assert list(house.served()) == ["one"]


def test_a_dry_run_tells_titles_also_of_what_would_go(shelved: House) -> None:
    shelved.write("beta", "New text.", title="The new beta")
    shelved.write("eta", "More text.", title="The eta")
    (shelved.articles / "zeta.md").unlink()

    report = shelved.reindex(dry_run=True)

    assert report.diff.titles == {"eta": "The eta", "beta": "The new beta", "zeta": "zeta"}


def test_a_dry_run_writes_nothing(shelved: House) -> None:
    shelved.write("eta", "More text.", title="eta")
    with closing(sqlite3.connect(shelved.data_dir / "library.sqlite")) as database:
        before = list(database.iterdump())

    report = shelved.reindex(dry_run=True)

    with closing(sqlite3.connect(shelved.data_dir / "library.sqlite")) as database:
        assert list(database.iterdump()) == before
    assert report.dry_run
    assert list((shelved.data_dir / "editions").iterdir()) == [shelved.folder()]


def test_a_dry_run_shows_a_large_loss_instead_of_refusing_it(shelved: House) -> None:
    for name in NAMES[:4]:
        (shelved.articles / f"{name}.md").unlink()

    assert len(shelved.reindex(dry_run=True).diff.removed) == 4


def test_an_edition_remembers_who_made_it_why_and_what_changed(shelved: House) -> None:
    shelved.write("beta", "New text.", title="beta")
    shelved.write("eta", "More text.", title="eta")
    (shelved.articles / "zeta.md").unlink()

    shelved.reindex(who="ada", why="a new chapter")

    assert shelved.base().published().note == Note("ada", "a new chapter", 1, 1, 1)
