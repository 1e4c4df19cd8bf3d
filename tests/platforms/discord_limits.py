"""How often the pretended Discord may be asked: buckets, refusals, and answers that take time."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic, time

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ALL = "everything but interactions"
_EXEMPT = re.compile(r"^/(interactions|webhooks)/")


@dataclass
class Bucket:
    """So many requests in a window of time.

    Args:
        limit: how many.
        window: the time in seconds, which begins with a request.
        used: how many there were in this one.
        until: when it ends.
    """

    limit: int
    window: float
    used: int = 0
    until: float = 0.0

    def take(self, now: float) -> bool:
        """Count a request; tells whether it is still one of those that are allowed."""
        if now >= self.until:
            self.used, self.until = 0, now + self.window
        self.used += 1
        return self.used <= self.limit

    def headers(self, now: float) -> dict[str, str]:
        """What is told of it with each answer."""
        left = ceil(max(0.0, self.until - now) * 1000) / 1000
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
        }


@dataclass(frozen=True)
class Refusal:
    """A 429 for the next request whose method and path fit.

    Args:
        method: the method.
        path: what its path contains.
        scope: ``user`` for the bot's own limit, ``shared`` for everybody's, or ``global``.
        after: the seconds to wait.
    """

    method: str
    path: str
    scope: str = "user"
    after: float = 0.05


class Limits:
    """Stands before the HTTP API; without any rule it lets everything pass.

    Args:
        notify: called when a request was refused.

    Attributes:
        now: the clock that limits go by.
        latency: seconds that each answer to an edit takes.
        refused: the requests that got a 429, by method and path.
        impatient: the requests that came before the time that a 429 had named was over.
        edits_at_once: the most edits of one message that were under way at a time.
    """

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self.now: Callable[[], float] = monotonic
        self.latency = 0.0
        self.refused: list[str] = []
        self.impatient: list[str] = []
        self.edits_at_once = 0
        self._rules: list[tuple[str, re.Pattern[str], int, float]] = []
        self._buckets: dict[tuple[int, str], Bucket] = {}
        self._refusals: list[Refusal] = []
        self._closed: dict[str, float] = {}
        self._editing: Counter[str] = Counter()

    def limit(self, method: str, path: str, limit: int, window: float) -> None:
        """Allow so many requests in a time, to each channel or webhook by itself.

        Args:
            method: of the requests.
            path: a regular expression for the whole path.
            limit: how many.
            window: the time in seconds.
        """
        self._rules.append((method, re.compile(path), limit, window))

    def refuse(self, refusal: Refusal) -> None:
        """Refuse a request to come."""
        self._refusals.append(refusal)

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request pass, or refuse it."""
        path = request.path.removeprefix("/api/v10")
        called = f"{request.method} {path}"
        if any(self.now() < self._closed.get(key, 0) for key in (called, _scope_of(path))):
            self.impatient.append(called)
        bucket = self._bucket(request.method, path)
        refusal = self._refusal(request.method, path)
        if bucket is not None and not bucket[1].take(self.now()) and refusal is None:
            refusal = Refusal(request.method, path, after=bucket[1].until - self.now())
        if refusal is not None:
            self.refused.append(called)
            self._notify()
            response: web.StreamResponse = self._refused(called, refusal)
        else:
            response = await self._passed(request, handler, called)
        if bucket is not None and not response.prepared:
            response.headers.update(
                {"X-RateLimit-Bucket": f"b{bucket[0]}"} | bucket[1].headers(self.now())
            )
        return response

    async def _passed(
        self, request: web.Request, handler: Handler, called: str
    ) -> web.StreamResponse:
        if request.method != "PATCH":
            return await handler(request)
        self._editing[called] += 1
        self.edits_at_once = max(self.edits_at_once, self._editing[called])
        try:
            await asyncio.sleep(self.latency)
            return await handler(request)
        finally:
            self._editing[called] -= 1

    def _bucket(self, method: str, path: str) -> tuple[int, Bucket] | None:
        major = "/".join(path.split("/")[: 4 if path.startswith("/webhooks/") else 3])
        for number, (of, pattern, limit, window) in enumerate(self._rules):
            if of == method and pattern.fullmatch(path):
                return number, self._buckets.setdefault((number, major), Bucket(limit, window))
        return None

    def _refusal(self, method: str, path: str) -> Refusal | None:
        for refusal in self._refusals:
            if refusal.method == method and refusal.path in path:
                self._refusals.remove(refusal)
                return refusal
        return None

    def _refused(self, called: str, refusal: Refusal) -> web.Response:
        everywhere = refusal.scope == "global"
        self._closed[ALL if everywhere else called] = self.now() + refusal.after
        said = {
            "message": "You are being rate limited.",
            "retry_after": refusal.after,
            "global": everywhere,
        }
        headers = {
            # discord.py takes a 429 without it for one of Cloudflare's.
            "Via": "1.1 google",
            "Retry-After": f"{refusal.after:.3f}",
            "X-RateLimit-Scope": refusal.scope,
        } | ({"X-RateLimit-Global": "true"} if everywhere else {})
        body = json.dumps(said).encode()
        return web.Response(status=429, body=body, headers=headers, content_type="application/json")


def _scope_of(path: str) -> str:
    return "" if _EXEMPT.match(path) else ALL
