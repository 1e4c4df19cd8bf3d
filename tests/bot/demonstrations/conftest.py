"""The packaged model: as the demonstrations read it, and as transformers does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from threadpoolctl import threadpool_limits

from bot.demonstrations.transformer import Transformer
from knowledge.packaged_model import load_bert

if TYPE_CHECKING:
    from transformers import BertModel


@pytest.fixture(scope="package", autouse=True)
def _one_thread() -> Iterator[None]:
    """As in the studio: for matrices this small, more threads only wait for each other."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def transformer() -> Transformer:
    return Transformer.load()


@pytest.fixture(scope="session")
def torch_bert() -> BertModel:
    """The same weights in torch, giving attention and hidden states when asked to."""
    model = load_bert()
    model.eval()  # type: ignore[no-untyped-call]
    return model
