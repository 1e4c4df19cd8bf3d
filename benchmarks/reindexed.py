"""The child process that reindexes a corpus as one contender does, and measures it."""

from __future__ import annotations

import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import orjson
from langchain_core.embeddings import Embeddings

from benchmarks.contenders.textbook import Textbook
from benchmarks.corpus import Corpus
from benchmarks.generated import WordsEmbedder
from benchmarks.measuring import Samples, folder_mib, own_peak_mib, seconds
from bot.app import NO_MODEL, build
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.onnx_embedder import OnnxEmbedder

PACKAGED, WORDS = "packaged", "words"
_TIMES = 3


class Indexer(ABC):
    """Something that brings an index up to date."""

    folder: Path
    """Where its index is, all of it."""

    @abstractmethod
    def index(self) -> None:
        """Index the articles as they are now."""

    @abstractmethod
    def passages(self) -> int:
        """How many passages are indexed."""

    def beside(self) -> Samples:
        """What only this one can do."""
        return {}


class Explainer(Indexer):
    """The transaction; with a Chroma server, if an address is given."""

    def __init__(self, corpus: Corpus, folder: Path, embedder: Embedder, url: str) -> None:
        self.folder = folder
        settings = Settings(
            data_dir=folder,
            sources=(str(corpus.path),),
            model=NO_MODEL,
            chroma_url=url,
            _env_file=None,
        )
        self._app = build(settings, embedder=embedder)

    def index(self) -> None:
        """Reindex."""
        self._app.reindexer.run()

    def passages(self) -> int:
        """How many passages the published edition has."""
        knowledge = self._app.knowledge
        return len(knowledge.library.passage_keys(knowledge.published().id))

    def beside(self) -> Samples:
        """Copying an edition's folder, rolling back, and what one edition takes."""
        serving = self.folder / "editions" / self._app.knowledge.published().folder
        copy = self.folder / "copy"
        copying = seconds(lambda: shutil.copytree(serving, copy))
        shutil.rmtree(copy)
        return {
            "s to copy an edition": [copying],
            "s to roll back": [seconds(self._app.reindexer.roll_back)],
            "MiB of an edition": [folder_mib(serving)],
        }


class TextbookIndexer(Indexer):
    """LangChain's ``index`` with a record manager in memory, the fastest there is."""

    def __init__(self, corpus: Corpus, folder: Path, embedder: Embedder) -> None:
        self.folder = folder
        self._textbook = Textbook(corpus, folder, _Same(embedder))

    def index(self) -> None:
        """Index what is new and remove what is gone."""
        self._textbook.index()

    def passages(self) -> int:
        """How many chunks are in the store."""
        return self._textbook.passages()


class _Same(Embeddings):
    """An embedder behind LangChain's interface: all contenders embed alike."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.embed_question(text).tolist()
        return vector


def main(arguments: list[str]) -> None:
    """Measure, and write the figures as JSON.

    Args:
        arguments: contender, embedder, corpus, folder of the exported model, folder of the
            index, file of the figures, address of a Chroma server or an empty one.
    """
    name, model, corpus_path, models, folder, figures, url = arguments
    corpus = Corpus(Path(corpus_path))
    embedder: Embedder = OnnxEmbedder(Path(models)) if model == PACKAGED else WordsEmbedder()
    embedder.embed_passages(["A sentence that loads the model before anything is timed."])
    indexers: dict[str, Callable[[], Indexer]] = {
        "explainer": lambda: Explainer(corpus, Path(folder), embedder, url),
        "textbook": lambda: TextbookIndexer(corpus, Path(folder), embedder),
    }
    samples = measure(indexers[name](), corpus)
    Path(figures).write_bytes(orjson.dumps(samples))


def measure(indexer: Indexer, corpus: Corpus) -> Samples:
    """Index everything, the same again, with one article changed; then what is special."""
    samples: Samples = {"s, everything": [seconds(indexer.index)]}
    samples["passages"] = [float(indexer.passages())]
    samples["MiB on disk"] = [folder_mib(indexer.folder)]
    samples["s, unchanged"] = [seconds(indexer.index) for _ in range(_TIMES)]
    samples["s, one changed"] = []
    for number in range(_TIMES):
        with corpus.changed(f"The benchmark added sentence {number}."):
            samples["s, one changed"].append(seconds(indexer.index))
    return {**samples, **indexer.beside(), "MiB": [own_peak_mib()]}


if __name__ == "__main__":
    main(sys.argv[1:])
