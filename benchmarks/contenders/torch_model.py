"""The packaged model as sentence-transformers runs it on torch."""

from __future__ import annotations

import os

from sentence_transformers import SentenceTransformer

from knowledge import packaged_model


def packaged() -> SentenceTransformer:
    """Load it; nothing is fetched."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    return SentenceTransformer(str(packaged_model.folder()), device="cpu")
