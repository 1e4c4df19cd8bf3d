"""The packaged model on onnxruntime: no torch on the way of a question."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge import packaged_model
from knowledge.embedding import Advance, Vectors, unheard
from knowledge.errors import EmbeddingError

MAX_TOKENS = 256


class OnnxModel:
    """An exported model file. Any number of threads may use it.

    Args:
        file: what :func:`knowledge.packaged_model.export` wrote.
    """

    def __init__(self, file: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # threads run texts side by side instead
        self._session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(packaged_model.folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text's tokens, special ones included."""
        return list(self._tokenizer.encode(text).ids)

    def embed(self, text: str) -> Vectors:
        """One text's vector of length 1; shape (dimensions,)."""
        ids = np.array([self.tokenize(text)], dtype=np.int64)
        vector: Vectors = self._session.run(None, {"ids": ids})[0][0]
        return vector


class OnnxEmbedder:
    """The packaged model with 8-bit weights, exported when it is first used.

    Texts are embedded one by one: dynamic quantization makes a vector depend on what shares
    its batch.

    Args:
        folder: where the exported model is kept.
    """

    identity = (
        f"{packaged_model.NAME}@{packaged_model.SHA256[:12]}/onnxruntime/int8/"
        f"{packaged_model.EXPORT_VERSION}"
    )

    def __init__(self, folder: Path) -> None:
        version = packaged_model.EXPORT_VERSION
        self._file = folder / f"{packaged_model.NAME}-int8-{version}.onnx"
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        """Embed texts, several at a time.

        Args:
            texts: what to embed.
            advance: called with the number of texts done since the last call.
        """
        model = self._model
        vectors: list[Vectors] = []
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for vector in threads.map(model.embed, texts):
                vectors.append(vector)
                advance(1)
        return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)

    def embed_question(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,)."""
        return self._model.embed(text)

    def prepare(self) -> None:
        """Export the model, if that wasn't done before; takes seconds.

        Raises:
            EmbeddingError: it could not be exported.
        """
        if not self._file.exists():
            packaged_model.export_in_child(self._file)

    @property
    def _model(self) -> OnnxModel:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> OnnxModel:
        self.prepare()
        try:
            return OnnxModel(self._file)
        except Exception as error:  # noqa: BLE001 - both libraries raise kinds of their own
            raise EmbeddingError(
                f"The packaged embedding model cannot be loaded ({error}). Delete {self._file} "
                "and run `make` again."
            ) from None
