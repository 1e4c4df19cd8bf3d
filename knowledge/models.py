"""The models that the knowledge is searched and read with."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.embedding import Embedder
from knowledge.reading import Reader, Reranker


@dataclass(frozen=True)
class Models:
    """What an edition is searched with.

    Args:
        embedder: must be the one that the edition was made with.
        reader: looks for the answer in the best passages, if there is one.
        reranker: puts the best passages in order, if there is one.
    """

    embedder: Embedder
    reader: Reader | None = None
    reranker: Reranker | None = None
