"""The models of the knowledge: genuine, and able to do what they are for."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import numpy as np

from bot.core.errors import ExplainerError
from bot.settings import Settings

_QUESTION, _TEXT = "What is a token?", "A token is a piece of a word."
_LATER = "it is made on the first use, which takes half a minute"


def embedding(settings: Settings) -> str:
    """Whether the embedding model is what it claims to be, and embeds."""
    from knowledge import packaged_model
    from knowledge.embedding import PACKAGED, make_embedder

    embedder = make_embedder(settings.embedding_model, settings.data_dir)
    if settings.embedding_model == PACKAGED:
        packaged_model.verify()
        if not _exported(settings, f"{packaged_model.NAME}-*.onnx"):
            return f"{embedder.identity}: genuine; {_LATER}"
    began = perf_counter()
    length = float(np.linalg.norm(embedder.embed_question(_QUESTION)))
    if not np.isclose(length, 1.0, atol=1e-3):
        raise ExplainerError(
            f"{embedder.identity} gives a vector of length {length:.3f} in place of 1: delete "
            f"{_folder(settings)}, or set EXPLAINER_EMBEDDING_MODEL to another model."
        )
    return f"{embedder.identity}: embeds ({perf_counter() - began:.1f} s with loading)"


def reader(settings: Settings) -> str:
    """Whether the packaged reader is there, and tells an answer from what is none."""
    from knowledge import packaged_reader
    from knowledge.onnx_reader import OnnxReader

    identity = packaged_reader.identity()
    if not _exported(settings, f"reader-*{identity}.onnx"):
        return f"{identity}: there; {_LATER}"
    found = OnnxReader(_folder(settings)).answering(_QUESTION, _TEXT)
    if not _TEXT[found.start : found.end] or not np.isfinite(found.score):
        raise ExplainerError(f"{identity} does not read: delete {_folder(settings)}.")
    return f"{identity}: reads"


def reranker(settings: Settings) -> str:
    """Whether the model that puts passages in order can be loaded, if one is set."""
    from knowledge.reading import make_reranker

    model = make_reranker(settings.reranker)
    if model is None:
        return "none"
    _see_that_they_count(settings.reranker, model.scores(_QUESTION, [_TEXT]))
    return f"{settings.reranker}: orders"


def entailment(settings: Settings) -> str:
    """Whether the model for natural language inference can be loaded, if one is set."""
    from knowledge.reading import make_entailment

    model = make_entailment(settings.nli)
    if model is None:
        return "none; rules about words judge"
    _see_that_they_count(settings.nli, [model.support(_TEXT, _TEXT)])
    return f"{settings.nli}: judges"


def _see_that_they_count(model: str, scores: list[float]) -> None:
    if not np.isfinite(scores).all():
        raise ExplainerError(f"{model} gives no numbers: set another model.")


def _exported(settings: Settings, files: str) -> bool:
    return any(_folder(settings).glob(files))


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "models"
