"""Who may send requests: Slack, and nobody else."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, web

from bot.slack.signing import signed_only
from tests.platforms.slack_http import signature, signed

SECRET = "signing-secret-of-the-app"
BODY = b'{"type":"event_callback","event":{"text":"What is attention?"}}'
JSON = {"Content-Type": "application/json"}


@dataclass
class Reader:
    """A server that reads whatever gets past the check."""

    address: str
    session: ClientSession
    read: list[bytes]

    async def status(self, body: bytes, headers: dict[str, str], method: str = "POST") -> int:
        """Send a request and return what it is answered with."""
        request = self.session.request(method, self.address, data=body, headers=JSON | headers)
        async with request as response:
            await response.read()
            return response.status


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    bodies: list[bytes] = []

    async def read(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    application = web.Application(middlewares=[signed_only(SECRET)])
    application.router.add_route("*", "/slack/events", read)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with ClientSession() as session:
        yield Reader(address, session, bodies)
    await runner.cleanup()


def at(seconds: float = 0.0) -> str:
    """The time so many seconds from now, as Slack writes it."""
    return str(int(time.time() + seconds))


def headers(timestamp: str, sign: str) -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign}


def genuine(timestamp: str = "", body: bytes = BODY) -> dict[str, str]:
    """The headers of a request that Slack signed."""
    return signed(SECRET, body, timestamp or at())


HOSTILE: dict[str, Callable[[], dict[str, str]]] = {
    "nothing": dict,
    "no signature": lambda: {"X-Slack-Request-Timestamp": at()},
    "no timestamp": lambda: {"X-Slack-Signature": signature(SECRET, BODY, at())},
    "an empty signature": lambda: headers(at(), ""),
    "an empty timestamp": lambda: headers("", signature(SECRET, BODY, "")),
    "another app's signature": lambda: headers(at(), signature("another-secret", BODY, at())),
    "an empty secret's signature": lambda: headers(at(), signature("", BODY, at())),
    "a signature of another body": lambda: headers(at(), signature(SECRET, BODY + b" ", at())),
    "a signature of another time": lambda: headers(at(), signature(SECRET, BODY, at(-60))),
    "a signature without its version": lambda: headers(at(), signature(SECRET, BODY, at())[3:]),
    "a signature of another version": lambda: headers(
        at(), "v1" + signature(SECRET, BODY, at())[2:]
    ),
    "half a signature": lambda: headers(at(), signature(SECRET, BODY, at())[:30]),
    "a signature and more": lambda: headers(at(), signature(SECRET, BODY, at()) + "0"),
    "a signature in capitals": lambda: headers(at(), signature(SECRET, BODY, at()).upper()),
    "a signature that is no ASCII": lambda: headers(at(), "v0=é"),
    "the body's plain hash": lambda: headers(at(), "v0=" + "0" * 64),
    "a timestamp six minutes old": lambda: genuine(at(-360)),
    "a timestamp six minutes ahead": lambda: genuine(at(360)),
    "a timestamp from the beginning": lambda: genuine("0"),
    "a timestamp before the beginning": lambda: genuine("-1"),
    "a timestamp in words": lambda: genuine("yesterday"),
    "a timestamp with a fraction": lambda: genuine(f"{time.time():.3f}"),
    "a timestamp that is infinite": lambda: genuine("inf"),
    "a timestamp that is no number": lambda: genuine("nan"),
    "a timestamp beyond all time": lambda: genuine("9" * 400),
    "a timestamp too long to be read": lambda: genuine("9" * 5_000),
    "a timestamp in hexadecimal": lambda: genuine(hex(int(time.time()))),
    "another encoding": lambda: genuine() | {"Content-Type": "application/json; charset=utf-16"},
    "an encoding that nobody knows": lambda: (
        genuine() | {"Content-Type": "text/plain; charset=klingon"}
    ),
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
async def test_what_slack_did_not_sign_is_refused_unread(
    reader: Reader, sent: Callable[[], dict[str, str]]
) -> None:
    assert await reader.status(BODY, sent()) == 401
    assert reader.read == []


async def test_a_check_of_the_certificate_needs_a_signature_too(reader: Reader) -> None:
    body = urlencode({"ssl_check": "1", "token": "anything"}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert await reader.status(body, form) == 401
    assert await reader.status(body, form | genuine(body=body)) == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_no_other_method_gets_past_the_check(reader: Reader, method: str) -> None:
    assert await reader.status(BODY, {}, method) == 401


async def test_a_body_that_is_no_text_is_refused(reader: Reader) -> None:
    assert await reader.status(b"\xff\xfe", genuine()) == 401


@pytest.mark.parametrize("seconds", [0, -290, 290])
async def test_what_slack_signed_lately_is_read(reader: Reader, seconds: int) -> None:
    assert await reader.status(BODY, genuine(at(seconds))) == 200
    assert reader.read == [BODY]


async def test_a_signature_holds_for_any_text(reader: Reader) -> None:
    body = '{"text":"Was heißt „attention“? 注意 🙂"}'.encode()
    assert await reader.status(body, genuine(body=body)) == 200


async def test_a_refusal_is_told_without_what_was_sent(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot.slack")
    await reader.status(BODY, headers(at(), "v0=forged"))
    assert "EXPLAINER_SLACK_SIGNING_SECRET" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, "v0=forged", "attention"))
