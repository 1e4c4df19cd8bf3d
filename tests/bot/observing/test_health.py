"""Health, readiness and metrics, asked for over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import aiohttp
import pytest

from bot.core.errors import ExplainerError, SettingsError
from bot.observing.health import Door, bind, seen
from bot.observing.metrics import Metrics
from bot.observing.readiness import Check, Readiness
from bot.observing.redaction import Redaction
from tests.bot.observing.planting import KNOWN, settings
from tests.bot.observing.reading import figures


async def passing() -> None: ...


@asynccontextmanager
async def opened(metrics: Metrics | None = None, **checks: Check) -> AsyncIterator[str]:
    """The address of an open door."""
    door = Door(metrics or Metrics(), Readiness(checks, 0.01), Redaction.of(settings()))
    with closing(bind("127.0.0.1", 0)) as bound:
        async with door.opened(bound):
            yield "http://{}:{}".format(*bound.getsockname())


async def got(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(url) as response:
        return response.status, await response.text()


async def test_a_running_loop_is_healthy_whatever_else_is_wrong() -> None:
    async def broken() -> None:
        raise ExplainerError("The database is gone.")

    async with opened(database=broken) as address:
        assert await got(f"{address}/healthz") == (200, "ok\n")


async def test_it_is_ready_when_every_check_passes() -> None:
    async with opened(database=passing, knowledge=passing) as address:
        assert await got(f"{address}/readyz") == (200, "ok\n")


async def test_each_failing_check_is_a_line_without_secrets() -> None:
    async def broken() -> None:
        raise ExplainerError(f"It refuses {KNOWN['a signing secret']!r}.")

    async def hanging() -> None:
        await asyncio.Event().wait()

    async with opened(database=broken, knowledge=passing, index=hanging) as address:
        status, text = await got(f"{address}/readyz")
    assert status == 503
    assert text.splitlines() == [
        "database: It refuses '[secret]'.",
        "index: no answer within 0.01 seconds",
    ]


async def test_metrics_can_be_scraped() -> None:
    metrics = Metrics()
    metrics.working(3)
    async with opened(metrics) as address:
        status, text = await got(f"{address}/metrics")
    assert status == 200
    assert figures(text)["explainer_queue_length"] == {(): 3}


async def test_nothing_else_is_told() -> None:
    async with opened() as address:
        assert (await got(f"{address}/"))[0] == 404


async def test_nobody_listens_afterwards() -> None:
    async with opened() as address:
        pass
    with pytest.raises(aiohttp.ClientConnectionError):
        await got(f"{address}/healthz")


async def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match="EXPLAINER_OPS_PORT") as caught:
            async with seen(settings(ops_port=port), Metrics(), {}):
                pass
    assert str(port) in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_the_loops_lag_is_measured_while_the_door_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metrics, told = Metrics(), asyncio.Event()
    monkeypatch.setattr(metrics, "lagged", lambda seconds: told.set())
    with closing(bind("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with seen(settings(ops_port=port), metrics, {"fine": passing}):
        assert await got(f"http://127.0.0.1:{port}/readyz") == (200, "ok\n")
        await told.wait()


async def test_without_a_port_nothing_listens() -> None:
    before = asyncio.all_tasks()
    async with seen(settings(ops_port=0), Metrics(), {}):
        assert asyncio.all_tasks() == before
