"""What servers answered last time, so that they need not send the same again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KEPT = 90 * 24 * 60 * 60
"""Seconds after its last use that an answer is kept."""


@dataclass(frozen=True)
class Kept:
    """An answer of a server.

    Args:
        content: decoded from transfer compression.
        media_type: lower case, without parameters.
        charset: as the server named it.
        etag: the server's own mark of this version (RFC 9110, 8.8.3).
        modified: when it was last changed, as the server wrote it.
    """

    content: bytes
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""


class Responses:
    """A folder with a file for each address: a checksum, a line of JSON, and the content.

    Nothing in it is worth a failure: a damaged file is like none, and what cannot be written is
    fetched again.

    Args:
        folder: made when the first answer is kept.
        clock: seconds since the epoch, as files are dated.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock

    def get(self, url: str) -> Kept | None:
        """The last answer of an address, if it is whole."""
        file = self._file(url)
        try:
            digest, whole = file.read_bytes().split(b"\n", 1)
            if digest.decode() != _digest(whole):
                return None
            os.utime(file, (self._clock(), self._clock()))
        except (OSError, ValueError):
            return None
        described, content = whole.split(b"\n", 1)
        return Kept(content, **json.loads(described))

    def keep(self, url: str, kept: Kept) -> None:
        """Keep an answer in place of the last one."""
        described = {name: value for name, value in vars(kept).items() if name != "content"}
        whole = json.dumps(described).encode() + b"\n" + kept.content
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_whole(self._file(url), _digest(whole).encode() + b"\n" + whole)

    def forget_unused(self) -> None:
        """Drop the answers that nobody asked for in a long time."""
        with contextlib.suppress(OSError):
            for file in self._folder.iterdir():
                if file.stat().st_mtime < self._clock() - KEPT:
                    file.unlink(missing_ok=True)

    def _file(self, url: str) -> Path:
        return self._folder / _digest(url.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write_whole(file: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
