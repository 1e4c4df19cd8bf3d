"""A collector of traces on this machine: it takes what OpenTelemetry sends, and decodes it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What was sent.

    Args:
        address: where it listens.
        bodies: as they came.
        answering: whether it answers; otherwise it hangs.
    """

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)
    answering: Event = field(default_factory=Event)

    @property
    def spans(self) -> list[Span]:
        """All spans, in the order in which they ended."""
        return [
            span
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def named(self, name: str) -> Span:
        """The only span with a name."""
        [found] = [span for span in self.spans if span.name == name]
        return found


def attributes(span: Span) -> dict[str, Any]:
    """A span's attributes that are texts, by their names."""
    return {each.key: each.value.string_value for each in span.attributes}


@contextmanager
def collecting(*, hanging: bool = False) -> Iterator[Collector]:
    """Run a collector, in threads: what it serves may block its own."""
    collector = Collector()
    if not hanging:
        collector.answering.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            zipped = self.headers.get("Content-Encoding") == "gzip"
            collector.bodies.append(gzip.decompress(body) if zipped else body)
            collector.answering.wait()
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.address = "http://{}:{}".format(*server.server_address)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield collector
    finally:
        collector.answering.set()
        server.shutdown()
        thread.join()
        server.server_close()
