"""Asking a language model again, as long as it has not begun to answer.

All providers are asked by the same rules; their own clients' retries are off.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exception,
    wait_random_exponential,
)

MAX_ATTEMPTS = 3

LAST_ATTEMPT_AFTER = 20.0
"""Seconds after which no further attempt begins: a server that asks for a longer pause isn't
waited for, and the last attempt has time to answer."""

PAUSE = 1.0
"""Seconds that the first pause lasts at most; each further one may last twice as long."""

_PASSING = (408, 409, 429)


class EmptyOutput(Exception):
    """The model ended without a word."""


async def retried(ask: Callable[[], AsyncIterator[str]]) -> AsyncGenerator[str]:
    """Stream a text, asking again when the stream fails before its first words.

    A pause lasts as long as the server asks for, and at random longer: "full jitter", see
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.

    Args:
        ask: sends the request anew and streams the text.

    Raises:
        EmptyOutput: the last attempt brought no words.
        Exception: what the last attempt ended in, or whatever ended the stream later.
    """
    retrying = AsyncRetrying(
        retry=retry_if_exception(_may_pass),
        stop=stop_after_attempt(MAX_ATTEMPTS) | stop_before_delay(LAST_ATTEMPT_AFTER),
        wait=wait_exception(_asked_pause) + wait_random_exponential(multiplier=PAUSE),
        reraise=True,
    )
    begun: tuple[str, AsyncIterator[str]] = await retrying(_begun, ask)
    first, rest = begun
    async with _closing(rest):
        yield first
        async for chunk in rest:
            yield chunk


async def _begun(ask: Callable[[], AsyncIterator[str]]) -> tuple[str, AsyncIterator[str]]:
    """The first words of a stream, and the rest of it."""
    chunks = ask()
    async for chunk in chunks:
        if chunk:
            return chunk, chunks
    raise EmptyOutput


@asynccontextmanager
async def _closing(chunks: AsyncIterator[str]) -> AsyncIterator[None]:
    """Close what streams, also when it isn't read to its end, so that its server stops."""
    try:
        yield
    finally:
        close = getattr(chunks, "aclose", None)
        if close:
            await close()


def _may_pass(error: BaseException) -> bool:
    """Whether another attempt may go better; not if the server refuses the request itself."""
    status = getattr(error, "status_code", None) or 0
    return isinstance(error, Exception) and (not 400 <= status < 500 or status in _PASSING)


def _asked_pause(error: BaseException) -> float:
    """Seconds that the server asks to wait (``Retry-After``: seconds or a date); else 0."""
    response = getattr(error, "response", None)
    asked = str(getattr(response, "headers", {}).get("retry-after", ""))
    try:
        seconds = float(asked)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError, OverflowError):  # no date, or one without a time zone
            return 0.0
    return 0.0 if math.isnan(seconds) else max(0.0, seconds)
