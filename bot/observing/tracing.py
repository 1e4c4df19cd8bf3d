"""Traces by OpenTelemetry: LangChain's spans and our own, sent to a collector over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

from openinference.instrumentation import TraceConfig
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from opentelemetry.util.types import AttributeValue

from bot.core.errors import SettingsError
from bot.core.observer import REQUEST, SURFACE
from bot.observing.redaction import Redaction
from bot.settings import Settings

EXPORT_SECONDS = 3.0
"""How long a collector may take to accept spans."""

FLUSH_SECONDS = 4.0
"""How long the bot waits in the end for the last spans to be accepted."""

_PATH = "/v1/traces"
_WORDLESS = re.compile(
    rf"{REQUEST}|{SURFACE}|error\.type|exception\.type|openinference\.span\.kind"
    r"|llm\.(?:model_name|provider|system|finish_reason|token_count\..+)"
)
"""The attributes that never hold what people write: of all others nobody can know."""


@contextmanager
def traced(settings: Settings) -> Iterator[None]:
    """Send what is traced while a block runs to the collector that is set.

    It is sent from a thread of its own; when the collector cannot keep up, spans are dropped.
    OpenTelemetry keeps the first provider of a process for good, so this is done once.

    Raises:
        SettingsError: the collector's address is none.
    """
    exporter = OTLPSpanExporter(_endpoint(settings.otlp_endpoint), timeout=EXPORT_SECONDS)
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: "explainer"}), shutdown_on_exit=False
    )
    discreet = Discreet(exporter, Redaction.of(settings), with_text=settings.log_text)
    provider.add_span_processor(BatchSpanProcessor(discreet))
    trace.set_tracer_provider(provider)
    hidden = not settings.log_text
    instrumentor = LangChainInstrumentor()
    instrumentor.instrument(
        tracer_provider=provider, config=TraceConfig(hide_inputs=hidden, hide_outputs=hidden)
    )
    try:
        yield
    finally:
        instrumentor.uninstrument()
        # A collector that hangs must not keep the bot from ending, whatever the SDK waits for.
        flush = Thread(target=provider.shutdown, name="flush", daemon=True)
        flush.start()
        flush.join(FLUSH_SECONDS)


class Discreet(SpanExporter):
    """Lets spans out without secrets, and without words unless they are asked for.

    Args:
        exporter: sends them.
        redaction: takes out secrets.
        with_text: whether they may hold what people write and are answered.
    """

    def __init__(self, exporter: SpanExporter, redaction: Redaction, *, with_text: bool) -> None:
        self._exporter = exporter
        self._redaction = redaction
        self._with_text = with_text

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans."""
        return self._exporter.export([self._cleaned(span) for span in spans])

    def shutdown(self) -> None:
        """Send nothing any more."""
        self._exporter.shutdown()

    def _cleaned(self, span: ReadableSpan) -> ReadableSpan:
        said = span.status.description if self._with_text else None
        return ReadableSpan(
            name=self._redaction(span.name),
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=self._attributes(span.attributes),
            events=[
                Event(event.name, self._attributes(event.attributes), event.timestamp)
                for event in span.events
            ],
            kind=span.kind,
            status=Status(span.status.status_code, self._redaction(said) if said else None),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )

    def _attributes(
        self, attributes: Mapping[str, AttributeValue] | None
    ) -> dict[str, AttributeValue]:
        return {
            name: self._redacted(value)
            for name, value in (attributes or {}).items()
            if self._with_text or _WORDLESS.fullmatch(name)
        }

    def _redacted(self, value: AttributeValue) -> AttributeValue:
        if isinstance(value, str):
            return self._redaction(value)
        if isinstance(value, Sequence):
            return [self._redaction(str(each)) for each in value]
        return value


def _endpoint(setting: str) -> str:
    """Where spans are sent, of the address that is set."""
    try:
        address = urlsplit(setting)
        valid = address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        valid = False
    if not valid:
        raise SettingsError(
            "EXPLAINER_OTLP_ENDPOINT is no web address: set where an OpenTelemetry collector "
            "listens, such as http://localhost:4318."
        )
    base = setting.rstrip("/")
    return base if base.endswith(_PATH) else base + _PATH
