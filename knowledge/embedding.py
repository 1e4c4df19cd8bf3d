"""Texts -> vectors: what every embedder offers, and which one a setting names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Advance = Callable[[int], None]

PACKAGED = "packaged"


def unheard(done: int) -> None:
    """The listener of those who don't want to know how far the work has come."""


class Embedder(Protocol):
    """Turns texts into vectors of length 1, so that a dot product is the cosine."""

    @property
    def identity(self) -> str:
        """Names model, runtime and precision: vectors of different identities don't mix."""

    def embed_passages(self, texts: Sequence[str], advance: Advance = ...) -> Vectors:
        """Embed texts of any number; shape (texts, dimensions)."""

    def embed_question(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,)."""


def models_folder(data_dir: Path, models_dir: Path | None = None) -> Path:
    """Where the packaged models are kept as they are run.

    Args:
        data_dir: the data directory.
        models_dir: the folder that a setting names, if it does.
    """
    return models_dir or data_dir / "models"


def make_embedder(name: str, data_dir: Path, models_dir: Path | None = None) -> Embedder:
    """Make the embedder that a setting names; nothing is loaded before its first use.

    Args:
        name: ``packaged``, or a sentence-transformers model by path or name.
        data_dir: the data directory.
        models_dir: see :func:`models_folder`.
    """
    if name == PACKAGED:
        from knowledge.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(models_folder(data_dir, models_dir))
    from knowledge.sentence_transformers_embedder import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)
