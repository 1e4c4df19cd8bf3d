"""Why something on the web could not be read, in words for people."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore

from knowledge.errors import SourceError

LONGEST_WAIT = 60.0
"""Seconds that a server may ask to wait before another attempt."""

_MEANINGS = {
    304: "the server says that nothing has changed, but nothing was read before",
    401: "the page asks for a login (401)",
    403: "the server refuses to show this page (403)",
    404: "there is no such page (404)",
    407: "a proxy asks for a login (407)",
    410: "the page is gone for good (410)",
    429: "the server has had too many requests (429); try again later",
    451: "the page may not be shown for legal reasons (451)",
}


class FetchError(SourceError):
    """Something on the web could not be read.

    Args:
        reason: what is wrong.
        status: HTTP status, if a server answered with another one than hoped for.
        passing: whether another attempt may go better.
        pause: seconds that the server asks to wait before it.
    """

    def __init__(
        self, reason: str, *, status: int = 0, passing: bool = False, pause: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.passing = passing
        self.pause = pause


def refused(status: int, retry_after: str) -> FetchError:
    """What an answer without content means."""
    meaning = _MEANINGS.get(status)
    if not meaning:
        failed = "the server failed" if status >= 500 else "the server has no page for us"
        meaning = f"{failed} ({status})"
    pause = _seconds(retry_after)
    passing = (status == 429 or status >= 500) and pause <= LONGEST_WAIT
    return FetchError(f"{meaning}.", status=status, passing=passing, pause=pause)


def _seconds(retry_after: str) -> float:
    """What ``Retry-After`` asks for: seconds or a date (RFC 9110, 10.2.3); else 0."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):  # no date, or one without a time zone
        return 0.0


@contextmanager
def explained(where: str, seconds: float) -> Iterator[None]:
    """Tell every failure of the block as one line that begins with the address.

    Args:
        where: the address as people may see it.
        seconds: how long it could have taken.
    """
    try:
        yield
    except FetchError as error:
        raise FetchError(
            f"{where}: {error}", status=error.status, passing=error.passing, pause=error.pause
        ) from error
    except httpcore.ConnectTimeout as error:
        raise FetchError(f"{where}: the server does not answer.", passing=True) from error
    except httpcore.TimeoutException as error:
        raise FetchError(f"{where}: no whole answer within {seconds:g} seconds.") from error
    except httpcore.ProtocolError as error:
        raise FetchError(f"{where}: no proper answer ({_brief(error)}).", passing=True) from error
    except (httpcore.NetworkError, OSError) as error:
        raise _unreachable(where, error) from error


def _unreachable(where: str, error: Exception) -> FetchError:
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        reason = error.__cause__.verify_message
        return FetchError(f"{where}: the server cannot prove who it is ({reason}).")
    return FetchError(f"{where}: the server cannot be reached ({_brief(error)}).", passing=True)


def _brief(error: Exception) -> str:
    """What an error says, of which a server may have written a part."""
    return " ".join(str(error).split())[:200]
