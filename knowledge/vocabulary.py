"""The words that the packaged model knows as a whole: common words and well-known names."""

from __future__ import annotations

from functools import lru_cache

from tokenizers import Tokenizer

from knowledge import packaged_model


def is_common(word: str) -> bool:
    """Whether a word is in the model's vocabulary of 30,000; a typing error hardly ever is."""
    return _tokenizer().token_to_id(word.lower()) is not None


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(packaged_model.folder() / "tokenizer.json"))
