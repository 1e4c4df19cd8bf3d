"""Reading from the web: what comes back, and what a server may not do to us."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import SourceError
from knowledge.sources.fetching import Fetched, Limits, _described
from tests.knowledge.sources.detour import PUBLIC, World, a_world
from tests.knowledge.sources.web import Page, Request, Web, Writer, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def world(tmp_path: Path, web: Web) -> Iterator[World]:
    with a_world(tmp_path / "responses", web) as world:
        yield world


def complaint(world: World, path: str = "/", limits: Limits | None = None) -> str:
    with pytest.raises(SourceError) as refusal:
        world.fetcher(limits=limits).fetch(world.web.url(path))
    return str(refusal.value).removeprefix(f"{world.web.url(path)}: ")


def raw(*parts: bytes) -> Page:
    def write(out: Writer) -> None:
        for part in parts:
            out.write(part)

    return Page(raw=write)


# What comes back.


def test_a_page_comes_with_its_type_and_charset(world: World) -> None:
    headers = {"Content-Type": "Text/HTML; Charset=ISO-8859-1"}
    world.web.pages["/a"] = Page(b"Caf\xe9", headers=headers)

    fetched = world.fetcher().fetch(world.web.url("/a"))

    assert fetched == Fetched(world.web.url("/a"), b"Caf\xe9", "text/html", "iso-8859-1", False)


def test_a_page_without_a_type_is_let_through(world: World) -> None:
    world.web.pages["/"] = Page("Text.", headers={})

    fetched = world.fetcher().fetch(world.web.url(), accept=["text/html"])

    assert (fetched.media_type, fetched.charset) == ("", "")


def test_without_a_scheme_https_is_meant(world: World) -> None:
    world.web.pages["/a"] = Page("Text.")

    assert world.fetcher().fetch("docs.example/a").url == "https://docs.example/a"


def test_the_fragment_stays_at_home_and_the_path_is_encoded(world: World) -> None:
    world.web.pages["/%C3%BC%20b?q=%C3%A4"] = Page("Text.")

    world.fetcher().fetch(world.web.url("/ü b?q=ä#part"))

    assert world.web.paths[-1] == "/%C3%BC%20b?q=%C3%A4"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_gzip_is_unpacked(world: World, coding: str) -> None:
    world.web.pages["/"] = Page(
        gzip.compress(b"Text.", mtime=0), headers={"Content-Encoding": coding}
    )

    assert world.fetcher().fetch(world.web.url()).content == b"Text."


def test_gzip_of_several_members_is_unpacked_whole(world: World) -> None:
    packed = gzip.compress(b"One. ", mtime=0) + gzip.compress(b"") + gzip.compress(b"Two.")
    world.web.pages["/"] = Page(packed, headers={"Content-Encoding": "gzip"})

    assert world.fetcher().fetch(world.web.url()).content == b"One. Two."


def test_chunks_are_put_together(world: World) -> None:
    chunks = b"5\r\nText,\r\n6\r\n more.\r\n0\r\n\r\n"
    world.web.pages["/"] = raw(OK, b"Transfer-Encoding: chunked\r\n\r\n", chunks)

    assert world.fetcher().fetch(world.web.url()).content == b"Text, more."


def test_the_server_learns_who_asks_and_what_is_wanted(world: World) -> None:
    world.web.pages["/"] = Page("Text.")

    world.fetcher().fetch(world.web.url(), accept=["text/html", "application/xhtml+xml"])

    for request in world.web.requests:
        assert request.headers["user-agent"].startswith("Explainer/")
        assert request.headers["host"] == world.web.host
        assert request.headers["accept-encoding"] == "gzip"
    accepted = world.web.requests[-1].headers["accept"]
    assert accepted == "application/xhtml+xml, text/html, */*;q=0.1"


# To whom we speak.


def test_the_connection_goes_to_the_address_but_the_name_is_proven(world: World) -> None:
    world.web.pages["/"] = Page("Text.")

    world.fetcher().fetch("https://docs.example/")

    assert set(world.detour.opened) == {(PUBLIC, 443)}
    assert set(world.detour.proven) == {("docs.example", True)}
    assert {request.headers["host"] for request in world.web.requests} == {"docs.example"}


def test_a_server_without_a_certificate_is_not_believed(world: World) -> None:
    """The web server speaks no TLS at all, which is as bad as speaking it badly."""
    with pytest.raises(SourceError, match="cannot be reached"):
        world.fetcher().fetch(f"https://{world.web.host}/")

    assert world.web.requests == []


def test_the_next_address_is_tried_if_the_first_does_not_answer(world: World) -> None:
    world.web.pages["/"] = Page("Text.")
    world.names.answers = {"docs.example": [["93.184.215.15", PUBLIC]]}
    world.detour.dead.add("93.184.215.15")

    assert world.fetcher().fetch("http://docs.example/").content == b"Text."


def test_no_proxy_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.web.pages["/"] = Page("Text.")
    with serving() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
            monkeypatch.setenv(name.lower(), proxy.url())
        world.fetcher().fetch("http://docs.example/")

        assert proxy.requests == []


def test_no_password_is_sent(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    world.web.pages["/"] = Page("Text.")

    world.fetcher().fetch(world.web.url())

    assert all("authorization" not in request.headers for request in world.web.requests)


def test_cookies_are_not_kept(world: World) -> None:
    moved = {"Location": "/b", "Set-Cookie": "a=1; Path=/"}
    world.web.pages["/a"] = Page(status=302, headers=moved)
    world.web.pages["/b"] = Page("Text.", headers={"Set-Cookie": "b=2; Path=/"})
    fetcher = world.fetcher()

    fetcher.fetch(world.web.url("/a"))
    fetcher.fetch(world.web.url("/b"))

    assert all("cookie" not in request.headers for request in world.web.requests)


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/b", "b", "//docs.example/b", "http://docs.example/b#x"])
def test_a_redirect_is_followed(world: World, status: int, location: str) -> None:
    world.web.pages["/a"] = Page(status=status, headers={"Location": location})
    world.web.pages["/b"] = Page("Text.")

    assert world.fetcher().fetch("http://docs.example/a").url == "http://docs.example/b"


def test_a_redirect_in_other_letters_is_followed(world: World) -> None:
    location = "/ü".encode().decode("latin-1")
    world.web.pages["/a"] = Page(status=302, headers={"Location": location})
    world.web.pages["/%C3%BC"] = Page("Text.")

    assert world.fetcher().fetch(world.web.url("/a")).url == world.web.url("/%C3%BC")


def test_five_redirects_are_followed_and_not_six(world: World) -> None:
    for number in range(6):
        world.web.pages[f"/{number}"] = Page(status=302, headers={"Location": f"/{number + 1}"})
    world.web.pages["/6"] = Page("Text.")

    assert world.fetcher().fetch(world.web.url("/1")).content == b"Text."
    with pytest.raises(SourceError, match="redirected too often"):
        world.fetcher().fetch(world.web.url("/0"))


def test_a_circle_of_redirects_comes_to_an_end(world: World) -> None:
    world.web.pages["/"] = Page(status=302, headers={"Location": "/"})

    assert complaint(world) == "it is redirected too often."
    assert world.web.paths.count("/") == 6


def test_a_redirect_may_not_give_encryption_up(world: World) -> None:
    world.web.pages["/"] = Page(status=302, headers={"Location": "http://docs.example/a?key=1"})

    with pytest.raises(SourceError, match="not encrypted") as refusal:
        world.fetcher().fetch("https://docs.example/")

    assert "key=1" not in str(refusal.value)
    assert (PUBLIC, 80) not in world.detour.opened


def test_a_redirect_to_nowhere_is_told(world: World) -> None:
    world.web.pages["/"] = Page(status=302, headers={})

    assert complaint(world) == "it is redirected to nowhere."


# Limits.


def test_a_server_that_trickles_is_left_when_the_time_is_up(world: World) -> None:
    def trickle(out: Writer) -> None:
        out.write(OK + b"Content-Length: 1000000\r\n\r\n")
        for _ in range(1_000_000):
            out.write(b"x")
            world.now += 0.5

    world.web.pages["/"] = Page(raw=trickle)

    assert complaint(world) == "no whole answer within 30 seconds."
    assert world.web.paths.count("/") == 1


def test_headers_that_trickle_are_no_different(world: World) -> None:
    def trickle(out: Writer) -> None:
        out.write(OK)
        for number in range(1_000_000):
            out.write(b"X-%d: x\r\n" % number)
            world.now += 0.5

    world.web.pages["/"] = Page(raw=trickle)

    assert complaint(world) == "no whole answer within 30 seconds."


def test_redirects_share_the_time(world: World) -> None:
    def slow(request: Request) -> Page:
        world.now += 8
        return Page(status=302, headers={"Location": request.path + "/x"})

    for number in range(5):
        world.web.pages["/a" + "/x" * number] = slow

    assert complaint(world, "/a/x").endswith("no whole answer within 30 seconds.")


def test_a_server_that_says_nothing_is_left(world: World) -> None:
    """Here the time really passes, in the socket."""
    world.web.pages["/"] = Page(raw=lambda out: world.canary.wait())

    limits = Limits(seconds=0.1)

    assert complaint(world, limits=limits) == "no whole answer within 0.1 seconds."


def test_a_body_that_is_announced_too_large_is_not_read(world: World) -> None:
    world.web.pages["/"] = raw(OK, b"Content-Length: 11000000\r\n\r\n")

    assert complaint(world) == "it is larger than may be read."


def test_a_body_that_never_ends_is_left_at_the_limit(world: World) -> None:
    world.web.pages["/"] = raw(OK, b"\r\n", *[b"x" * 65536] * 10_000)

    assert complaint(world, limits=Limits(size=100_000)) == "it is larger than may be read."


def test_chunks_without_end_are_left_at_the_limit(world: World) -> None:
    chunks = [b"1\r\nx\r\n" * 1000] * 10_000
    world.web.pages["/"] = raw(OK, b"Transfer-Encoding: chunked\r\n\r\n", *chunks)

    assert complaint(world, limits=Limits(size=100_000)) == "it is larger than may be read."


@pytest.mark.parametrize(
    "packed", [zlib.compress(b"\0" * 10**8, 9, 31), gzip.compress(b"", mtime=0) * 6000]
)
def test_a_gzip_bomb_does_not_go_off(world: World, packed: bytes) -> None:
    world.web.pages["/"] = Page(packed, headers={"Content-Encoding": "gzip"})

    tracemalloc.start()
    said = complaint(world, limits=Limits(size=100_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert said == "it is larger than may be read."
    assert peak < 4 * 2**20


@pytest.mark.parametrize(
    "coding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "identity, gzip", "compress", "x"]
)
def test_other_and_nested_packings_are_refused(world: World, coding: str) -> None:
    world.web.pages["/"] = Page(b"x", headers={"Content-Encoding": coding})

    assert complaint(world) == f"it is packed as '{coding}', not as gzip."


def test_packings_in_two_headers_are_nested_too(world: World) -> None:
    twice = b"Content-Encoding: gzip\r\n" * 2
    world.web.pages["/"] = raw(OK, twice, b"\r\n", gzip.compress(gzip.compress(b"x", mtime=0)))

    assert complaint(world) == "it is packed as 'gzip, gzip', not as gzip."


@pytest.mark.parametrize("content", [b"plain", gzip.compress(b"x", mtime=0) + b"more"])
def test_what_is_no_gzip_is_told(world: World, content: bytes) -> None:
    world.web.pages["/"] = Page(content, headers={"Content-Encoding": "gzip"})

    assert complaint(world) == "it is no proper gzip."


def test_gzip_that_breaks_off_is_told(world: World) -> None:
    cut = gzip.compress(b"Text." * 100, mtime=0)[:-4]
    world.web.pages["/"] = Page(cut, headers={"Content-Encoding": "gzip"})

    assert complaint(world) == "its gzip breaks off."


@pytest.mark.parametrize(
    "answer",
    [
        (OK, b"Content-Length: 10\r\n\r\nshort"),
        (OK, b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        (OK, b"Content-Length: -1\r\n\r\nx"),
        (OK, b"Content-Length: many\r\n\r\nx"),
        (OK, b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nx"),
        (OK, b"Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n"),
        (OK, b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffffff\r\nx"),
        (OK, b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (OK, b"X: " + b"x" * 200_000 + b"\r\n\r\n"),
        (OK, *[b"X-Y: %s\r\n" % (b"x" * 1000)] * 300, b"\r\n"),
        (b"HTTP/1.1 200 " + b"x" * 200_000,),
        (b"HTTP/1.1 abc OK\r\n\r\n",),
        (b"SSH-2.0-OpenSSH_9.9\r\n",),
        (b"\x16\x03\x01\x02\x00\x01",),
        (b"<p>No headers</p>",),
        (b"",),
    ],
    ids=lambda parts: ascii(b"".join(parts)[-40:]),
)
def test_what_is_not_proper_http_is_told(world: World, answer: tuple[bytes, ...]) -> None:
    world.web.pages["/"] = raw(*answer)

    said = complaint(world)

    assert said.startswith(("no proper answer", "the server cannot be reached"))
    assert len(said) < 300


def test_another_type_is_refused_before_the_body_is_read(world: World) -> None:
    """The body never comes: whoever waited for it would run out of time."""
    said = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 1000\r\n\r\n"

    def withhold(out: Writer) -> None:
        out.write(said)
        world.canary.wait()

    world.web.pages["/"] = Page(raw=withhold)

    with pytest.raises(SourceError, match="a document of type 'video/mp4' is not read here"):
        world.fetcher(limits=Limits(seconds=5)).fetch(world.web.url(), accept=["text/html"])


@given(st.text(st.characters(codec="latin-1"), max_size=60))
def test_whatever_a_type_looks_like_it_can_be_told(value: str) -> None:
    described = _described({"content-type": "text/html;" + value})

    assert described.media_type == "text/html"
    assert isinstance(described.charset, str)


# What servers say instead.


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (204, "the server has no page for us (204)."),
        (206, "the server has no page for us (206)."),
        (400, "the server has no page for us (400)."),
        (401, "the page asks for a login (401)."),
        (403, "the server refuses to show this page (403)."),
        (404, "there is no such page (404)."),
        (410, "the page is gone for good (410)."),
    ],
)
def test_a_refusal_is_told_by_its_meaning_and_not_asked_again(
    world: World, status: int, meaning: str
) -> None:
    world.web.pages["/"] = Page("", status)

    assert complaint(world) == meaning
    assert world.web.paths.count("/") == 1


def test_a_query_is_not_shown(world: World) -> None:
    with pytest.raises(SourceError) as refusal:
        world.fetcher().fetch(world.web.url("/a?token=secret"))

    assert str(refusal.value) == f"{world.web.url('/a')}?…: there is no such page (404)."


# Asking again.


def failing(times: int, page: Page) -> Callable[[Request], Page]:
    answers = itertools.chain([page] * times, itertools.repeat(Page("Text.")))
    return lambda request: next(answers)


@pytest.mark.parametrize("page", [Page("", 500), Page("", 503), Page("", 429), raw(b"")])
def test_what_may_pass_is_asked_for_three_times(world: World, page: Page) -> None:
    world.web.pages["/"] = failing(2, page)

    assert world.fetcher().fetch(world.web.url()).content == b"Text."
    assert world.web.paths.count("/") == 3


@pytest.mark.parametrize("page", [Page("", 500), Page("", 429), raw(b"")])
def test_what_does_not_pass_is_told_after_three_times(world: World, page: Page) -> None:
    world.web.pages["/"] = failing(3, page)

    complaint(world)
    assert world.web.paths.count("/") == 3


def test_the_pause_that_a_server_asks_for_is_kept(world: World) -> None:
    world.web.pages["/"] = failing(1, Page("", 503, {"Retry-After": "60"}))

    world.fetcher().fetch(world.web.url())

    assert 60 <= max(world.slept) <= 62


@pytest.mark.parametrize("pause", ["61", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_nobody_waits_longer_than_a_minute(world: World, pause: str) -> None:
    world.web.pages["/"] = failing(1, Page("", 429, {"Retry-After": pause}))

    assert complaint(world) == "the server has had too many requests (429); try again later."
    assert max(world.slept) < 3


@pytest.mark.parametrize("pause", ["soon", "-5", "Fri, 01 Jan 1999 00:00:00 GMT", "1e9", "٣"])
def test_a_pause_that_makes_no_sense_is_passed_over(world: World, pause: str) -> None:
    headers = {"Retry-After": pause.encode().decode("latin-1")}
    world.web.pages["/"] = failing(1, Page("", 503, headers))

    assert world.fetcher().fetch(world.web.url()).content == b"Text."


# Not sending the same again.


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"ETag": '"1"'}, {"if-none-match": '"1"'}),
        (
            {"Last-Modified": "Fri, 01 Jan 1999 00:00:00 GMT"},
            {"if-modified-since": "Fri, 01 Jan 1999 00:00:00 GMT"},
        ),
        ({"ETag": 'W/"\xe9"'}, {"if-none-match": 'W/"\xe9"'}),
    ],
)
def test_an_unchanged_page_is_not_sent_again(
    world: World, said: dict[str, str], asked: dict[str, str]
) -> None:
    headers = {"Content-Type": "text/html; charset=utf-8", **said}
    world.web.pages["/"] = Page("Text.", headers=headers)
    first = world.fetcher().fetch(world.web.url())
    world.web.pages["/"] = Page("", 304)
    second = world.fetcher().fetch(world.web.url())

    assert asked.items() <= world.web.requests[-1].headers.items()
    assert second == Fetched(first.url, b"Text.", "text/html", "utf-8", unchanged=True)


def test_a_changed_page_is_read_anew(world: World) -> None:
    for number in (1, 2):
        world.web.pages["/"] = Page(f"Text {number}.", headers={"ETag": f'"{number}"'})
        fetched = world.fetcher().fetch(world.web.url())

        assert (fetched.content, fetched.unchanged) == (f"Text {number}.".encode(), False)


def test_behind_a_redirect_a_page_is_not_sent_again_either(world: World) -> None:
    world.web.pages["/a"] = Page(status=302, headers={"Location": "/b"})
    world.web.pages["/b"] = Page("Text.", headers={"ETag": '"1"'})

    unchanged = [world.fetcher().fetch(world.web.url("/a")).unchanged for _ in range(2)]

    assert unchanged == [False, True]


def test_a_server_cannot_say_unchanged_of_what_was_never_read(world: World) -> None:
    world.web.pages["/"] = Page("", 304)

    assert complaint(world).startswith("the server says that nothing has changed, but")


def test_a_page_of_a_type_that_is_no_longer_accepted_is_refused_when_unchanged(
    world: World,
) -> None:
    world.web.pages["/"] = Page("x", headers={"ETag": '"1"', "Content-Type": "text/css"})
    world.fetcher().fetch(world.web.url())

    with pytest.raises(SourceError, match="'text/css' is not read here"):
        world.fetcher().fetch(world.web.url(), accept=["text/html"])


def test_closing_forgets_what_nobody_used(world: World) -> None:
    world.web.pages["/"] = Page("Text.", headers={"ETag": '"1"'})
    with world.fetcher() as fetcher:
        fetcher.fetch(world.web.url())

    assert len(list(world.folder.iterdir())) == 1
