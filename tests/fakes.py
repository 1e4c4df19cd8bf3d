"""Stand-ins for the heavy parts, with the same interface as what they stand for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import orjson
from chromadb.api.shared_system_client import SharedSystemClient

from knowledge.editions.building import build
from knowledge.editions.embedded import EmbeddedEditions
from knowledge.editions.probing import probe
from knowledge.embedding import Advance, Vectors, unheard
from knowledge.errors import KnowledgeError, ReindexRefused
from knowledge.library import Library
from knowledge.reading import Answering

UNANSWERED = -8.0
"""Log-odds of a text in which nothing answers."""

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """A bag of words as a vector: an ``Embedder`` without a model.

    Each word has a random direction that its spelling decides, so that texts with common
    words are near and others nearly orthogonal, in every process alike. It notes what it
    was asked to embed.

    Args:
        identity: what it calls itself.
        dimensions: length of its vectors.
    """

    def __init__(self, identity: str = "hashing@1", dimensions: int = 64) -> None:
        self._identity = identity
        self._dimensions = dimensions
        self.embedded: list[str] = []

    @property
    def identity(self) -> str:
        """What it calls itself."""
        return self._identity

    def embed_passages(self, texts: Sequence[str], advance: Advance = unheard) -> Vectors:
        """Embed texts of any number; shape (texts, dimensions)."""
        self.embedded += texts
        vectors = [self.embed_question(text) for text in texts]
        advance(len(texts))
        return np.stack(vectors) if vectors else np.zeros((0, self._dimensions), np.float32)

    def embed_question(self, text: str) -> Vectors:
        """Embed one question; shape (dimensions,)."""
        words = _WORD.findall(text.lower()) or [""]
        total = np.sum([_direction(word, self._dimensions) for word in words], axis=0)
        vector: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return vector


class ScriptedReader:
    """A ``Reader`` without a model. It notes whether it was prepared, and what it read.

    Args:
        answers: phrases that answer every question, each with its log-odds.
    """

    def __init__(self, answers: Mapping[str, float] | None = None) -> None:
        self._answers = answers or {}
        self.read: list[tuple[str, str]] = []
        self.prepared = False

    def prepare(self) -> None:
        """Note that it was called."""
        self.prepared = True

    def answering(self, question: str, text: str) -> Answering:
        """The best of the phrases that stand in a text."""
        self.read.append((question, text))
        held = [phrase for phrase in self._answers if phrase in text]
        if not held:
            return Answering(UNANSWERED, 0, 0)
        best = max(held, key=self._answers.__getitem__)
        start = text.index(best)
        return Answering(self._answers[best], start, start + len(best))


class ScriptedReranker:
    """A ``Reranker`` without a model. It notes which texts it was given.

    Args:
        order: phrases of the texts that come first, from the best on.
    """

    def __init__(self, *order: str) -> None:
        self._order = order
        self.given: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Higher for a text that holds an earlier phrase; the lowest for one that holds none."""
        self.given += texts
        places = [[phrase in text for phrase in (*self._order, "")].index(True) for text in texts]
        return [-float(place) for place in places]


class EditionsInProcess(EmbeddedEditions):
    """Real editions, made without a process of their own, which takes seconds to start."""

    def __init__(self, data_dir: Path, library: Library) -> None:
        super().__init__(data_dir, library)
        self._root = data_dir

    def _child(self, *arguments: str) -> Iterator[str]:
        task, edition_id, *folders = arguments
        try:
            if task == "build":
                for built in build(self._root, int(edition_id), *folders):
                    yield orjson.dumps(built).decode()
            else:
                probe(self._root, self._library, int(edition_id))
        except KnowledgeError as error:
            if folders:
                # A process of its own would take chromadb's memory of the failure with it.
                failed = str(self._root / "editions" / folders[0] / "chroma")
                SharedSystemClient._identifier_to_system.pop(failed, None)
            raise ReindexRefused(str(error).rstrip(".")) from None


@cache
def _direction(word: str, dimensions: int) -> Vectors:
    generator = np.random.default_rng(zlib.crc32(word.encode()))
    return generator.standard_normal(dimensions, dtype=np.float32)
