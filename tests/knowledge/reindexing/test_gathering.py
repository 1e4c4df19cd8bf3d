"""Reading several sources: what stays, what goes, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.reindexing import Diff
from knowledge.sources.declaring import Declaration, Declarations, Kind
from tests.knowledge.house import House
from tests.knowledge.sources.remote import page
from tests.knowledge.sources.web import HTML, Page, Web

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


@pytest.fixture
def other(house: House) -> Path:
    """A second folder with an article, beside the six of the house."""
    house.shelve(NAMES)
    folder = house.articles.parent / "other"
    folder.mkdir()
    (folder / "eta.md").write_text("---\ntitle: eta\n---\nThe eta stands elsewhere.")
    return folder


def _both(house: House, other: Path, **fields: object) -> Declarations:
    """Both folders, by their names; further fields are declared of the second."""
    first = Declaration(location=str(house.articles), name="articles")
    second = {"location": str(other), "name": "other", **fields}
    return Declarations(source=(first, Declaration.model_validate(second)))


def _remote(house: House, *urls: str) -> Declarations:
    """The articles of the house, and pages."""
    pages = (Declaration(location=url, name=url.rsplit("/", 1)[-1], kind=Kind.PAGE) for url in urls)
    return Declarations(source=(Declaration(location=str(house.articles)), *pages))


@pytest.mark.parametrize("closed", ["articles", "other"])
def test_a_source_that_fails_as_a_whole_keeps_its_articles_while_others_go_on(
    house: House, other: Path, closed: str
) -> None:
    sources = _both(house, other)
    house.reindex(sources)
    new = {"articles": other, "other": house.articles}[closed] / "theta.md"
    new.write_text("The theta is new.")
    (house.articles.parent / closed).rename(house.articles.parent / "away")

    report = house.reindex(sources)

    assert report.diff == Diff(added=("theta",), unchanged=7)
    assert report.problems == (
        f"{house.articles.parent / closed}: there is no such folder or file.",
    )


def test_sources_that_all_fail_are_told(house: House, other: Path) -> None:
    sources = _both(house, other)
    house.reindex(sources)
    for folder in (house.articles, other):
        folder.rename(folder.with_name(f"{folder.name}-away"))

    with pytest.raises(SourceError, match="there is no such folder or file"):
        house.reindex(sources, force=True)

    assert len(house.served()) == 7


def test_only_the_sources_that_are_asked_for_are_read(house: House, other: Path) -> None:
    sources = _both(house, other)
    house.reindex(sources)
    house.write("alpha", "Other words.", title="alpha")
    (other / "theta.md").write_text("The theta is new.")

    report = house.reindex(sources, only=("other",))

    assert report.diff == Diff(added=("theta",), unchanged=7)
    assert house.reindex(sources).diff == Diff(changed=("alpha",), unchanged=7)


def test_the_articles_of_a_source_that_is_not_declared_any_more_go(
    house: House, other: Path
) -> None:
    house.reindex(_both(house, other))

    assert house.reindex().diff == Diff(removed=("eta",), unchanged=6)


@pytest.mark.parametrize(("keep", "removed"), [(True, ()), (False, ("eta",))])
def test_articles_that_a_source_no_longer_lists_stay_if_that_is_declared(
    house: House, other: Path, keep: bool, removed: tuple[str, ...]
) -> None:
    sources = _both(house, other, keep_unlisted=keep)
    house.reindex(sources)
    (other / "eta.md").rename(other / "theta.md")

    assert house.reindex(sources).diff.removed == removed


def test_articles_that_say_nothing_themselves_get_what_their_source_declares(
    house: House, other: Path
) -> None:
    house.reindex(_both(house, other, topics=["letters"], language="el"))

    article = house.base().current().article("eta")
    assert article is not None
    assert (article.topics, article.language) == (("letters",), "el")


def test_what_an_article_says_itself_counts_more_than_what_its_source_declares(
    house: House, other: Path
) -> None:
    (other / "eta.md").write_text("---\ntopics: [sounds]\nlanguage: de\n---\nDas Eta ist woanders.")
    house.reindex(_both(house, other, topics=["letters"], language="el"))

    article = house.base().current().article("eta")
    assert article is not None
    assert (article.topics, article.language) == (("sounds",), "de")


@pytest.mark.parametrize("closed", ["articles", "other"])
def test_ids_stay_put_when_one_of_two_sources_with_the_same_names_fails(
    house: House, other: Path, closed: str
) -> None:
    house.write("eta", "The eta of the house.")
    sources = _both(house, other)
    house.reindex(sources)
    before = house.served()
    (house.articles.parent / closed).rename(house.articles.parent / "away")

    report = house.reindex(sources)

    assert {"eta", "other/eta"} < set(before)
    assert (report.diff, report.published) == (Diff(unchanged=8), False)


def test_a_new_article_does_not_take_the_id_of_one_in_a_source_that_is_not_read(
    house: House, other: Path
) -> None:
    sources = _both(house, other)
    house.reindex(sources)
    house.write("eta", "The eta of the house.")

    report = house.reindex(sources, only=("articles",))

    assert report.diff == Diff(added=("articles/eta",), unchanged=7)
    assert house.served()["eta"] == ["The eta stands elsewhere."]


def test_an_unreadable_article_stays_although_its_id_becomes_free(
    house: House, other: Path
) -> None:
    namesake = house.write("eta", "The eta of the house.")
    sources = _both(house, other)
    house.reindex(sources)
    namesake.unlink()
    (other / "eta.md").write_text("---\nlevel: wizard\n---\nCannot be read.")

    house.reindex(sources)

    assert ["The eta stands elsewhere."] in house.served().values()


def test_what_could_not_be_read_is_stale_since_it_first_could_not(
    house: House, other: Path
) -> None:
    sources = _both(house, other)
    house.reindex(sources)
    (other / "eta.md").write_text("---\nlevel: wizard\n---\nCannot be read.")
    house.reindex(sources)
    (first,) = house.library.stale_articles()

    house.reindex(sources)

    assert house.library.stale_articles() == [first]
    assert (first.source, first.article_id) == ("other", "eta")
    assert first.origin == str(other / "eta.md")
    assert "level" in first.reason


def test_what_can_be_read_again_is_stale_no_longer(house: House, other: Path) -> None:
    sources, file = _both(house, other), other / "eta.md"
    house.reindex(sources)
    good = file.read_text()
    file.write_text("---\nlevel: wizard\n---\nCannot be read.")
    house.reindex(sources)
    file.write_text(good)

    house.reindex(sources)

    assert house.library.stale_articles() == []


def test_what_is_stale_stays_so_while_another_source_is_read(house: House, other: Path) -> None:
    sources = _both(house, other)
    (other / "bad.md").write_text("---\nlevel: wizard\n---\nCannot be read.")
    house.reindex(sources)
    before = house.library.stale_articles()

    house.reindex(sources, only=("articles",))

    assert len(before) == 1
    assert house.library.stale_articles() == before


def test_a_dry_run_notes_nothing(house: House, other: Path) -> None:
    (other / "bad.md").write_text("---\nlevel: wizard\n---\nCannot be read.")

    report = house.reindex(_both(house, other), dry_run=True)

    assert len(report.problems) == 1
    assert house.library.stale_articles() == []
    assert house.library.source_states() == {}


def test_a_page_is_read_beside_the_articles_of_a_folder(house: House, web: Web) -> None:
    house.shelve(NAMES)
    web.pages["/attention"] = page("Attention")

    report = house.reindex(_remote(house, web.url("/attention")))

    assert f"{web.host}/attention" in report.diff.added
    assert report.diff.titles[f"{web.host}/attention"] == "Attention"


def test_a_page_that_cannot_be_fetched_stays_and_is_stale(house: House, web: Web) -> None:
    web.pages["/attention"] = page("Attention")
    sources = _remote(house, web.url("/attention"))
    house.shelve(NAMES)
    house.reindex(sources)
    del web.pages["/attention"]

    report = house.reindex(sources)

    assert (report.diff, report.published) == (Diff(unchanged=7), False)
    assert "404" in report.problems[0]
    assert [stale.article_id for stale in house.library.stale_articles()] == [
        f"{web.host}/attention"
    ]


ELSEWHERE = Page(
    "<html><head><title>Fresh olives</title></head><body><main><h1>Fresh olives</h1>"
    + "<p>Order cheese, olives or wine before midnight, delivered by bicycle each morning.</p>" * 3
    + "</main></body></html>",
    headers=HTML,
)
NOTICE = Page(
    "<html><head><title>Attention</title></head><body><main><h1>Attention</h1>"
    "<p>This text was moved to our new platform.</p></main></body></html>"
)


@pytest.mark.parametrize("now", [ELSEWHERE, NOTICE], ids=["another article", "a notice"])
def test_a_page_that_turned_into_something_else_is_told_and_the_old_one_stays(
    house: House, web: Web, now: Page
) -> None:
    web.pages["/attention"] = page("Attention")
    sources = _remote(house, web.url("/attention"))
    house.shelve(NAMES)
    house.reindex(sources)
    before = house.served()
    web.pages["/attention"] = now

    report = house.reindex(sources)

    assert len(report.problems) == 1
    assert "so the earlier one stays" in report.problems[0]
    assert "\n" not in report.problems[0]
    assert house.served() == before


def test_forcing_takes_a_page_that_turned_into_something_else(house: House, web: Web) -> None:
    web.pages["/attention"] = page("Attention")
    sources = _remote(house, web.url("/attention"))
    house.shelve(NAMES)
    house.reindex(sources)
    web.pages["/attention"] = ELSEWHERE

    report = house.reindex(sources, force=True)

    assert report.problems == ()
    assert report.diff.changed == (f"{web.host}/attention",)


def test_a_page_that_is_revised_is_taken(house: House, web: Web) -> None:
    web.pages["/attention"] = page("Attention")
    sources = _remote(house, web.url("/attention"))
    house.shelve(NAMES)
    house.reindex(sources)
    revised = page("Attention").body.decode().replace("single layer", "double layer")
    web.pages["/attention"] = Page(revised)

    assert house.reindex(sources).diff.changed == (f"{web.host}/attention",)


def test_a_local_file_may_become_anything(house: House) -> None:
    house.shelve(NAMES)
    house.reindex()
    house.write("alpha", "Olives and cheese.", title="The shop")

    report = house.reindex()

    assert (report.diff.changed, report.problems) == (("alpha",), ())


def test_an_article_without_a_free_id_is_told_and_suspends_no_removal(
    house: House, other: Path
) -> None:
    """Both ids that it could go by belong to articles of the first source."""
    for name in ("namesake", "other/namesake"):
        house.write(name, f"The {name} of the first source.")
    (other / "namesake.md").write_text("The namesake of the second source.")
    sources = _both(house, other)
    house.reindex(sources)
    (other / "eta.md").unlink()

    report = house.reindex(sources)

    assert report.diff.removed == ("eta",)
    assert report.problems == (f"{other / 'namesake.md'}: another article has the id 'namesake'.",)


def test_an_article_whose_id_is_taken_while_it_cannot_be_read_is_told(
    house: House, other: Path
) -> None:
    (other / "shared.md").write_text("The shared one of the second source.")
    sources = _both(house, other)
    house.reindex(sources)
    (other / "shared.md").write_text("---\nlevel: wizard\n---\nUnreadable.")
    taker = house.write("shared", "The shared one of the first source.")

    report = house.reindex(sources)

    assert f"{other / 'shared.md'}: {taker} has taken its id 'shared'." in report.problems
