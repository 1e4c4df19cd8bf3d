"""LangChain's ``index``, with an embedder of ours."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from benchmarks.contenders.langchain_index import LangChainIndex
from benchmarks.indexers import Indexer, Job
from knowledge.embedding import Embedder


class Textbook(Indexer):
    """As in the tutorials, but for the model."""

    def __init__(self, job: Job) -> None:
        self._index = LangChainIndex(job.corpus, job.folder, _Same(job.embedder))

    def index(self) -> None:
        """Index what is new and remove what is gone."""
        self._index.index()

    def passages(self) -> int:
        """How many chunks are in the store."""
        return self._index.passages()


class _Same(Embeddings):
    """An embedder behind LangChain's interface."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.embed_question(text).tolist()
        return vector


INDEXER = Textbook
