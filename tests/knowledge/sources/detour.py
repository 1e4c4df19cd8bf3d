"""A world around the fetcher in which every way ends on this machine, and none is forgotten."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore

from knowledge.sources.fetching import Fetcher, Limits
from knowledge.sources.responses import Responses
from tests.knowledge.sources.web import Web

PUBLIC = "93.184.215.14"
"""A public address; the detour takes it to the local web server."""


class Canary:
    """Listens on loopback, where nobody may ever call."""

    def __init__(self) -> None:
        self._gone = threading.Event()
        self._four = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._four.getsockname()[1])
        self._sockets = [self._four]
        if socket.has_dualstack_ipv6():
            six = ("::1", self.port)
            self._sockets.append(socket.create_server(six, family=socket.AF_INET6))

    @property
    def called(self) -> bool:
        """Whether anybody is connected, or tries to be."""
        return bool(select.select(self._sockets, [], [], 0)[0])

    def wait(self) -> None:
        """Return when the canary is gone."""
        self._gone.wait()

    def close(self) -> None:
        """Stop to listen."""
        self._gone.set()
        for listening in self._sockets:
            listening.close()


class Detour(httpcore.NetworkBackend):
    """Opens real connections: public addresses lead to the web server, others to the canary.

    Args:
        web: reached at ``public`` addresses, and at its own port.
        canary: reached at every other one.
    """

    def __init__(self, web: Web, canary: Canary) -> None:
        self._web = web
        self._canary = canary
        self._real = httpcore.SyncBackend()
        self.public = {PUBLIC}
        self.dead: set[str] = set()
        self.opened: list[tuple[str, int]] = []
        self.proven: list[tuple[str | None, bool]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.opened.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectError("Connection refused")
        if host in self.public:
            return _Unencrypted(self._real.connect_tcp("127.0.0.1", self._web.port), self)
        if port == self._web.port:
            return self._real.connect_tcp(host, port, timeout)
        return self._real.connect_tcp(_local(host), self._canary.port, timeout)


def _local(ip: str) -> str:
    """Addresses of other machines stand for loopback: nothing leaves this one."""
    return "::1" if ip == "::1" and socket.has_dualstack_ipv6() else "127.0.0.1"


class _Unencrypted(httpcore.NetworkStream):
    """Writes down for which name a certificate was to be checked, and goes on in the clear."""

    def __init__(self, stream: httpcore.NetworkStream, detour: Detour) -> None:
        self._stream = stream
        self._detour = detour

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        checked = ssl_context.check_hostname and ssl_context.verify_mode == ssl.CERT_REQUIRED
        self._detour.proven.append((server_hostname, checked))
        return self

    def get_extra_info(self, info: str) -> Any:
        return None if info == "ssl_object" else self._stream.get_extra_info(info)


@dataclass
class Names:
    """What names resolve to, each answer in turn and the last one for ever.

    Like the C library, it reads numbers of all kinds as addresses.
    """

    answers: Mapping[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        turns = self.answers.get(host)
        if turns:
            return turns[min(self.asked.count(host), len(turns)) - 1]
        try:
            return [socket.inet_ntoa(socket.inet_aton(host))]
        except OSError:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None


class World:
    """A fetcher with everything around it."""

    def __init__(self, folder: Path, web: Web, canary: Canary) -> None:
        self.web = web
        self.canary = canary
        self.folder = folder
        self.detour = Detour(web, canary)
        self.names = Names({"docs.example": [[PUBLIC]], "other.example": [[PUBLIC]]})
        self.slept: list[float] = []
        self.now = 0.0

    def fetcher(self, *allowed: str, limits: Limits | None = None) -> Fetcher:
        """A fetcher that may read the web server, and what else is allowed."""
        return Fetcher(
            Responses(self.folder),
            allowed=[self.web.host, *allowed],
            limits=limits or Limits(),
            resolve=self.names,
            network=self.detour,
            clock=lambda: self.now,
            sleep=self.sleep,
        )

    def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.slept.append(seconds)
        self.now += seconds


@contextmanager
def a_world(folder: Path, web: Web) -> Iterator[World]:
    """A world with a canary in it."""
    canary = Canary()
    try:
        yield World(folder, web, canary)
    finally:
        canary.close()
