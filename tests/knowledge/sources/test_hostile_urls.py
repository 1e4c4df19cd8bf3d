"""No address, however it is written and wherever its name leads, gets behind the door.

Whatever the fetcher connects to is taken to a canary that listens on loopback; it must stay alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import SourceError
from knowledge.sources.addresses import parse
from knowledge.sources.fetching import Limits
from tests.knowledge.sources.detour import PUBLIC, Names, World, a_world
from tests.knowledge.sources.web import Page, Web, serving

LOOPBACK_SPELLINGS = """
127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254
2130706433 2130706434 4294967295 0 017700000001 0x7f000001 0x7F000001 0X7F000001 0x7f.1 0x7f.0.0.1
0x7f.0x0.0x0.0x1 0177.0.0.1 0177.0.0.01 0177.1 00177.0.0.1 127.1 127.0.1 127.000.000.001
127.0.0.01 127.0.0.0x1 127.0.0.1. 127.0.0.256 127.0.0.1.1 127.0.0 1.127.0.0.0x 0x7f.1.
256.256.256.256 999.1 0x 1.0x
１２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① １２７。０。０。１ 127.0.0.１
𝟏𝟐𝟕.𝟎.𝟎.𝟏 127.0.0.1｡ ₁₂₇.₀.₀.₁ ²¹³⁰⁷⁰⁶⁴³³
%31%32%37.0.0.1 %31%32%37%2e%30%2e%30%2e%31 127.0.0.1%00 127.0.0.1%2f 127.0.0.1%23@docs.example
127%2E0%2E0%2E1 %6cocalhost local%68ost
""".split()

OTHER_PLACES = """
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254
169.254.0.1 169.254.169.254 169.254.170.2 169.254.255.255 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 224.0.0.251 239.255.255.250
240.0.0.1 250.1.2.3 255.255.255.255
[::] [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1]
[::127.0.0.1] [::7f00:1] [::169.254.169.254] [::10.0.0.1] [::8.8.8.8]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1]
[::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:10.0.0.1] [::ffff:192.168.1.1] [::ffff:0.0.0.0]
[::ffff:0:127.0.0.1] [::ffff:0:7f00:1]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [64:ff9b::10.0.0.1]
[64:ff9b::192.168.0.1] [64:ff9b:1::127.0.0.1] [64:ff9b:1:fffe::7f00:1] [64:ff9b:1::8.8.8.8]
[2002:7f00:1::] [2002:7f00:1::1] [2002:a9fe:a9fe::] [2002:a00:1::] [2002:c0a8:1::1]
[2002:808:808::1]
[2001:0:4136:e378:8000:63bf:80ff:fffe] [2001:0:53aa:64c::7f00:1] [2001::1]
[2a00:1450:4001:81b:0:5efe:7f00:1] [2a00:1450:4001:81b:200:5efe:a00:1] [fe80::5efe:7f00:1]
[fe80::1] [fe80::1%25eth0] [fe80::1%eth0] [fe80::1%lo] [::1%lo] [::1%251] [febf::1]
[fc00::1] [fd00::1] [fd00:ec2::254] [fdff::1] [fec0::1] [ff00::1] [ff01::1] [ff02::1] [ff02::fb]
[ff05::2] [ff0e::1] [2001:db8::1] [2001:10::1] [100::1] [5f00::1] [4000::1] [e000::1]
[::1 [::1]] [[::1]] [::g] [1:2:3] [127.0.0.1] [v1.127.0.0.1] [::1]x [::1].docs.example
""".split()

WHOLE_ADDRESSES = [
    # Whom is the address of? Programs differ.
    "http://docs.example@127.0.0.1/",
    "http://docs.example:80@127.0.0.1/",
    "http://docs.example%40127.0.0.1/",
    "http://127.0.0.1@docs.example/",
    "http://user:secret@docs.example/",
    "http://@127.0.0.1/",
    "http://:@127.0.0.1/",
    "http://a@b@127.0.0.1/",
    "http://127.0.0.1\\@docs.example/",
    "http://docs.example\\@127.0.0.1/",
    "http://docs.example\\.127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:/\\127.0.0.1/",
    "http://127.0.0.1:80\\@docs.example:80/",
    "http://127.0.0.1 docs.example/",
    "http://docs.example 127.0.0.1/",
    "http:// 127.0.0.1/",
    "http://127.0.0.1\t/",
    "http://127.0.0.1\n/",
    "http://127.0.\r\n0.1/",
    "http://docs.example/\r\nHost: 127.0.0.1",
    "http://docs.example/\x00",
    "http://docs.example\x00.127.0.0.1/",
    "ht\ntp://127.0.0.1/",
    "\x01http://127.0.0.1/",
    "http://127.0.0.1:80:80/",
    "http://127.0.0.1:/",
    "http://127.0.0.1:+80/",
    "http://127.0.0.1:-80/",
    "http://127.0.0.1:８０/",
    "http://127.0.0.1:080/",
    "http://docs.example:0/",
    "http://docs.example:65536/",
    "http://docs.example:99999999999999999999/",
    "http://docs.example:http/",
    "http:127.0.0.1",
    "http:/127.0.0.1",
    "http:///127.0.0.1/",
    "http:////127.0.0.1/",
    "http://",
    "https://",
    "http://?",
    "http://#",
    "",
    "//",
    "/",
    "//127.0.0.1/",
    "///127.0.0.1/",
    "127.0.0.1",
    "127.0.0.1:80/x",
    "user:secret@127.0.0.1/",
    # Names that are odd in themselves.
    "http://docs.example./",
    "http://.docs.example/",
    "http://docs..example/",
    "http://./",
    "http://../",
    "http://docs.exa$mple/",
    "http://docs,example/",
    "http://docs.example;127.0.0.1/",
    "http://docs.example&127.0.0.1/",
    "http://$(id).example/",
    "http://{docs}.example/",
    "http://docs.example|127.0.0.1/",
    "http://*/",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://docs.example/" + "a" * 70_000,
    "http://xn--/",
    "http://docs\u200b.example/",
    "http://docs.ex\u00adample/",
    "http://\u202edocs.example/",
    "http://docs。example。/",
    # Other services.
    "file:///etc/passwd",
    "file:/etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "FILE:///etc/passwd",
    "ftp://docs.example/",
    "ftp://user:secret@127.0.0.1/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat",
    "ldap://127.0.0.1/",
    "tftp://127.0.0.1/",
    "ssh://127.0.0.1/",
    "git://127.0.0.1/x.git",
    "unix:///var/run/docker.sock",
    "jar:http://127.0.0.1!/",
    "view-source:http://127.0.0.1/",
    "data:text/html,<p>Text",
    "javascript:fetch('http://127.0.0.1')",
    "javascript://127.0.0.1/%0aalert(1)",
    "mailto:a@127.0.0.1",
    "ws://127.0.0.1/",
    "wss://127.0.0.1/",
    "httpx://127.0.0.1/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "https+http://127.0.0.1/",
    "about:blank",
    "blob:http://127.0.0.1/1",
    "url:http://127.0.0.1/",
    "http://docs.example:22/",
    "http://docs.example:25/",
    "http://docs.example:6379/",
    "http://docs.example:11211/",
    "http://docs.example:2375/",
    "https://docs.example:8000/",
]

NAMES: dict[str, list[list[str]]] = {
    "localhost": [["127.0.0.1", "::1"]],
    "localhost.localdomain": [["127.0.0.1"]],
    "ip6-localhost": [["::1"]],
    "inside.example": [["127.0.0.1"]],
    "127.0.0.1.nip.example": [["127.0.0.1"]],
    "inside-six.example": [["::1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "nat64.example": [["64:ff9b::7f00:1"]],
    "sixtofour.example": [["2002:7f00:1::"]],
    "teredo.example": [["2001:0:53aa:64c::7f00:1"]],
    "scoped.example": [["fe80::1%eth0"]],
    "scoped-public.example": [["2a00:1450:4001:81b::200e%eth0"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "metadata": [["169.254.169.254"]],
    "intranet": [["10.1.2.3"]],
    "private.example": [["192.168.1.1"]],
    "shared.example": [["100.64.0.1"]],
    "null.example": [["0.0.0.0"]],  # noqa: S104
    "many.example": [["224.0.0.1"]],
    "mixed.example": [[PUBLIC, "127.0.0.1"]],
    "mixed-first.example": [["127.0.0.1", PUBLIC]],
    "mixed-six.example": [[PUBLIC, "::1"]],
    "mixed-many.example": [[PUBLIC] * 20 + ["10.0.0.1"]],
    "odd.example": [["not an address"]],
    "xn--bcher-kva.example": [["127.0.0.1"]],
    "under_score.example": [["127.0.0.1"]],
    "nothing.example": [[]],
    "nowhere.example": [],
}

HOSTILE = [
    *(f"http://{host}/" for host in LOOPBACK_SPELLINGS + OTHER_PLACES),
    *WHOLE_ADDRESSES,
    *(f"http://{name}/" for name in NAMES),
    *(f"{name}/latest/meta-data" for name in NAMES),
]

ALMOST = r"\A(https?:)?[/\\\\]{0,3}[a-z0-9.@:\[\]%#?xX-]{0,20}[/?#]?"

REDIRECTED = [
    "http://127.0.0.1/",
    "http://127.0.0.1:{canary}/",
    "http://localhost:{canary}/",
    "http://[::1]:{canary}/",
    "//127.0.0.1:{canary}/",
    "//localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://2130706433/",
    "http://0x7f.1:{canary}/",
    "http://inside.example/",
    "https://mixed.example/",
    "http://169.254.169.254/latest/meta-data/",
    "http://docs.example@127.0.0.1/",
    "http://[::1",
    "file:///etc/passwd",
    "\\\\127.0.0.1\\",
    "http:\\\\127.0.0.1\\",
    "http://127.0.0.1%09/",
]


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def world(tmp_path: Path, web: Web) -> Iterator[World]:
    web.pages.clear()
    web.requests.clear()
    with a_world(tmp_path, web) as world:
        world.names = Names({**NAMES, "docs.example": [[PUBLIC]]})
        yield world


def test_the_table_is_long_enough() -> None:
    assert len(set(HOSTILE)) >= 120


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_a_hostile_address_is_refused_without_a_connection(world: World, url: str) -> None:
    with pytest.raises(SourceError) as refusal:
        world.fetcher().fetch(url)

    assert world.detour.opened == []
    assert not world.canary.called
    assert len(str(refusal.value).splitlines()) == 1
    assert "secret" not in str(refusal.value)


@given(st.one_of(st.text(), st.text().map("http://".__add__), st.from_regex(ALMOST)))
def test_no_text_at_all_breaks_the_parser(text: str) -> None:
    try:
        address = parse(text)
    except SourceError:
        return
    assert address.url.isascii()
    assert parse(address.url) == address


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", REDIRECTED)
def test_a_redirect_is_looked_at_like_an_address(world: World, status: int, target: str) -> None:
    location = target.format(canary=world.canary.port)
    world.web.pages["/"] = Page(status=status, headers={"Location": location})

    with pytest.raises(SourceError):
        world.fetcher().fetch(world.web.url())

    assert not world.canary.called
    assert {port for _, port in world.detour.opened} == {world.web.port}


def test_a_robots_txt_that_leads_inside_is_not_followed(world: World) -> None:
    world.web.pages["/robots.txt"] = Page(status=302, headers={"Location": "http://127.0.0.1/"})

    with pytest.raises(SourceError):
        world.fetcher().fetch(world.web.url())

    assert not world.canary.called
    assert world.web.paths == ["/robots.txt"]


def test_a_name_that_changes_its_mind_is_resolved_once_for_each_connection(world: World) -> None:
    """First public, then loopback: what was checked is what is connected to."""
    world.names = Names({"rebinding.example": [[PUBLIC], [PUBLIC], ["127.0.0.1"]]})
    world.web.pages["/"] = Page("Text.")

    fetched = world.fetcher().fetch("http://rebinding.example/")

    assert fetched.content == b"Text."
    assert world.names.asked == ["rebinding.example"] * 2
    assert world.detour.opened == [(PUBLIC, 80)] * 2


def test_a_name_that_has_changed_its_mind_is_refused(world: World) -> None:
    world.names = Names({"rebinding.example": [[PUBLIC], ["127.0.0.1"]]})
    world.web.pages["/"] = Page("Text.")

    with pytest.raises(SourceError, match=r"rebinding\.example is not on the public internet"):
        world.fetcher().fetch("http://rebinding.example/")

    assert world.detour.opened == [(PUBLIC, 80)]
    assert not world.canary.called


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://inside.example"])
def test_the_canary_would_notice(world: World, url: str) -> None:
    """The same addresses, allowed this time."""
    hosts = ["127.0.0.1:80", "localhost:80", "inside.example:80"]

    with pytest.raises(SourceError, match="no whole answer"):
        world.fetcher(*hosts, limits=Limits(seconds=0.05)).fetch(url)

    assert world.canary.called


@pytest.mark.parametrize("url", ["http://docs.example/", "http://[64:ff9b::5db8:d70e]/"])
def test_a_public_address_is_read(world: World, url: str) -> None:
    """Behind NAT64, every name resolves to addresses that carry an IPv4 address."""
    world.web.pages["/"] = Page("Text.")
    world.detour.public.add("64:ff9b::5db8:d70e")

    assert world.fetcher().fetch(url).content == b"Text."
