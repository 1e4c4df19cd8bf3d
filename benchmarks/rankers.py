"""Who ranks articles beside Explainer: its own halves, fixed mixes of them, and a textbook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.contenders.textbook import Textbook, TorchEmbeddings
from benchmarks.corpus import Corpus
from knowledge.base import KnowledgeBase
from knowledge.embedding import Vectors
from knowledge.lexical import LexicalIndex
from knowledge.words import question_terms

MIXES = {"BM25": 0.0, "dense": 1.0, "mix, .5 dense": 0.5, "mix, .7 dense": 0.7}
RANK_FUSION = "rank fusion"
TEXTBOOK = "LangChain + Chroma"
CANDIDATES = 100

_RANK_OFFSET = 60
_TEXTBOOK_PASSAGES = 20


class Mixer:
    """Mixes exact cosine similarity and BM25 of the published passages in fixed ways.

    Args:
        knowledge: the published edition.
        folder: where its own BM25 index goes.
    """

    def __init__(self, knowledge: KnowledgeBase, folder: Path) -> None:
        record = knowledge.published()
        self._embedder = knowledge.embedder
        self._keys = knowledge.library.passage_keys(record.id)
        LexicalIndex.build([key.id for key in self._keys], partial(_texts, knowledge), folder)
        self._lexical = LexicalIndex.open(folder)
        ids = [key.vector_id for key in self._keys]
        vectors = knowledge.library.vectors(ids, record.embedding)
        self._vectors = np.stack([vectors[id_] for id_ in ids])

    def rank(self, question: str) -> dict[str, list[str]]:
        """Ids of the best articles by each mix."""
        dense = self._vectors @ self._embedder.embed_question(question)
        lexical = self._lexical.scores(question_terms(question))
        best = [np.argsort(-scores, kind="stable")[:CANDIDATES] for scores in (dense, lexical)]
        best[1] = best[1][lexical[best[1]] > 0]
        positions = np.union1d(*best)
        halves = _normalized(dense[positions]), _normalized(lexical[positions])
        mixed = {
            name: self._articles(positions, weight * halves[0] + (1 - weight) * halves[1])
            for name, weight in MIXES.items()
        }
        return {**mixed, RANK_FUSION: self._articles(positions, _fused(positions, best))}

    def _articles(self, positions: NDArray[np.intp], scores: Vectors) -> list[str]:
        order = [i for i in np.argsort(-scores, kind="stable") if scores[i] > 0]
        return list(dict.fromkeys(self._keys[positions[i]].article_id for i in order))


class RememberingTorch(TorchEmbeddings):
    """The textbook's embeddings; what several indexes hold is embedded once."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Vectors] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages that weren't embedded before."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            vectors = np.array(super().embed_documents(new), dtype=np.float32)
            self._known |= zip(new, vectors, strict=True)
        return [self._known[text].tolist() for text in texts]


class TextbookRanker:
    """Indexes a corpus as tutorials do, and ranks its articles by their best chunk.

    Args:
        corpus: a corpus in BEIR's form.
        folder: where the index goes.
        embeddings: embed chunks and questions.
    """

    def __init__(self, corpus: Path, folder: Path, embeddings: RememberingTorch) -> None:
        self._textbook = Textbook(Corpus(corpus), folder, embeddings)
        self._textbook.index()

    def rank(self, question: str) -> list[str]:
        """Ids of the best articles."""
        return self._textbook.articles(question, _TEXTBOOK_PASSAGES)


def _texts(knowledge: KnowledgeBase, ids: Sequence[str]) -> dict[str, str]:
    return {id_: p.lexical_text for id_, p in knowledge.library.passages(ids).items()}


def _normalized(scores: Vectors) -> Vectors:
    low, high = scores.min(), scores.max()
    return np.zeros_like(scores) if high == low else (scores - low) / (high - low)


def _fused(positions: NDArray[np.intp], rankings: Sequence[NDArray[np.intp]]) -> Vectors:
    """Reciprocal rank fusion: of each position, the sum over the rankings that it stands in.

    Source: Cormack et al., "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods" (2009).
    """
    scores = np.zeros(len(positions), dtype=np.float32)
    for ranking in rankings:
        places = np.searchsorted(positions, ranking)
        scores[places] += 1 / (_RANK_OFFSET + 1 + np.arange(len(ranking), dtype=np.float32))
    return scores
