"""A real Chroma server on this machine, and a house whose editions are on it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path

import httpx

from knowledge.base import KnowledgeBase, Servers
from knowledge.editions.server import ServerEditions
from knowledge.embedding import Embedder
from knowledge.library import Library
from tests.knowledge.house import House


class ChromaProcess:
    """A Chroma server in a process of its own.

    Args:
        folder: where it keeps its data.

    Attributes:
        url: its address, which stays the same when it is started again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, if it isn't running, and wait until it answers."""
        if self._process:
            return
        arguments = ["--host", "127.0.0.1", "--port", str(self._port), "--path", str(self._folder)]
        self._process = subprocess.Popen(  # noqa: S603 - our own arguments
            [Path(sys.executable).with_name("chroma"), "run", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = self._process.stdout or ()
        assert any(b"listening on address" in line for line in said), "Chroma did not start."
        # Nobody reads on what it says, and it would wait for a reader.
        threading.Thread(target=deque, args=(said, 0), daemon=True).start()
        with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
            client.get(f"{self.url}/api/v2/heartbeat").raise_for_status()  # it says so too early

    def stop(self) -> None:
        """End it; what it was told is kept."""
        if self._process:
            self._process.terminate()
            self._process.wait()
        self._process = None

    def lose_everything(self) -> None:
        """Start it again without its data."""
        self.stop()
        shutil.rmtree(self._folder)
        self.start()


class ServedHouse(House):
    """A house whose editions are on a Chroma server.

    Args:
        root: where articles and data directory lie.
        url: the server's address.
        database: the address of a PostgreSQL database; empty for a file.

    Attributes:
        url: the same.
        database: the same.
    """

    def __init__(self, root: Path, url: str, database: str = "") -> None:
        def workshop(data_dir: Path, library: Library) -> ServerEditions:
            return ServerEditions(data_dir, library, url)

        super().__init__(root, workshop, database)
        self.url, self.database = url, database

    def base(self, embedder: Embedder | None = None) -> KnowledgeBase:
        """The knowledge base; closed with the house."""
        base = KnowledgeBase(
            self.data_dir, embedder or self.embedder, servers=Servers(self.url, self.database)
        )
        self._bases.append(base)
        return base


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
