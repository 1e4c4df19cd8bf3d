"""The search indexes of editions: made, verified, opened, mended, removed.

Only this package imports chromadb. A process that dies while it writes into a Chroma directory
can destroy it, so a published directory is never written to: the next one is made from a copy,
in a child process, and takes its place only when it is verified.
"""

from __future__ import annotations

from pathlib import Path

from knowledge.editions.edition import Edition, Editions, Phase, Tell
from knowledge.library import Library

__all__ = ["Edition", "Editions", "Phase", "Tell", "make_editions"]


def make_editions(data_dir: Path, library: Library, chroma_url: str = "") -> Editions:
    """The search indexes in a data directory, or on a Chroma server.

    Args:
        data_dir: the data directory; also for a server's editions, which keep files beside it.
        library: what the indexes are made from.
        chroma_url: the server's address; empty for Chroma in this process.
    """
    if chroma_url:
        from knowledge.editions.server import ServerEditions

        return ServerEditions(data_dir, library, chroma_url)
    from knowledge.editions.embedded import EmbeddedEditions

    return EmbeddedEditions(data_dir, library)
