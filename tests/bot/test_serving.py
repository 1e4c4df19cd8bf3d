"""One running bot for a data directory, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.core.errors import SettingsError
from bot.core.journal import Journal
from bot.core.reply import Reply
from bot.core.request import Request
from bot.core.talk.dialogue import Dialogue
from bot.scheduling import Schedule
from bot.serving import only_one, serve
from knowledge.errors import StorageError
from knowledge.library import Library
from knowledge.reindexing import Diff, Order, Report
from knowledge.sources.declaring import Declaration


class Open:
    """A surface that serves until it is cancelled, or is refused."""

    connected = True

    def __init__(self, name: str = "open", refused: str = "") -> None:
        self.name = name
        self.started = asyncio.Event()
        self.closed = asyncio.Event()
        self._refused = refused

    async def run(self) -> None:
        self.started.set()
        if self._refused:
            raise SettingsError(self._refused)
        try:
            await asyncio.Event().wait()
        finally:
            self.closed.set()

    async def resume(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> None:
        """Nothing was left."""


@pytest.fixture
def dialogue(app: App, tmp_path: Path) -> Iterator[Dialogue]:
    journal = Journal.open(tmp_path)
    yield app.dialogue(journal)
    journal.close()


class Waiting(Schedule):
    """A schedule of which a test sees whether it waits and whether it was stopped."""

    def __init__(self, library: Library, sources: Sequence[Declaration]) -> None:
        self.waits, self.stopped = asyncio.Event(), asyncio.Event()
        super().__init__(sources, library, _nothing_new, _unheard, self._wait)

    async def _wait(self, seconds: float) -> None:
        self.waits.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.set()


def _nothing_new(order: Order) -> Report:
    return Report(Diff(), (), 0, 0.0, 1, published=False)


async def _unheard() -> None: ...


@pytest.fixture
def idle(app: App) -> Schedule:
    """A schedule of nothing."""
    return Waiting(app.knowledge.library, ())


def test_a_second_bot_is_refused_in_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(SettingsError) as caught, only_one(tmp_path):
        pass
    said = str(caught.value)
    assert "\n" not in said
    assert str(tmp_path) in said
    assert "stop it first" in said


def test_the_data_directory_is_free_again_afterwards(tmp_path: Path) -> None:
    with only_one(tmp_path):
        pass
    with only_one(tmp_path):
        assert (tmp_path / "run.lock").exists()


def test_the_data_directory_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), only_one(tmp_path):
        raise RuntimeError
    with only_one(tmp_path):
        assert (tmp_path / "run.lock").exists()


def test_bots_on_different_folders_do_not_disturb_each_other(tmp_path: Path) -> None:
    with only_one(tmp_path / "one"), only_one(tmp_path / "two"):
        assert (tmp_path / "two").is_dir()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="EXPLAINER_DATA_DIR"), only_one(tmp_path / "file"):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_every_surface(
    dialogue: Dialogue, idle: Schedule, number: signal.Signals
) -> None:
    surfaces = (Open("one"), Open("two"))
    serving = asyncio.create_task(serve(dialogue, surfaces, (idle.run(),)))
    for surface in surfaces:
        await surface.started.wait()
    os.kill(os.getpid(), number)
    await serving
    assert all(surface.closed.is_set() for surface in surfaces)


async def test_a_surface_that_is_refused_stops_the_others(
    dialogue: Dialogue, idle: Schedule
) -> None:
    working = Open("working")
    with pytest.raises(SettingsError, match="token is wrong"):
        await serve(dialogue, (working, Open("refused", "The token is wrong.")), (idle.run(),))
    assert working.closed.is_set()


async def test_the_topics_can_be_completed_before_the_first_question(
    dialogue: Dialogue, idle: Schedule
) -> None:
    with pytest.raises(SettingsError):
        await serve(dialogue, (Open(refused="x"),), (idle.run(),))
    assert dialogue.complete_topic("self-att")[0].id == "self-attention"


async def test_the_schedule_ends_with_the_surfaces(app: App, dialogue: Dialogue) -> None:
    source = Declaration(location="articles", every=timedelta(hours=1))
    schedule = Waiting(app.knowledge.library, [source])
    surface = Open()
    serving = asyncio.create_task(serve(dialogue, (surface,), (schedule.run(),)))
    await surface.started.wait()
    await schedule.waits.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await serving
    assert schedule.stopped.is_set()


async def test_without_a_schedule_the_surfaces_serve_on(dialogue: Dialogue, idle: Schedule) -> None:
    surface = Open()
    serving = asyncio.create_task(serve(dialogue, (surface,), (idle.run(),)))
    await surface.started.wait()
    await idle.run()
    assert not serving.done()
    os.kill(os.getpid(), signal.SIGTERM)
    await serving
