"""The floor: sentence-transformers on torch embeds, and nothing else happens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.contenders.torch_model import packaged
from benchmarks.corpus import Corpus
from knowledge.splitting import split


class Bare(Contender):
    """``SentenceTransformer.encode`` of Explainer's passages, each different text once."""

    reindexes = False

    def __init__(self, corpus: Corpus, folder: Path) -> None:  # noqa: ARG002 - keeps nothing
        passages = (passage for article in corpus.articles() for passage in split(article))
        self._texts = list(dict.fromkeys(passage.embedded_text for passage in passages))
        self._model = packaged()

    def embed(self, texts: list[str]) -> None:
        """Embed texts."""
        self._model.encode(texts, show_progress_bar=False)

    def index(self) -> None:
        """Embed the passages."""
        self._model.encode(self._texts, show_progress_bar=False)

    def passages(self) -> int:
        """How many passages are embedded."""
        return len(self._texts)

    async def ask(self, question: str) -> Mapping[str, float]:
        """Embed the question."""
        self._model.encode(question, show_progress_bar=False)
        return {}


CONTENDER = Bare
