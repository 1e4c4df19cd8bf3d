"""A web server on this machine, whose pages a test writes.

with serving() as web:
    web.pages["/a"] = Page("<p>Text.</p>", headers={"ETag": '"1"'})
    fetcher = Fetcher(responses, allowed=[web.host])
    fetcher.fetch(web.url("/a"))
    assert web.paths == ["/robots.txt", "/a"]
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Writer(Protocol):
    """The way back to a client."""

    def write(self, data: bytes, /) -> object:
        """Send bytes."""


@dataclass(frozen=True)
class Request:
    """What a client asked for; the names of its headers are in lower case."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """What the server answers.

    Args:
        content: the body; text is sent as UTF-8.
        status: HTTP status.
        headers: said as they are. With an ``ETag``, a client that has this one gets a 304.
        raw: writes the whole answer itself, status line and all, instead of the above.
    """

    content: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: HTML)
    raw: Callable[[Writer], None] | None = None

    @property
    def body(self) -> bytes:
        """The body as it is sent."""
        return self.content.encode() if isinstance(self.content, str) else self.content


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class Web:
    """A server with pages; those that nobody wrote are not found.

    Args:
        pages: by their path, with or without the query. A function is asked anew each time.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page | Callable[[Request], Page]] = {}
        self.requests: list[Request] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def host(self) -> str:
        """Host and port, as they stand in the list of what is allowed."""
        return f"127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """Every path that was asked for, in order."""
        return [request.path for request in self.requests]

    def url(self, path: str = "/") -> str:
        """The address of a page."""
        return f"http://{self.host}{path}"

    def answer(self, request: Request) -> Page:
        """Write a request down and look up its page."""
        self.requests.append(request)
        page = self.pages.get(request.path) or self.pages.get(request.path.split("?")[0])
        if page is None:
            return Page("not found", 404)
        return page if isinstance(page, Page) else page(request)

    def close(self) -> None:
        """Stop to listen."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            page = web.answer(Request(self.path, headers))
            self.close_connection = True
            with suppress(OSError):  # a client may hang up whenever it has had enough
                if page.raw:
                    page.raw(self.wfile)
                else:
                    self._say(page, known=headers.get("if-none-match"))

        def _say(self, page: Page, known: str | None) -> None:
            unchanged = page.status == 200 and known and known == page.headers.get("ETag")
            self.send_response(304 if unchanged else page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if not unchanged:
                self.send_header("Content-Length", str(len(page.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"" if unchanged else page.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


@contextmanager
def serving() -> Iterator[Web]:
    """A server for as long as the block lasts."""
    web = Web()
    try:
        yield web
    finally:
        web.close()
