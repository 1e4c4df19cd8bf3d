"""The packaged model: as the demonstrations read it, and as transformers does."""

from __future__ import annotations

import pytest
from transformers import BertModel

from bot.demonstrations.transformer import Transformer
from knowledge.packaged_model import load_bert


@pytest.fixture(scope="session")
def transformer() -> Transformer:
    return Transformer.load()


@pytest.fixture(scope="session")
def torch_bert() -> BertModel:
    """The same weights in torch, giving attention and hidden states when asked to."""
    return load_bert().eval()
