"""Any sentence-transformers model, on the CPU."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedding import Advance, Vectors, unheard
from knowledge.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_CHUNK = 256
_MEGABYTE = 1 << 20


class SentenceTransformerEmbedder:
    """A model by path or name, loaded when it is first used.

    Args:
        model: a folder, or the name of a model that is on the disk or that a hub serves.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> str:
        """Model, runtime and precision.

        Raises:
            EmbeddingError: a path is named where there is no folder.
        """
        path = Path(self._name).expanduser()
        if path.is_dir():
            return f"{path.name}@{_digest_of(path)}/sentence-transformers/float32"
        if self._name.startswith(("/", ".", "~")):
            raise EmbeddingError(f"EXPLAINER_EMBEDDING_MODEL: there is no folder {self._name}.")
        return f"{self._name}/sentence-transformers/float32"

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        """Embed texts, the longest first so that batches need little padding.

        Args:
            texts: what to embed.
            advance: called with the number of texts done since the last call.
        """
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        parts: list[Vectors] = []
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            parts.append(self._encode([texts[i] for i in chunk]))
            advance(len(chunk))
        if not parts:
            return np.zeros((0, 0), dtype=np.float32)
        stacked = np.concatenate(parts)
        vectors = np.empty_like(stacked)
        vectors[order] = stacked
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,)."""
        vector: Vectors = self._encode([text])[0]
        return vector

    def _encode(self, texts: list[str]) -> Vectors:
        encoded = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(encoded, dtype=np.float32)

    @property
    def _model(self) -> SentenceTransformer:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        path = Path(self._name).expanduser()
        try:
            return SentenceTransformer(str(path) if path.is_dir() else self._name, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).strip().split("\n")[0]
            raise EmbeddingError(
                f"The embedding model {self._name} cannot be loaded ({reason}). Set "
                "EXPLAINER_EMBEDDING_MODEL to a sentence-transformers model."
            ) from None


def _digest_of(folder: Path) -> str:
    """Names a local model by its files: their names, sizes, first and last megabytes."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(folder)}:{file.stat().st_size};".encode())
        with file.open("rb") as content:
            digest.update(content.read(_MEGABYTE))
            content.seek(max(content.tell(), file.stat().st_size - _MEGABYTE))
            digest.update(content.read(_MEGABYTE))
    return digest.hexdigest()[:12]
