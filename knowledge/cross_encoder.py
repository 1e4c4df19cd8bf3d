"""Any sentence-transformers CrossEncoder: to rerank, or to judge support."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_SUPPORTING = "entail"


class _Model:
    """A CrossEncoder, loaded when it is first used.

    Args:
        name: a folder, or the name of a model that is on the disk or that a hub serves.
        setting: the variable that names it, for messages.
    """

    def __init__(self, name: str, setting: str) -> None:
        self._name = name
        self._setting = setting
        self._lock = threading.Lock()

    def predict(
        self, pairs: Sequence[tuple[str, str]], *, odds: bool = False
    ) -> NDArray[np.float32]:
        """One row of scores a pair; as probabilities of the labels if ``odds``."""
        with self._lock:  # torch uses all cores for one call
            found = self.loaded.predict(list(pairs), apply_softmax=odds, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    @cached_property
    def loaded(self) -> CrossEncoder:
        """The model.

        Raises:
            EmbeddingError: it cannot be loaded.
        """
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        path = Path(self._name).expanduser()
        try:
            model: CrossEncoder = CrossEncoder(
                str(path) if path.is_dir() else self._name, device="cpu"
            )
        except Exception as error:  # noqa: BLE001 - damaged models raise all kinds
            reason = str(error).strip().split("\n")[0]
            raise EmbeddingError(
                f"{self._setting}: the model {self._name} cannot be loaded ({reason}). Name a "
                "sentence-transformers CrossEncoder."
            ) from None
        return model


class CrossEncoderReranker:
    """Orders passages by what a CrossEncoder thinks of them.

    Args:
        name: the model, by path or name.
    """

    def __init__(self, name: str) -> None:
        self._model = _Model(name, "EXPLAINER_RERANKER")

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text fits a question; only their order counts."""
        if not texts:
            return []
        found = self._model.predict([(question, text) for text in texts])
        return [float(row) for row in found.reshape(len(texts), -1)[:, -1]]


class CrossEncoderEntailment:
    """Judges support with a CrossEncoder for natural language inference.

    Args:
        name: the model, by path or name; one of its labels must begin with "entail".
    """

    def __init__(self, name: str) -> None:
        self._model = _Model(name, "EXPLAINER_NLI")
        self._name = name

    def support(self, statement: str, text: str) -> float:
        """Probability that a text supports a statement, 0 to 1.

        Raises:
            EmbeddingError: the model cannot be loaded, or has no label for it.
        """
        return float(self._model.predict([(text, statement)], odds=True)[0][self._label])

    @cached_property
    def _label(self) -> int:
        labels = getattr(self._model.loaded.config, "id2label", None) or {}
        for number, label in labels.items():
            if str(label).lower().startswith(_SUPPORTING):
                return int(number)
        raise EmbeddingError(
            f"EXPLAINER_NLI: the model {self._name} has no label for entailment. Name a "
            "CrossEncoder for natural language inference."
        )
