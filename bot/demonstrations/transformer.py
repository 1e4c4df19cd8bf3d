"""The packaged model, opened up: its tokens, its vectors layer by layer, its attention.

The forward pass of BERT in exact arithmetic, so that everything in between can be looked at
without torch. Source: Devlin et al., "BERT" (2019), https://arxiv.org/abs/1810.04805, and Vaswani
et al., "Attention Is All You Need" (2017), https://arxiv.org/abs/1706.03762.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import erf, softmax
from tokenizers import Tokenizer

from knowledge import packaged_model

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

MAX_TOKENS = 256


@dataclass(frozen=True)
class Token:
    """A piece of a text.

    Args:
        piece: as the vocabulary spells it; ``##`` marks the continuation of a word.
        id: its number in the vocabulary.
        start: where it begins in the text; equal to ``end`` for special tokens.
        end: where it ends.
        word: which word it belongs to, counted from 0; ``None`` for special tokens.
    """

    piece: str
    id: int
    start: int
    end: int
    word: int | None

    @property
    def special(self) -> bool:
        """Whether the model added it: ``[CLS]`` or ``[SEP]``."""
        return self.word is None


@dataclass(frozen=True)
class Reading:
    """A text as the model reads it.

    Args:
        text: the text.
        tokens: its pieces.
        hidden: the tokens' vectors after the embedding and after each layer; shape
            (layers + 1, tokens, dimensions).
        attention: how much each token (row) looks at each (column); shape
            (layers, heads, tokens, tokens), and each row sums up to 1.
    """

    text: str
    tokens: tuple[Token, ...]
    hidden: Floats
    attention: Floats

    @property
    def vector(self) -> Floats:
        """The text's embedding: the mean of the last layer, of length 1; shape (dimensions,)."""
        mean: Floats = self.hidden[-1].mean(axis=0)
        return mean / np.linalg.norm(mean)


@dataclass(frozen=True)
class Transformer:
    """The packaged model. Reading is blocking, and safe in several threads.

    Args:
        weights: the matrices by their names in the file of the model.
        tokenizer: cuts a text into tokens.
        layers: how many layers there are.
        heads: how many attention heads a layer has.
        epsilon: what keeps the normalization from dividing by zero.
    """

    weights: Weights
    tokenizer: Tokenizer
    layers: int
    heads: int
    epsilon: float

    name = packaged_model.NAME

    @classmethod
    def load(cls) -> Transformer:
        """Read the genuine weights, which takes a moment.

        Raises:
            EmbeddingError: they are missing or altered.
        """
        packaged_model.verify()
        folder = packaged_model.folder()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        config = json.loads((folder / "config.json").read_text())
        return cls(
            load_file(folder / "model.safetensors"),
            tokenizer,
            config["num_hidden_layers"],
            config["num_attention_heads"],
            config["layer_norm_eps"],
        )

    def changed(self, change: Callable[[str, Floats], Floats]) -> Transformer:
        """The same model with other weights.

        Args:
            change: the name of a matrix, and the matrix -> what takes its place.
        """
        return replace(self, weights={name: change(name, w) for name, w in self.weights.items()})

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Cut a text into tokens, ``[CLS]`` and ``[SEP]`` included; at most ``MAX_TOKENS``."""
        encoded = self.tokenizer.encode(text)
        parts = zip(encoded.tokens, encoded.ids, encoded.offsets, encoded.word_ids, strict=True)
        return tuple(Token(piece, id_, *offsets, word) for piece, id_, offsets, word in parts)

    def read(self, text: str) -> Reading:
        """Read a text, keeping all that happens on the way."""
        tokens = self.tokens(text)
        hidden = [self._embedded([token.id for token in tokens])]
        attention = []
        for layer in range(self.layers):
            vectors, looks = self._through(f"encoder.layer.{layer}.", hidden[-1])
            hidden.append(vectors)
            attention.append(looks)
        return Reading(text, tokens, np.stack(hidden), np.stack(attention))

    def _embedded(self, ids: list[int]) -> Floats:
        word = self.weights["embeddings.word_embeddings.weight"][ids]
        position = self.weights["embeddings.position_embeddings.weight"][: len(ids)]
        segment = self.weights["embeddings.token_type_embeddings.weight"][0]
        return self._normalized("embeddings.LayerNorm", word + position + segment)

    def _through(self, layer: str, vectors: Floats) -> tuple[Floats, Floats]:
        """One layer: attention, then the feed-forward network, each added to what came in."""
        mixed, looks = self._attended(layer + "attention.", vectors)
        attended = self._normalized(layer + "attention.output.LayerNorm", vectors + mixed)
        inner = self._linear(layer + "intermediate.dense", attended)
        active = inner * 0.5 * (1 + erf(inner / np.sqrt(np.float32(2))))  # GELU
        outer = self._linear(layer + "output.dense", active)
        return self._normalized(layer + "output.LayerNorm", attended + outer), looks

    def _attended(self, name: str, vectors: Floats) -> tuple[Floats, Floats]:
        query, key, value = (
            self._by_head(self._linear(f"{name}self.{part}", vectors))
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        looks: Floats = softmax(scores, axis=-1)
        joined = (looks @ value).transpose(1, 0, 2).reshape(vectors.shape)
        return self._linear(name + "output.dense", joined), looks

    def _by_head(self, vectors: Floats) -> Floats:
        """Shape (tokens, dimensions) -> (heads, tokens, dimensions of a head)."""
        return vectors.reshape(len(vectors), self.heads, -1).transpose(1, 0, 2)

    def _linear(self, name: str, vectors: Floats) -> Floats:
        return vectors @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def _normalized(self, name: str, vectors: Floats) -> Floats:
        centred = vectors - vectors.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.epsilon)
        scaled: Floats = centred / spread * self.weights[name + ".weight"]
        return scaled + self.weights[name + ".bias"]
