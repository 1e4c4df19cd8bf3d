"""The packaged reader on onnxruntime."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from knowledge import packaged_model, packaged_reader
from knowledge.errors import EmbeddingError
from knowledge.reading import Answering

MAX_TOKENS = 256
MAX_QUESTION = 400
"""Characters of a question that are read, so that room is left for the text."""

LONGEST_ANSWER = 30
"""Tokens of the longest span that is taken for an answer."""

Logits = NDArray[np.float32]


class PairModel:
    """An exported file. Any number of threads may use it.

    Args:
        file: what :func:`knowledge.packaged_reader.export` wrote.
    """

    def __init__(self, file: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(packaged_model.folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, question: str, text: str) -> Encoding:
        """The tokens of two texts as one sequence."""
        return self._tokenizer.encode(question[:MAX_QUESTION], text)

    def run(self, pair: Encoding) -> tuple[Logits, Logits]:
        """Logits of span starts and ends (1, tokens, 2), and of being answered (1,)."""
        spans, answered = self._session.run(
            None,
            {
                "ids": np.array([pair.ids], dtype=np.int64),
                "types": np.array([pair.type_ids], dtype=np.int64),
            },
        )
        return spans, answered


class OnnxReader:
    """The packaged reader, exported when it is first used.

    Args:
        folder: where the exported model is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def answering(self, question: str, text: str) -> Answering:
        """Whether a text answers a question, and where."""
        pair = self._model.encode(question, text)
        spans, answered = self._model.run(pair)
        start, end, gain = _best_span(spans[0], np.array(pair.type_ids) == 1)
        places = pair.offsets
        return Answering(float(answered[0]) + gain, places[start][0], places[end][1])

    def prepare(self) -> None:
        """Export the model, if that wasn't done before; takes seconds.

        Raises:
            EmbeddingError: it could not be exported.
        """
        if not self._file.exists():
            packaged_reader.export_in_child(self._file)

    @cached_property
    def _file(self) -> Path:
        return self._folder / f"reader-int8-{packaged_reader.identity()}.onnx"

    @property
    def _model(self) -> PairModel:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> PairModel:
        self.prepare()
        try:
            return PairModel(self._file)
        except Exception as error:  # noqa: BLE001 - both libraries raise kinds of their own
            raise EmbeddingError(
                f"The packaged reader cannot be loaded ({error}). Delete {self._file} and run "
                "`make` again."
            ) from None


def _best_span(logits: Logits, readable: NDArray[np.bool_]) -> tuple[int, int, float]:
    """The most likely answer's first and last token, and its gain over "no answer"."""
    readable = readable.copy()
    readable[-1] = False  # the closing separator
    starts = np.where(readable, logits[:, 0], -np.inf)
    ends = np.where(readable, logits[:, 1], -np.inf)
    sums = starts[:, None] + ends[None, :]
    places = np.arange(len(starts))
    length = places[None, :] - places[:, None]
    sums[(length < 0) | (length >= LONGEST_ANSWER)] = -np.inf
    start, end = np.unravel_index(int(np.argmax(sums)), sums.shape)
    gain = float(sums[start, end] - logits[0].sum())
    return int(start), int(end), gain
