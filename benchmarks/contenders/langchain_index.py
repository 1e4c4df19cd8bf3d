"""LangChain's ``index`` as in the tutorials: Chroma, chunks of 1,000 characters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.contenders import Contender
from benchmarks.corpus import Corpus

PASSAGES_A_QUESTION = 4
_NAME = "articles"


class LangChainIndex(Contender):
    """Splits, embeds and keeps with LangChain's ``index``; a question only retrieves.

    The record manager, which knows what is indexed, is the fastest there is: in memory.

    Args:
        corpus: the articles.
        folder: of the store.
        embeddings: embed passages and questions.
    """

    def __init__(self, corpus: Corpus, folder: Path, embeddings: Embeddings) -> None:
        self._corpus = corpus
        self._embeddings = embeddings
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._store = Chroma(
            _NAME,
            self._embeddings,
            persist_directory=str(folder),
            client_settings=Settings(anonymized_telemetry=False),
        )
        self._records = InMemoryRecordManager(_NAME)
        self._records.create_schema()
        self._retriever = self._store.as_retriever(search_kwargs={"k": PASSAGES_A_QUESTION})

    def embed(self, texts: list[str]) -> None:
        """Embed texts."""
        self._embeddings.embed_documents(texts)

    def index(self) -> None:
        """Index what is new and remove what is gone."""
        documents = [
            Document(text, metadata={"source": name}) for name, text in self._corpus.texts()
        ]
        passages = self._splitter.split_documents(documents)
        index(
            passages,
            self._records,
            self._store,
            cleanup="full",
            source_id_key="source",
            key_encoder="sha256",
        )

    def passages(self) -> int:
        """How many passages are in the store."""
        return len(self._store.get(include=[])["ids"])

    async def ask(self, question: str) -> Mapping[str, float]:
        """Retrieve passages; LangChain does so in a worker thread."""
        await self._retriever.ainvoke(question)
        return {}

    async def ask_alone(self, question: str) -> Mapping[str, float]:
        """Retrieve passages without the detour through a thread."""
        self._retriever.invoke(question)
        return {}

    def articles(self, question: str, passages: int) -> list[str]:
        """The articles of the nearest passages, best first."""
        found = self._store.similarity_search(question, passages)
        return list(dict.fromkeys(str(passage.metadata["source"]) for passage in found))
