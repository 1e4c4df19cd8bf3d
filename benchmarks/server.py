"""A Chroma server of this machine's own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.errors import BenchmarkError

_START_SECONDS = 60


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Run a server while the block runs; gives its address.

    Args:
        folder: where it keeps its collections.

    Raises:
        BenchmarkError: it does not answer.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).parent / "chroma"
    where = ["--host", "127.0.0.1", "--port", str(port), "--path", str(folder)]
    with subprocess.Popen(  # noqa: S603 - our own command with our own arguments
        [str(command), "run", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url)
            yield url
        finally:
            server.terminate()


def _await(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/api/v2/heartbeat").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise BenchmarkError(f"The Chroma server does not answer at {url}.")
