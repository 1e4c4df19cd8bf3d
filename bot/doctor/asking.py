"""Asking an address that a setting names, and showing it without what is secret in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

SECONDS = 10.0
"""How long an answer is waited for."""


@dataclass(frozen=True)
class Response:
    """What a server answered.

    Args:
        status: the HTTP status.
        headers: as it sent them; names in any case.
        text: the body.
    """

    status: int
    headers: Mapping[str, str]
    text: str


def get(address: str, user: str = "", password: str = "") -> Response | None:
    """Ask a server over HTTP.

    Args:
        address: without a user.
        user: sent as basic authentication, if there is one.
        password: likewise.

    Returns:
        ``None`` if it does not answer.
    """
    return asyncio.run(_get(address, aiohttp.BasicAuth(user, password) if user else None))


async def _get(address: str, auth: aiohttp.BasicAuth | None) -> Response | None:
    limit = aiohttp.ClientTimeout(SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
            session.get(address, auth=auth) as response,
        ):
            text = await response.text(errors="replace")
            return Response(response.status, response.headers, text)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None


def shown(address: str) -> str:
    """An address without its user, its query and its fragment."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "an address that is none"
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"
