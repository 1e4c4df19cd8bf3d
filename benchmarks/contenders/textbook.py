"""The retriever of the tutorials: LangChain, Chroma, and sentence-transformers on torch."""

from __future__ import annotations

from pathlib import Path

from langchain_core.embeddings import Embeddings

from benchmarks.contenders.langchain_index import LangChainIndex
from benchmarks.contenders.torch_model import packaged
from benchmarks.corpus import Corpus


class TorchEmbeddings(Embeddings):
    """The packaged model behind LangChain's interface."""

    def __init__(self) -> None:
        self._model = packaged()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages."""
        vectors: list[list[float]] = self._model.encode(texts, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed a question."""
        return self.embed_documents([text])[0]


class Textbook(LangChainIndex):
    """All of it as in the tutorials."""

    def __init__(self, corpus: Corpus, folder: Path, embeddings: Embeddings | None = None) -> None:
        super().__init__(corpus, folder, embeddings or TorchEmbeddings())


CONTENDER = Textbook
