"""The only door to the network: whatever is read from the web comes through here.

Only public addresses are connected to, each redirect is looked at like a new address, and a server
may take only so much time and space. An address comes from people who write pages, so none of
this may depend on what it looks like.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from importlib.metadata import version
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpcore
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exception,
    wait_random_exponential,
)

from knowledge.errors import SourceError
from knowledge.sources.addresses import (
    Address,
    Resolve,
    destinations,
    parse,
    shown,
    system_resolve,
)
from knowledge.sources.exchange import Deadline, Route, asking, body, joined
from knowledge.sources.failures import FetchError, explained, refused
from knowledge.sources.politeness import PAUSE, Politeness
from knowledge.sources.responses import Kept, Responses

USER_AGENT = f"Explainer/{version('explainer')} (reads documentation for a question-answering bot)"

MAX_ATTEMPTS = 3

_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Fetched:
    """What a server sent.

    Args:
        url: the final address, after redirects.
        content: decoded from transfer compression.
        media_type: lower case, without parameters; empty if the server names none.
        charset: from the ``Content-Type`` header; empty if it names none.
        unchanged: the server said that the content is still the one of last time.
    """

    url: str
    content: bytes
    media_type: str
    charset: str
    unchanged: bool


@dataclass(frozen=True)
class Limits:
    """What a server may take.

    Args:
        seconds: for one attempt with all its redirects, without the pauses that we make.
        size: bytes of the content, packed and unpacked.
        redirects: how many are followed.
    """

    seconds: float = 30.0
    size: int = 10 * 2**20
    redirects: int = 5


ROBOTS_SIZE = 2**19
"""Bytes; RFC 9309, 2.5, wants at least 500 KiB of a ``robots.txt`` to be read."""


@dataclass(frozen=True)
class _Wish:
    """What is asked for, within which limits, and whether the site has a say in it."""

    accept: frozenset[str]
    limits: Limits
    enter: Callable[[Address], None]


class Fetcher:
    """Reads from the web; any number of threads may use it at once.

    Args:
        responses: where answers are kept, so that servers need not repeat them.
        allowed: hosts with a port (``"127.0.0.1:8000"``) that may be private, on any port.
        limits: what a server may take.
        resolve: finds every address of a name.
        network: opens connections.
        clock: seconds; never goes back.
        sleep: waits for seconds.
    """

    def __init__(  # noqa: PLR0913 - the world outside, which a test brings along
        self,
        responses: Responses,
        *,
        allowed: Collection[str] = (),
        limits: Limits = Limits(),
        resolve: Resolve = system_resolve,
        network: httpcore.NetworkBackend | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._responses = responses
        self._allowed = frozenset(host.lower() for host in allowed)
        self._limits = limits
        self._resolve = resolve
        self._network = network or httpcore.SyncBackend()
        self._clock = clock
        self._sleep = sleep
        self._politeness = Politeness(self._robots, clock, sleep)

    def fetch(self, url: str, accept: Collection[str] = ()) -> Fetched:
        """Read what is at an address.

        Args:
            url: http or https; without a scheme, https is meant.
            accept: media types that the caller can use, any if empty. The body of another one is
                not read; an answer that names no type is let through.

        Raises:
            SourceError: it is not to be had; one line, without secrets.
        """
        wish = _Wish(frozenset(accept), self._limits, self._politeness.enter)
        return self._retried(parse(url), wish)

    def close(self) -> None:
        """Tidy up: forget answers that nobody has asked for in a long time."""
        self._responses.forget_unused()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _robots(self, address: Address) -> str:
        """A ``robots.txt``; a site that says it has none lets everything be read."""
        limits = replace(self._limits, size=ROBOTS_SIZE)
        wish = _Wish(frozenset(), limits, self._politeness.pause)
        try:
            fetched = self._retried(address, wish)
        except FetchError as error:
            if 400 <= error.status < 500:
                return ""
            raise
        return fetched.content.decode("utf-8-sig", errors="replace")

    def _retried(self, address: Address, wish: _Wish) -> Fetched:
        """The best of a few attempts, with the pauses that the server asks for, and longer ones."""
        retrying = Retrying(
            retry=retry_if_exception(lambda error: getattr(error, "passing", False)),
            stop=stop_after_attempt(MAX_ATTEMPTS),
            wait=wait_exception(lambda error: getattr(error, "pause", 0.0))
            + wait_random_exponential(multiplier=PAUSE),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._follow, address, wish)

    def _follow(self, address: Address, wish: _Wish) -> Fetched:
        """One attempt: ask, and go where the server points to."""
        seconds = wish.limits.seconds
        for _ in range(wish.limits.redirects + 1):
            wish.enter(address)
            begun = self._clock()
            with explained(shown(address.url), wish.limits.seconds):
                found = self._ask(address, wish, Deadline(begun + seconds, self._clock))
            if isinstance(found, Fetched):
                return found
            seconds -= self._clock() - begun
            address = found
        raise SourceError(f"{shown(address.url)}: it is redirected too often.")

    def _ask(self, address: Address, wish: _Wish, deadline: Deadline) -> Fetched | Address:
        """The content of an address, or the address that it points to."""
        found = destinations(address, self._resolve, self._allowed)
        route = Route(found, deadline, self._network)
        kept = self._responses.get(address.url)
        with asking(address, _request_headers(wish.accept, kept), route) as response:
            headers = joined(response)
            if response.status in _REDIRECTS:
                return _target(address, headers.get("location", ""))
            if response.status == 304 and kept:
                _check_type(kept, wish.accept)
                return _fetched(address, kept, unchanged=True)
            if response.status != 200:
                raise refused(response.status, headers.get("retry-after", ""))
            described = _described(headers)
            _check_type(described, wish.accept)
            fresh = replace(described, content=body(response, wish.limits.size))
        if fresh.etag or fresh.modified:
            self._responses.keep(address.url, fresh)
        return _fetched(address, fresh, unchanged=False)


def _request_headers(accept: Collection[str], kept: Kept | None) -> dict[str, str]:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": ", ".join([*sorted(accept), "*/*;q=0.1"]) if accept else "*/*",
        "Accept-Encoding": "gzip",
    }
    if kept and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept and kept.modified:
        headers["If-Modified-Since"] = kept.modified
    return headers


def _described(headers: Mapping[str, str]) -> Kept:
    """What the headers of an answer say about its content."""
    content_type = Message()
    content_type["Content-Type"] = headers.get("content-type", "")
    named = headers.get("content-type", "").split(";")[0].strip().lower()
    charset = content_type.get_content_charset("")
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    return Kept(b"", named, charset, etag, modified)


def _check_type(kept: Kept, accept: Collection[str]) -> None:
    if accept and kept.media_type and kept.media_type not in accept:
        raise FetchError(f"a document of type {kept.media_type[:100]!r} is not read here.")


def _target(address: Address, location: str) -> Address:
    """Where a redirect leads; it may not give encryption up."""
    if not location:
        raise FetchError("it is redirected to nowhere.")
    try:
        target = parse(urljoin(address.url, location.encode("latin-1").decode()))
    except ValueError as error:
        raise FetchError("it is redirected to no proper web address.") from error
    if address.scheme == "https" and target.scheme == "http":
        raise FetchError(f"it is redirected to {shown(target.url)}, which is not encrypted.")
    return target


def _fetched(address: Address, kept: Kept, *, unchanged: bool) -> Fetched:
    return Fetched(address.url, kept.content, kept.media_type, kept.charset, unchanged)
