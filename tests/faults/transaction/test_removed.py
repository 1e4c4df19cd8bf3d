"""What a source no longer has is found no more; what could not be fetched still is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.reindexing.overview import overview
from knowledge.sources import Tools
from knowledge.sources.declaring import Declaration, Declarations
from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox
from tests.knowledge.house import House
from tests.knowledge.sources.remote import page, xml
from tests.knowledge.sources.web import Page, Web, serving

SUBJECTS = [f"Subject{number}" for number in range(12)]


@pytest.fixture
def web() -> Iterator[Web]:
    """A server whose sitemap lists a page a subject."""
    with serving() as web:
        web.pages = {f"/{subject}": page(subject) for subject in SUBJECTS}
        list_pages(web, SUBJECTS)
        yield web


@pytest.fixture
def house(web: Web, tmp_path: Path) -> Iterator[House]:
    """A house that may read from that server, and has read it."""
    house = House(tmp_path)
    house.tools.close()
    fetcher = Fetcher(Responses(tmp_path / "responses"), allowed=[web.host], sleep=lambda _: None)
    house.tools = Tools(fetcher, Sandbox())
    house.reindex(declared(web))
    yield house
    house.close()


def declared(web: Web) -> Declarations:
    return Declarations(source=(Declaration(location=web.url("/sitemap.xml")),))


def list_pages(web: Web, subjects: list[str]) -> None:
    """Write the sitemap."""
    places = "".join(f"<url><loc>{web.url(f'/{subject}')}</loc></url>" for subject in subjects)
    web.pages["/sitemap.xml"] = xml(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    )


def found_by_any_question(house: House, subject: str) -> bool:
    """Whether any of many questions finds an article about a subject."""
    base = house.base()
    questions = [f"What is {each}?" for each in SUBJECTS]
    questions += [f"What does {subject} need to work in practice?", f"{subject} begins with"]
    found = (hit for question in questions for hit in base.retrieve(question, 50).passages)
    return any(subject == hit.passage.title for hit in found)


@pytest.mark.faults(full=10, few=1)
def test_a_page_that_is_gone_is_found_by_no_question(web: Web, house: House, seed: int) -> None:
    gone = SUBJECTS[seed % len(SUBJECTS)]
    assert found_by_any_question(house, gone)
    del web.pages[f"/{gone}"]
    list_pages(web, [subject for subject in SUBJECTS if subject != gone])

    assert len(house.reindex(declared(web)).diff.removed) == 1

    assert not found_by_any_question(house, gone)
    assert house.lost() == []


@pytest.mark.faults(full=10, few=1)
def test_a_page_that_cannot_be_fetched_is_still_found_and_told_to_be_stale(
    web: Web, house: House, seed: int
) -> None:
    broken, gone = SUBJECTS[seed % len(SUBJECTS)], SUBJECTS[(seed + 1) % len(SUBJECTS)]
    web.pages[f"/{broken}"] = Page("out of order", 500)
    list_pages(web, [subject for subject in SUBJECTS if subject != gone])

    assert len(house.reindex(declared(web)).diff.removed) == 1

    assert found_by_any_question(house, broken)
    assert not found_by_any_question(house, gone)
    (source,) = overview(declared(web).source, house.library)
    assert [stale.origin for stale in source.stale] == [web.url(f"/{broken}")]
    assert house.lost() == []
