"""The doctor's look at the machine."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import web

from bot.core.errors import ExplainerError
from bot.doctor.machine import LEAST_FREE, Room, judged
from bot.serving import only_one
from tests.bot.doctor.looking import finding, settings_of

PLENTY = 10**12


def test_the_room_that_is_left_is_told(tmp_path: Path) -> None:
    (tmp_path / "held").write_bytes(bytes(3_000_000))
    assert finding("disk", settings_of(tmp_path)).detail.endswith("free; 3 MB held")


def test_enough_room_is_well() -> None:
    assert judged(Room(PLENTY, None), held=0, edition=0).startswith("1,000.0 GB free")


def test_too_little_room_is_told_with_how_much_is_needed() -> None:
    with pytest.raises(ExplainerError, match=r"500 MB are needed.*EXPLAINER_DATA_DIR"):
        judged(Room(LEAST_FREE - 1, None), held=0, edition=0)


def test_a_large_index_needs_room_for_two_more() -> None:
    assert judged(Room(4_000_000_000, None), held=0, edition=2_000_000_000)
    with pytest.raises(ExplainerError, match=r"4\.0 GB are needed"):
        judged(Room(3_999_000_000, None), held=0, edition=2_000_000_000)


def test_a_disk_on_which_no_more_files_can_be_made_is_told() -> None:
    with pytest.raises(ExplainerError, match=r"only 12 more files.*inodes"):
        judged(Room(PLENTY, 12), held=0, edition=0)


def test_that_no_bot_runs_is_told(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    found = finding("running bot", settings_of(tmp_path))
    assert (found.well, found.detail) == (True, "none on this data directory")


def test_that_a_bot_runs_is_told(tmp_path: Path) -> None:
    with only_one(tmp_path):
        found = finding("running bot", settings_of(tmp_path))
    assert (found.well, found.detail) == (True, "one runs on this data directory")


def test_looking_does_not_stop_a_bot_from_starting(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    finding("running bot", settings_of(tmp_path))
    with only_one(tmp_path):
        pass


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
async def test_a_running_bot_is_asked_whether_it_is_ready(
    tmp_path: Path, status: int, well: bool
) -> None:
    async def ready(_: web.Request) -> web.Response:
        return web.Response(status=status)

    application = web.Application()
    application.router.add_get("/readyz", ready)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = settings_of(tmp_path, ops_host="0.0.0.0", ops_port=runner.addresses[0][1])  # noqa: S104
    with only_one(tmp_path):
        found = await asyncio.to_thread(finding, "running bot", settings)
    await runner.cleanup()
    assert found.well is well
    assert "ready" in found.detail


def test_a_running_bot_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with only_one(tmp_path):
        found = finding("running bot", settings_of(tmp_path, ops_port=port))
    assert not found.well
    assert "nobody answers" in found.detail


def test_a_port_for_metrics_that_another_program_has_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = finding("running bot", settings_of(tmp_path, ops_port=port))
    assert not found.well
    assert "EXPLAINER_OPS_PORT" in found.detail
