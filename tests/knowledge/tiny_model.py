"""A sentence-transformers model of two layers. Importing this module takes seconds."""

from __future__ import annotations

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import BertConfig, BertModel, BertTokenizer


def save(folder: Path, words: list[str]) -> None:
    """Make a model with random weights that knows some words, and write it into a folder."""
    torch.manual_seed(1)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(words)]
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    bert = folder.parent / "bert"
    BertModel(config).save_pretrained(bert)
    vocabulary = {token: number for number, token in enumerate(tokens)}
    BertTokenizer(vocab=vocabulary).save_pretrained(bert)
    modules = [Transformer(str(bert)), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder))
