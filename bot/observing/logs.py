"""Log lines: JSON or console, marked with their request, without secrets and people's words."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import Processor

from bot.observing.redaction import Redaction
from bot.settings import Settings

OURS = ("bot", "knowledge")
CHATTY = ("alembic", "httpx")
"""Libraries that tell every step and every request where others tell what matters."""

_COMMON: Sequence[Processor] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
)


@contextmanager
def logged(settings: Settings) -> Iterator[None]:
    """Write log lines to stderr while a block runs, in place of what was written before."""
    handler = _Stderr()
    handler.setFormatter(_Line(settings.log_format, Redaction.of(settings)))
    structlog.configure(
        processors=[*_COMMON, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    with _handled_by(handler), _at(_levels(settings)):
        logging.captureWarnings(capture=True)
        try:
            yield
        finally:
            logging.captureWarnings(capture=False)
            structlog.reset_defaults()


def _levels(settings: Settings) -> dict[str, int]:
    """From which level on each logger is heard.

    Below ``info``, libraries log what is sent and received; so they are heard there only if logs
    may hold what people write.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    if settings.log_text:
        return dict.fromkeys(("", *OURS), level)
    return {
        "": max(level, logging.INFO),
        **dict.fromkeys(CHATTY, max(level, logging.WARNING)),
        **dict.fromkeys(OURS, level),
    }


@contextmanager
def _handled_by(handler: logging.Handler) -> Iterator[None]:
    """Nobody else may write: only this handler takes secrets out."""
    root = logging.getLogger()
    before, root.handlers = root.handlers, [handler]
    try:
        yield
    finally:
        root.handlers = before


@contextmanager
def _at(levels: Mapping[str, int]) -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


class _Line(ProcessorFormatter):
    """Makes a line of a record, and takes the secrets out of the whole line in the end."""

    def __init__(self, style: str, redaction: Redaction) -> None:
        renderer: Processor = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        if style == "json":
            renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
        super().__init__(
            processors=[ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=_COMMON,
        )
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return self._redaction(super().format(record))


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to stderr. The usual handler shows what it could not write, secrets and all."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        kind = sys.exc_info()[0]
        problem = kind.__name__ if kind else "error"
        sys.stderr.write(f"A line of {record.name} could not be logged: {problem}\n")
