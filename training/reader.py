"""The reader in training: the packaged model with low-rank changes of its weights, and heads.

Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn.utils import parametrize
from transformers import BertModel

from knowledge import packaged_model
from training.examples import Example

RANK = 32
MAX_TOKENS = 224
_ELSEWHERE = -100


class LowRank(torch.nn.Module):
    """Adds the product of two thin matrices to a weight."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        rows, columns = weight.shape
        self.down = torch.nn.Parameter(torch.randn(RANK, columns) / RANK)
        self.up = torch.nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """The weight that is used."""
        return weight + self.up @ self.down


@dataclass(frozen=True)
class Batch:
    """Pairs of texts as tokens, with labels; ``-100`` where the place isn't known."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    answered: torch.Tensor


class Reader(torch.nn.Module):
    """Reads a question together with a text."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(str(packaged_model.folder()), add_pooling_layer=False)
        self.bert.requires_grad_(False)
        for module in list(self.bert.modules()):
            if isinstance(module, torch.nn.Linear):
                parametrize.register_parametrization(module, "weight", LowRank(module.weight))
        width = self.bert.config.hidden_size
        self.spans = torch.nn.Linear(width, 2)
        self.answered = torch.nn.Linear(width, 1)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of span starts and ends (pairs, tokens, 2) and of being answered (pairs,).

        The first token stands for "no answer".
        """
        hidden = self.bert(batch.ids, batch.mask, batch.types).last_hidden_state
        spans = self.spans(hidden).float()
        readable = (batch.types * batch.mask).bool()
        readable[:, 0] = True
        spans = spans.masked_fill(~readable.unsqueeze(-1), -1e4)
        return spans, self.answered(hidden[:, 0]).squeeze(-1).float()

    def loss(self, batch: Batch) -> torch.Tensor:
        """The mean loss; places count where they are known."""
        spans, answered = self(batch)
        functional = torch.nn.functional
        total = functional.binary_cross_entropy_with_logits(answered, batch.answered)
        if (batch.starts != _ELSEWHERE).any():
            for logits, places in zip(spans.unbind(-1), (batch.starts, batch.ends), strict=True):
                total = total + 0.5 * functional.cross_entropy(
                    logits, places, ignore_index=_ELSEWHERE
                )
        return total

    def save(self, file: Path) -> None:
        """Write what was learned, in half precision."""
        learned = {
            name.replace(".parametrizations.weight.0", ""): value.half().contiguous()
            for name, value in self.state_dict().items()
            if ".original" not in name and (".down" in name or ".up" in name or "bert" not in name)
        }
        save_file(learned, file)

    @torch.no_grad()
    def restore(self, file: Path) -> None:
        """Go on from what was saved."""
        own = self.state_dict()
        learned = load_file(file)
        for name, value in own.items():
            key = name.replace(".parametrizations.weight.0", "")
            if key in learned:
                value.copy_(learned[key])


class Encoder:
    """Turns examples into batches."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(packaged_model.folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")

    def batch(self, examples: Sequence[Example]) -> Batch:
        """Encode examples, padded to the longest."""
        encoded = self._tokenizer.encode_batch([(e.question[:400], e.text) for e in examples])
        width = max(len(one.ids) for one in encoded)
        starts, ends = [], []
        for example, one in zip(examples, encoded, strict=True):
            start, end = _place(example, one.offsets, one.type_ids)
            starts.append(start)
            ends.append(end)
        return Batch(
            _padded([one.ids for one in encoded], width),
            _padded([one.type_ids for one in encoded], width),
            _padded([one.attention_mask for one in encoded], width),
            torch.tensor(starts),
            torch.tensor(ends),
            torch.tensor([float(e.answered) for e in examples]),
        )


def _place(
    example: Example, offsets: Sequence[tuple[int, int]], types: Sequence[int]
) -> tuple[int, int]:
    """Where the answer's tokens begin and end; 0 where there is no answer."""
    if not example.answered:
        return 0, 0
    if example.answer is None:
        return _ELSEWHERE, _ELSEWHERE
    inside = [
        i
        for i, ((start, end), type_) in enumerate(zip(offsets, types, strict=True))
        if type_ == 1 and end > start and start < example.answer[1] and end > example.answer[0]
    ]
    return (inside[0], inside[-1]) if inside else (_ELSEWHERE, _ELSEWHERE)


def _padded(rows: Sequence[Sequence[int]], width: int) -> torch.Tensor:
    return torch.tensor([[*row, *([0] * (width - len(row)))] for row in rows])
