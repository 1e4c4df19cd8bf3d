"""A real PostgreSQL server for tests, and what is said where none can be started."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.knowledge.chroma_server import free_port

COMPLETE = "EXPLAINER_TESTS_COMPLETE"
"""If it is set, a test that can't run fails."""

_ADVICE = (
    "PostgreSQL is not installed: `apt-get install postgresql`, or put its `initdb` and `pg_ctl` "
    "on the PATH, to run this test."
)


class PostgresServer:
    """A PostgreSQL server of our own on loopback, which forgets everything in the end.

    Args:
        programs: the folder of ``initdb`` and ``pg_ctl``.
    """

    def __init__(self, programs: Path) -> None:
        self._programs, self._port = programs, free_port()
        # A socket's path must be short.
        self._root = Path(tempfile.mkdtemp(prefix="pg"))
        self._data = self._root / "data"
        if os.geteuid() == 0:
            shutil.chown(self._root, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", str(self._data))
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self._root}"
        log = str(self._root / "log")
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-o", options, "-l", log)

    def database(self) -> str:
        """Make an empty database; returns its address."""
        name = f"t{uuid4().hex}"
        server = f"postgresql://postgres@127.0.0.1:{self._port}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"{server}/{name}"

    def stop(self) -> None:
        """End it, and delete all that it kept."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self._data))
        shutil.rmtree(self._root, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run(  # noqa: S603 - our own arguments
            [*(drop if os.geteuid() == 0 else ()), self._programs / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._root,
        )


def postgres_programs() -> Path | None:
    """Where PostgreSQL's programs are; ``None`` if they aren't installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def started() -> PostgresServer:
    """A server; where there can be none the test is left out, or fails if none may be."""
    programs = postgres_programs()
    if programs is None:
        if os.environ.get(COMPLETE):
            pytest.fail(_ADVICE)
        pytest.skip(_ADVICE)
    return PostgresServer(programs)
