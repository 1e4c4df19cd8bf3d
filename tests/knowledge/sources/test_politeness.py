"""What a site asks of programs, and how often they call."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.sources.addresses import parse
from knowledge.sources.politeness import FAILURE_KEPT, ROBOTS_KEPT, Politeness
from tests.knowledge.sources.detour import PUBLIC, World, a_world
from tests.knowledge.sources.web import Page, Web, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        web.pages["/a"] = Page("Text.")
        yield web


@pytest.fixture
def world(tmp_path: Path, web: Web) -> Iterator[World]:
    with a_world(tmp_path, web) as world:
        yield world


def robots(text: str) -> Page:
    return Page(text, headers={"Content-Type": "text/plain"})


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /a",
        "User-agent: Explainer\nDisallow: /a",
        "user-agent: explainer/1.0 # us\ndisallow: /",
        "User-agent: Other\nUser-agent: Explainer\nDisallow: /a",
        "User-agent: *\nAllow: /\n\nUser-agent: Explainer\nDisallow: /*a$",
        "\ufeffUser-agent: *\r\nDisallow: /a\r\n",
    ],
)
def test_what_a_site_does_not_want_read_is_not_asked_for(world: World, text: str) -> None:
    world.web.pages["/robots.txt"] = robots(text)

    with pytest.raises(SourceError, match=r"/a: the site's robots\.txt asks programs not to"):
        world.fetcher().fetch(world.web.url("/a"))

    assert world.web.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /b",
        "User-agent: *\nDisallow: /\nAllow: /a",
        "User-agent: Other\nDisallow: /",
        "User-agent: *\nDisallow: /\n\nUser-agent: Explainer\nAllow: /",
        "User-agent: ExplainerOther\nDisallow: /",
        "<html>Not found</html>",
        "Disallow /agent",
        "\x00\xff",
    ],
)
def test_everything_else_is_read(world: World, text: str) -> None:
    world.web.pages["/robots.txt"] = robots(text)

    assert world.fetcher().fetch(world.web.url("/a")).content == b"Text."


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_a_robots_txt_lets_everything_be_read(world: World, status: int) -> None:
    world.web.pages["/robots.txt"] = Page("", status)

    assert world.fetcher().fetch(world.web.url("/a")).content == b"Text."


@pytest.mark.parametrize(
    "page", [Page("", 500), Page("", 503), Page(raw=lambda out: None), robots("#" * 600_000)]
)
def test_nothing_is_read_of_a_site_whose_robots_txt_cannot_be(world: World, page: Page) -> None:
    world.web.pages["/robots.txt"] = page

    with pytest.raises(SourceError, match=r"/a: not read, because of http://.*/robots\.txt: "):
        world.fetcher().fetch(world.web.url("/a"))

    assert "/a" not in world.web.paths


def test_a_robots_txt_is_read_behind_a_redirect(world: World) -> None:
    world.web.pages["/robots.txt"] = Page(status=301, headers={"Location": "/rules"})
    world.web.pages["/rules"] = robots("User-agent: *\nDisallow: /a")

    with pytest.raises(SourceError, match="asks programs not to"):
        world.fetcher().fetch(world.web.url("/a"))


def test_a_redirect_does_not_lead_around_a_robots_txt(world: World) -> None:
    world.web.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /a")
    world.web.pages["/b"] = Page(status=302, headers={"Location": "/a"})

    with pytest.raises(SourceError, match="asks programs not to"):
        world.fetcher().fetch(world.web.url("/b"))

    assert "/a" not in world.web.paths


def test_a_robots_txt_counts_for_a_day(world: World) -> None:
    fetcher = world.fetcher()
    for pause in (0, ROBOTS_KEPT - 60, 60):
        world.now += pause
        fetcher.fetch(world.web.url("/a"))

    assert world.web.paths == ["/robots.txt", "/a", "/a", "/robots.txt", "/a"]


def test_a_robots_txt_that_failed_is_soon_asked_for_again(world: World) -> None:
    world.web.pages["/robots.txt"] = Page("", 500)
    fetcher = world.fetcher()
    for _ in range(3):
        with pytest.raises(SourceError):
            fetcher.fetch(world.web.url("/a"))
    assert world.web.paths == ["/robots.txt"] * 3  # the attempts of the first time

    del world.web.pages["/robots.txt"]
    world.now += FAILURE_KEPT

    assert fetcher.fetch(world.web.url("/a")).content == b"Text."


def test_hosts_have_their_own_rules(world: World) -> None:
    world.web.pages["/robots.txt"] = lambda request: robots(
        f"User-agent: *\nDisallow: {'/' if request.headers['host'] == 'docs.example' else '/b'}"
    )
    fetcher = world.fetcher()

    with pytest.raises(SourceError):
        fetcher.fetch("http://docs.example/a")
    assert fetcher.fetch("http://other.example/a").content == b"Text."


def times(world: World, text: str, *urls: str) -> list[float]:
    """When each page was asked for, in seconds after the first request of all."""
    asked: list[float] = []

    def page() -> Page:
        asked.append(world.now)
        return Page("Text.")

    world.web.pages["/robots.txt"] = robots(text)
    world.web.pages["/a"] = lambda request: page()
    fetcher = world.fetcher()
    for url in urls:
        fetcher.fetch(url)
    return asked


def test_a_host_is_asked_once_a_second(world: World) -> None:
    urls = ["http://docs.example/a"] * 3

    assert times(world, "", *urls) == [1, 2, 3]


@pytest.mark.parametrize(
    ("delay", "pause"), [("0.2", 1), ("5", 5), ("3600", 30), ("-1", 1), ("soon", 1), ("nan", 1)]
)
def test_a_host_may_ask_for_longer_pauses(world: World, delay: str, pause: float) -> None:
    text = f"User-agent: *\nCrawl-delay: {delay}"
    urls = ["http://docs.example/a"] * 3

    assert times(world, text, *urls) == [1, 1 + pause, 1 + 2 * pause]


def test_another_host_is_not_waited_for(world: World) -> None:
    urls = ["http://docs.example/a", "http://other.example/a", "http://docs.example/a"]

    assert times(world, "", *urls) == [1, 2, 2]


def test_a_second_after_the_last_request_nobody_waits(world: World) -> None:
    fetcher = world.fetcher()
    fetcher.fetch("http://docs.example/a")
    world.now += 1
    world.slept.clear()
    fetcher.fetch("http://docs.example/a")

    assert world.slept == []


def test_threads_share_the_rules_and_the_rate(world: World) -> None:
    world.names.answers = {"docs.example": [[PUBLIC]]}
    fetcher = world.fetcher()
    with ThreadPoolExecutor(8) as threads:
        fetched = list(threads.map(fetcher.fetch, ["http://docs.example/a"] * 16))

    assert {page.content for page in fetched} == {b"Text."}
    assert world.web.paths.count("/robots.txt") == 1
    assert world.web.paths.count("/a") == 16


def test_turns_are_given_out_a_second_apart() -> None:
    """Also to threads that ask at the same moment."""
    waited: list[float] = []
    politeness = Politeness(lambda address: "", clock=lambda: 0.0, sleep=waited.append)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(politeness.pause, [parse("http://docs.example/")] * 9))

    assert sorted(waited) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("end", ["\n", "\r", "\x0b", "\u2028"])
def test_a_robots_txt_for_a_thousand_programs_takes_no_memory(end: str) -> None:
    """Protego keeps each rule for each of them: here two million."""
    agents = end.join(f"User-agent: a{number}" for number in range(1_500))
    rules = end.join(f"Allow: /{number}" for number in range(1_500))
    politeness = Politeness(
        lambda address: f"{agents}{end}{rules}", clock=lambda: 0.0, sleep=lambda seconds: None
    )
    tracemalloc.start()
    politeness.enter(parse("http://docs.example/"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 50 * 2**20
