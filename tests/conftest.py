"""What takes long and has to be made only once: models, the shipped index, empty databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import certifi
import pytest
from filelock import FileLock
from sqlalchemy import Engine, create_engine

from bot.app import build
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge import database
from knowledge.embedding import PACKAGED, Embedder, make_embedder
from knowledge.onnx_reader import OnnxReader
from tests.servers import PostgresServer, started


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    server = started()
    yield server
    server.stop()


@pytest.fixture(params=["file", "server"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Where a database is: in a file, and on a PostgreSQL server."""
    if request.param == "file":
        return ""
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what was left out, and how to run it."""
    left_out = terminalreporter.stats.get("skipped", ())
    reasons = sorted({str(report.longrepr[-1]) for report in left_out})
    for reason in reasons:
        count = sum(str(report.longrepr[-1]) == reason for report in left_out)
        terminalreporter.write_line(f"LEFT OUT: {count} tests. {reason}", yellow=True)


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for the shipped articles and the exports of the packaged models.

    All processes that share the tests share it too.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "shipped"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def embedder(shipped_data: Path) -> Embedder:
    """The packaged model, exported and loaded once."""
    embedder = make_embedder(PACKAGED, shipped_data)
    with FileLock(shipped_data / "embedder.lock"):
        embedder.embed_question("Is it there?")
    return embedder


@pytest.fixture(scope="session")
def reader(shipped_data: Path) -> OnnxReader:
    """The packaged reader, exported and loaded once."""
    reader = OnnxReader(shipped_data / "models")
    with FileLock(shipped_data / "reader.lock"):
        reader.prepare()
    return reader


@pytest.fixture(scope="session")
def shipped_index(shipped_data: Path, embedder: Embedder) -> Path:
    """The data directory with the shipped articles indexed as users index them; only read."""
    settings = Settings(_env_file=None, data_dir=shipped_data, sources=(SHIPPED_ARTICLES,))
    with FileLock(shipped_data / "index.lock"), build(settings, embedder=embedder) as app:
        app.reindexer.run()
    return shipped_data


@pytest.fixture(scope="session", autouse=True)
def _migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new database of this process starts as a copy of one that was migrated from nothing.

    Alembic takes 20 ms for each. Databases that are there already, newer and older ones, go the
    usual way, and so does a new one where the copy cannot be written.
    """
    migrate = database._migrate

    @cache
    def migrated(migrations: Path) -> bytes:
        file = tmp_path_factory.mktemp("migrated") / "new.sqlite"
        engine = create_engine(f"sqlite:///{file}")
        migrate(engine, file, migrations)
        engine.dispose()
        return file.read_bytes()

    def from_copy(engine: Engine, file: Path, migrations: Path) -> None:
        if not file.exists():
            copy = file.with_name(f"{file.name}.{uuid4().hex}")
            with suppress(OSError):
                copy.write_bytes(migrated(migrations))
                os.link(copy, file)  # at once, and only if nobody else was faster
            copy.unlink(missing_ok=True)
        migrate(engine, file, migrations)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_migrate", from_copy)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One root certificate in place of all: every HTTP client reads them anew, for 40 ms.

    No test trusts a server of the world.
    """
    first, end, _ = certifi.contents().partition("-----END CERTIFICATE-----\n")
    file = tmp_path_factory.mktemp("roots") / "one.pem"
    file.write_text(first + end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield
