"""One request to one server, and its answer, both within limits."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

from knowledge.sources.addresses import Address
from knowledge.sources.failures import FetchError

CONNECTING = 10.0
"""Seconds that connecting to one IP address may take."""

_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Deadline:
    """When everything has to be over.

    Args:
        at: on this clock.
        clock: seconds; never goes back.
    """

    at: float
    clock: Callable[[], float]

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            httpcore.ReadTimeout: none.
        """
        left = self.at - self.clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left


@dataclass(frozen=True)
class Route:
    """How to get to a server.

    Args:
        destinations: IP addresses that were checked; tried in this order.
        deadline: for the request and the whole answer.
        network: opens connections.
    """

    destinations: Sequence[str]
    deadline: Deadline
    network: httpcore.NetworkBackend


@contextmanager
def asking(
    address: Address, headers: Mapping[str, str], route: Route
) -> Iterator[httpcore.Response]:
    """Send a request over a connection of its own; the body of the answer is not yet read.

    The connection leads to a checked IP address, while the certificate is checked for the name.
    httpcore knows neither proxies of the environment, nor cookies, nor passwords, follows no
    redirect, and refuses headers of more than 100 KB.

    Raises:
        httpcore.NetworkError: the server cannot be reached, or hung up.
        httpcore.TimeoutException: it takes too long.
        httpcore.ProtocolError: its answer is not HTTP.
    """
    url = httpcore.URL(
        scheme=address.scheme, host=address.host, port=address.port, target=address.target
    )
    said = {"Host": address.authority, **headers}.items()
    sent = [(name.encode(), value.encode("latin-1")) for name, value in said]
    with (
        httpcore.ConnectionPool(network_backend=_Pinned(route)) as pool,
        pool.stream("GET", url, headers=sent) as response,
    ):
        yield response


def joined(response: httpcore.Response) -> dict[str, str]:
    """The headers of an answer by their names in lower case; repeated ones are one list."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def body(response: httpcore.Response, size: int) -> bytes:
    """Read the body of an answer, unpacked.

    Args:
        response: its headers were read.
        size: bytes that it may have, packed and unpacked.

    Raises:
        FetchError: it is larger, or packed in another way than by one layer of gzip.
    """
    headers = joined(response)
    if int(headers.get("content-length", 0)) > size:
        raise _too_large()
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"it is packed as {coding[:100]!r}, not as gzip.")
    packed = _limited(response.iter_stream(), size)
    return b"".join(packed if coding == "identity" else _limited(_unpacked(packed, size), size))


def _too_large() -> FetchError:
    return FetchError("it is larger than may be read.")


def _limited(parts: Iterable[bytes], size: int) -> Iterator[bytes]:
    for part in parts:
        size -= len(part)
        if size < 0:
            raise _too_large()
        yield part


def _unpacked(parts: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Unpack gzip (RFC 1952: one member after another), at most ``size`` and a byte at a time."""
    member = zlib.decompressobj(_GZIP)
    try:
        for packed in parts:
            rest = packed
            while rest:
                if member.eof:
                    member = zlib.decompressobj(_GZIP)
                yield member.decompress(rest, size + 1)
                rest = member.unused_data if member.eof else member.unconsumed_tail
    except zlib.error as error:
        raise FetchError("it is no proper gzip.") from error
    if not member.eof:
        raise FetchError("its gzip breaks off.")


def _shorter(timeout: float | None, left: float) -> float:
    return left if timeout is None else min(timeout, left)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the checked IP addresses, whatever the name would resolve to now."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the route says where to
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        failure: Exception = httpcore.ConnectError("no address")
        for ip in self._route.destinations:
            seconds = min(CONNECTING, self._route.deadline.left())
            try:
                stream = self._route.network.connect_tcp(
                    ip, port, _shorter(timeout, seconds), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self._route.deadline)
        raise failure


class _Timed(httpcore.NetworkStream):
    """A connection whose every step has only what is left of the time for all of them."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, self._deadline.left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _shorter(timeout, self._deadline.left()))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = _shorter(timeout, self._deadline.left())
        stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _Timed(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
