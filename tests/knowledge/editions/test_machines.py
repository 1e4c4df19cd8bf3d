"""Several machines that share a library on PostgreSQL and an index on a Chroma server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.errors import ReindexRefused
from knowledge.reindexing.locking import only_one
from tests.knowledge.chroma_server import ChromaProcess, ServedHouse
from tests.knowledge.reindexing.test_locking import HOLD
from tests.servers import PostgresServer


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    yield process
    process.stop()


@pytest.fixture
def machines(
    tmp_path: Path, chroma: ChromaProcess, postgres: PostgresServer
) -> Iterator[tuple[ServedHouse, ServedHouse]]:
    """Two machines, each with a data directory of its own."""
    url = postgres.database()
    found = [ServedHouse(tmp_path / name, chroma.url, url) for name in ("one", "two")]
    yield found[0], found[1]
    for machine in found:
        machine.close()


def test_what_one_machine_publishes_the_other_serves(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, two = machines
    base = two.base()
    for name in ("alpha", "beta"):
        one.shelve([name])
        one.reindex()
        assert name in base.current().retrieve(f"What is {name}?").passages[0].passage.text


def test_each_machine_keeps_the_files_of_kept_editions_only(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, two = machines
    one.shelve(["alpha"])
    one.reindex()
    stray = two.data_dir / "editions" / "stray"
    stray.mkdir(parents=True)
    two.base().current()
    assert two.folder().exists()
    assert not stray.exists()


def test_damaged_files_are_written_again_where_all_machines_expect_them(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, two = machines
    one.shelve(["alpha"])
    one.reindex()
    two.base().current()
    before = two.folder()
    next(file for file in before.rglob("*") if file.is_file()).write_bytes(b"?")
    base = two.base()
    base.probe()
    assert base.current().retrieve("What is alpha?").passages
    assert two.folder() == before
    assert one.base().current().retrieve("What is alpha?").passages


def test_a_server_that_lost_its_data_is_filled_again(
    machines: tuple[ServedHouse, ServedHouse], chroma: ChromaProcess
) -> None:
    one, two = machines
    one.shelve(["alpha"])
    one.reindex()
    chroma.lose_everything()
    assert two.base().current().retrieve("What is alpha?").passages


def test_a_machine_that_lost_its_folder_serves_again(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, _ = machines
    one.shelve(["alpha"])
    one.reindex()
    shutil.rmtree(one.data_dir / "editions")
    assert one.base().current().retrieve("What is alpha?").passages


def test_only_one_machine_reindexes_and_the_other_is_told_who(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, two = machines
    two.shelve(["alpha"])
    with (
        only_one(one.library, one.data_dir, "grace"),
        pytest.raises(ReindexRefused, match=r"already running: grace \(on .*\) since"),
    ):
        two.reindex()
    assert two.reindex().published


def test_the_lock_dies_with_the_process_that_holds_it(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, two = machines
    two.shelve(["alpha"])
    with subprocess.Popen(  # noqa: S603 - lines of our own
        [sys.executable, "-c", HOLD, str(one.data_dir), one.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ReindexRefused, match="ada"):
            two.reindex()
        holder.kill()
        holder.wait()
    while True:  # the server notices a little later
        try:
            assert two.reindex().published
            return
        except ReindexRefused:
            continue


def test_who_loses_the_connection_publishes_nothing(
    machines: tuple[ServedHouse, ServedHouse],
) -> None:
    one, two = machines
    assert two.library.shared is not None
    with only_one(one.library, one.data_dir, "grace") as assure:
        assure()
        with two.library.shared.writing() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks "
                    "WHERE locktype = 'advisory' AND database = "
                    "(SELECT oid FROM pg_database WHERE datname = current_database())"
                )
            )
        with pytest.raises(ReindexRefused, match="nothing was published"):
            assure()
