"""The door for those who look after the bot: health, readiness and metrics over HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress

from aiohttp import web

from bot.core.errors import SettingsError
from bot.observing.lag import measure_lag
from bot.observing.metrics import Metrics
from bot.observing.readiness import Check, Readiness
from bot.observing.redaction import Redaction
from bot.settings import Settings

SHUTDOWN_SECONDS = 1.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def seen(
    settings: Settings, metrics: Metrics, checks: Mapping[str, Check]
) -> AsyncIterator[None]:
    """Let health and metrics be asked for while a block runs, if a port is set for that.

    Args:
        settings: name the address, and the secrets that no answer may hold.
        metrics: what ``/metrics`` tells; the event loop's lag is measured for it.
        checks: all must pass for ``/readyz`` to say so.

    Raises:
        SettingsError: the port can't be had.
    """
    if not settings.ops_port:
        yield
        return
    door = Door(metrics, Readiness(checks), Redaction.of(settings))
    with closing(bind(settings.ops_host, settings.ops_port)) as bound:
        async with door.opened(bound), _lag_measured(metrics):
            yield


class Door:
    """Answers ``/healthz``, ``/readyz`` and ``/metrics``.

    Args:
        metrics: the figures.
        readiness: the checks.
        redaction: takes secrets out of what the checks say.
    """

    def __init__(self, metrics: Metrics, readiness: Readiness, redaction: Redaction) -> None:
        self._metrics = metrics
        self._readiness = readiness
        self._redaction = redaction

    @asynccontextmanager
    async def opened(self, bound: socket.socket) -> AsyncIterator[None]:
        """Listen at a port while a block runs."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._healthy),
                web.get("/readyz", self._ready),
                web.get("/metrics", self._figures),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        try:
            await runner.setup()
            await web.SockSite(runner, bound).start()
            host, port, *_ = bound.getsockname()
            _log.info("Health and metrics are told at http://%s:%d", host, port)
            yield
        finally:
            await self._readiness.close()
            await runner.cleanup()

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _: web.Request) -> web.Response:
        problems = await self._readiness.problems()
        if not problems:
            return web.Response(text="ok\n")
        return web.Response(status=503, text=self._redaction("\n".join(problems)) + "\n")

    async def _figures(self, request: web.Request) -> web.Response:
        page, content_type = self._metrics.page(request.headers.get("Accept", ""))
        return web.Response(body=page, headers={"Content-Type": content_type})


def bind(host: str, port: int) -> socket.socket:
    """Take the port that health and metrics are told at.

    Raises:
        SettingsError: somebody else has it, or it isn't this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"{host}:{port} cannot be listened on ({error.strerror or error}): stop what uses it, "
            "or set EXPLAINER_OPS_HOST and EXPLAINER_OPS_PORT to an address of this machine."
        ) from None


@asynccontextmanager
async def _lag_measured(metrics: Metrics) -> AsyncIterator[None]:
    task = asyncio.create_task(measure_lag(metrics.lagged), name="lag")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
