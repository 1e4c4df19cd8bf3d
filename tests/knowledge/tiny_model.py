"""Models of two layers with random weights. Importing this module takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
)


def save(folder: Path, words: Sequence[str]) -> None:
    """Make a SentenceTransformer that knows some words, and write it into a folder."""
    bert = folder.parent / "bert"
    BertModel(_config(words)).save_pretrained(bert)
    _tokenizer(words).save_pretrained(bert)
    modules = [Transformer(str(bert)), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder))


def save_cross_encoder(folder: Path, words: Sequence[str], labels: Sequence[str]) -> None:
    """Make a CrossEncoder that knows some words, and write it into a folder.

    Args:
        folder: where it goes.
        words: what it knows.
        labels: what it tells apart; with a single one it scores.
    """
    config = _config(words)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    config.initializer_range = 1.0  # small weights hardly tell one pair from another
    BertForSequenceClassification(config).save_pretrained(folder)
    _tokenizer(words).save_pretrained(folder)


class Doubling(torch.nn.Module):
    """Token ids of one text, shape (1, tokens), -> a matrix product with all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(4, 4, bias=False)
        torch.nn.init.eye_(self.layer.weight)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Twice the sum of the ids, four times; shape (1, 4)."""
        total = ids.sum(dim=1, keepdim=True).float()
        doubled: torch.Tensor = self.layer(2 * total.expand(1, 4))
        return doubled


def _config(words: Sequence[str]) -> BertConfig:
    torch.manual_seed(1)
    return BertConfig(
        vocab_size=len(_tokens(words)),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )


def _tokenizer(words: Sequence[str]) -> BertTokenizer:
    vocabulary = {token: number for number, token in enumerate(_tokens(words))}
    return BertTokenizer(vocab=vocabulary)


def _tokens(words: Sequence[str]) -> list[str]:
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(words)]
