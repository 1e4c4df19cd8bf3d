"""The packaged reader: the packaged model with a trained low-rank change, exported likewise.

The change is small enough to be shipped; `training/` made it.
Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import exporting, packaged_model
from knowledge.errors import EmbeddingError

if TYPE_CHECKING:
    import torch

ADAPTER = Path(__file__).parent / "reader.safetensors"
EXPORT_VERSION = "1"
"""Raised when the export changes."""

MAX_DIFFERENCE = 1.5
"""The most by which an exported model's log-odds may differ from the genuine one's."""

_SAMPLES = (
    ("When was dropout published?", "Dropout was published in 2014 by Srivastava and others."),
    ("Who invented it?", "A learning rate that is too large lets the loss diverge."),
)


def identity() -> str:
    """Names the adapter by its content, and the export.

    Raises:
        EmbeddingError: the adapter is missing.
    """
    try:
        digest = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()
    except OSError as error:
        raise EmbeddingError(f"{ADAPTER}: {error.strerror}. Run `make` again.") from None
    return f"{digest[:8]}-{EXPORT_VERSION}"


def export_in_child(target: Path) -> None:
    """Export in a process of its own, so that torch never enters this one.

    Args:
        target: the file that is written; it appears when it is complete.

    Raises:
        EmbeddingError: the weights are not genuine, or the export failed; nothing is written.
    """
    packaged_model.verify()
    exporting.export_in_child("knowledge.packaged_reader", target)


def export(target: Path) -> None:
    """Put the adapter into the genuine weights, export them to onnxruntime, check the result.

    Args:
        target: the file that is written; it appears when it is complete.

    Raises:
        EmbeddingError: the weights are not genuine, or the export is not faithful to them.
        StorageError: the file cannot be written.
    """
    packaged_model.verify()
    outputs = ["spans", "answered"]
    exporting.export_quantized(load(ADAPTER), ["ids", "types"], outputs, _check, target)


def load(adapter: Path) -> torch.nn.Module:
    """The reader in torch.

    Args:
        adapter: file with the low-rank changes ``NAME.down`` and ``NAME.up`` of the weights,
            and with the heads.

    Raises:
        EmbeddingError: the file is damaged.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    class PairReader(torch.nn.Module):
        """Token ids and types of one pair of texts, shape (1, tokens), -> logits of span starts
        and ends (1, tokens, 2), and of being answered (1,).
        """

        def __init__(self) -> None:
            super().__init__()
            self.bert = packaged_model.load_bert()
            width = self.bert.config.hidden_size
            self.spans = torch.nn.Linear(width, 2)
            self.answered = torch.nn.Linear(width, 1)

        def forward(
            self, ids: torch.Tensor, types: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            hidden = self.bert(ids, torch.ones_like(ids), types).last_hidden_state
            return self.spans(hidden), self.answered(hidden[:, 0])[:, 0]

    reader = PairReader().eval()
    try:
        learned = {name: value.float() for name, value in load_file(adapter).items()}
    except (OSError, SafetensorError) as error:
        raise EmbeddingError(f"{adapter} is damaged ({error}). Install Explainer again.") from None
    weights = reader.state_dict()
    for name, value in learned.items():
        layer, _, part = name.rpartition(".")
        if part == "up":
            weights[f"{layer}.weight"] += value @ learned[f"{layer}.down"]
        elif part != "down":
            weights[name].copy_(value)
    return reader


def _check(model: torch.nn.Module, exported: Path) -> None:
    import torch

    from knowledge.onnx_reader import PairModel

    candidate = PairModel(exported)
    for question, text in _SAMPLES:
        pair = candidate.encode(question, text)
        with torch.no_grad():
            genuine = model(torch.tensor([pair.ids]), torch.tensor([pair.type_ids]))
        difference = np.abs(genuine[1].numpy() - candidate.run(pair)[1]).max()
        if difference > MAX_DIFFERENCE:
            raise EmbeddingError(
                f"The exported reader differs from the genuine one (log-odds by {difference:.2f})."
            )


if __name__ == "__main__":
    sys.exit(exporting.run_export(export, sys.argv[1:]))
