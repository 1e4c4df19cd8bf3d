"""Tells Slack's requests from everybody else's, before anything reads them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Middleware
from slack_sdk.signature import SignatureVerifier

_TIMESTAMP = "X-Slack-Request-Timestamp"
_SIGNATURE = "X-Slack-Signature"

log = logging.getLogger(__name__)


def signed_only(secret: str) -> Middleware:
    """Refuse every request with 401 that changes something and isn't signed by Slack.

    slack-bolt checks signatures too, but answers an ``ssl_check`` before it does, and 500 to
    timestamps and signatures that are no such thing.

    Args:
        secret: what Slack signs with; see "Verifying requests from Slack" in its documentation.
    """
    verifier = SignatureVerifier(secret)

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.method == "GET" or await _is_signed(request, verifier):
            return await handler(request)
        log.warning(
            "Refused a request that Slack didn't sign; if it is Slack's, "
            "EXPLAINER_SLACK_SIGNING_SECRET is another app's"
        )
        return web.Response(status=HTTPStatus.UNAUTHORIZED)

    return check


async def _is_signed(request: web.Request, verifier: SignatureVerifier) -> bool:
    # The signature is over UTF-8; read in another encoding, it would be another text.
    if (request.charset or "utf-8").lower() != "utf-8":
        return False
    body = await request.read()
    timestamp, signature = request.headers.get(_TIMESTAMP), request.headers.get(_SIGNATURE)
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError, OverflowError):
        # No number, no ASCII, no UTF-8, or a number beyond all time.
        return False
