"""Explainer over the articles of labelled sets, embedding each text once."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from bot.app import NO_MODEL, App, build
from bot.settings import Settings
from knowledge.embedding import Advance, Vectors, unheard
from knowledge.onnx_embedder import OnnxEmbedder
from knowledge.onnx_reader import OnnxReader


class RememberingEmbedder(OnnxEmbedder):
    """The packaged model; what several indexes hold is embedded once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._known: dict[str, Vectors] = {}

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        """Embed texts that weren't embedded before."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(new, super().embed_passages(new, advance), strict=True)
        return np.stack([self._known[text] for text in texts])


class Indexes:
    """Makes and opens indexes, each in a data directory of its own.

    Args:
        folder: holds them all, and the exported models.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._embedder = RememberingEmbedder(folder / "models")
        self._reader = OnnxReader(folder / "models")

    @contextmanager
    def opened(self, articles: Sequence[dict[str, Any]]) -> Iterator[App]:
        """Explainer over articles in BEIR's form; those of an earlier run aren't indexed again."""
        lines = b"".join(orjson.dumps(article) + b"\n" for article in articles)
        data_dir = self._folder / hashlib.sha256(lines).hexdigest()[:12]
        data_dir.mkdir(parents=True, exist_ok=True)
        corpus = data_dir / "corpus.jsonl"
        corpus.write_bytes(lines)
        settings = Settings(
            data_dir=data_dir, sources=(str(corpus),), model=NO_MODEL, _env_file=None
        )
        with build(settings, embedder=self._embedder, reader=self._reader) as app:
            app.reindexer.run()
            yield app


@contextmanager
def data_folder(kept: Path | None) -> Iterator[Path]:
    """A folder for indexes: a given one that is kept, or a temporary one."""
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)
