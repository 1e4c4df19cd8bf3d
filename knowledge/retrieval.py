"""Hybrid search and the coverage decision: question -> evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import coverage
from knowledge.editions import Edition
from knowledge.embedding import Embedder, Vectors
from knowledge.lexical import question_terms, subject_terms
from knowledge.library import Library
from knowledge.model import Coverage, Evidence, FoundPassage

CANDIDATES = 100
"""How many passages each half of the search proposes."""

DENSE_WEIGHT = 0.65
COVERAGE_PASSAGES = 5

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    """All candidates for a question, best first: positions in the edition and scores."""

    positions: NDArray[np.int64]
    combined: Scores
    dense: Scores
    lexical: Scores


class Retriever:
    """Searches one edition. Blocking; safe to call from several threads.

    Args:
        library: holds the texts and vectors of the edition.
        edition: the opened index.
        embedder: embeds the question.
    """

    def __init__(self, library: Library, edition: Edition, embedder: Embedder) -> None:
        self.edition = edition
        self._library = library
        self._embedder = embedder

    def retrieve(self, question: str, count: int = 8, per_article: int = 4) -> Evidence:
        """Find the evidence for a question.

        Args:
            question: a self-contained question.
            count: how many passages at most.
            per_article: how many of them may come from one article.
        """
        terms = question_terms(question)
        ranking = self._rank(self._embedder.embed_question(question), terms)
        found = self._load(ranking, self._spread(ranking, count, per_article))
        return Evidence(
            question, found, self._decide(ranking, terms, found), self.edition.record.id
        )

    def rank_articles(self, question: str, count: int) -> list[tuple[str, float]]:
        """Ids of the best articles with the score of each one's best passage."""
        vector = self._embedder.embed_question(question)
        ranking = self._rank(vector, question_terms(question))
        best: dict[str, float] = {}
        for position, score in zip(ranking.positions, ranking.combined, strict=True):
            best.setdefault(self.edition.keys[position].article_id, float(score))
        return list(best.items())[:count]

    def _rank(self, vector: Vectors, terms: Sequence[str]) -> Ranking:
        nearest = self.edition.nearest(vector, CANDIDATES)
        lexical = self.edition.lexical.scores(terms)
        top = min(CANDIDATES, len(lexical))
        matching = np.argpartition(-lexical, top - 1)[:top]
        matching = matching[lexical[matching] > 0]
        positions = np.union1d(np.fromiter(nearest, dtype=np.int64), matching)
        dense = self._dense(positions, nearest, vector)
        combined = DENSE_WEIGHT * _normalized(dense) + (1 - DENSE_WEIGHT) * _normalized(
            lexical[positions]
        )
        order = np.argsort(-combined, kind="stable")
        return Ranking(positions[order], combined[order], dense[order], lexical[positions][order])

    def _dense(
        self, positions: NDArray[np.int64], nearest: dict[int, float], vector: Vectors
    ) -> Scores:
        """Exact cosine of every candidate, also of those that only the words proposed."""
        keys = self.edition.keys
        missing = [keys[i].vector_id for i in positions if int(i) not in nearest]
        vectors = self._library.vectors(missing, self.edition.record.embedding)
        return np.array(
            [
                nearest[int(i)] if int(i) in nearest else vectors[keys[i].vector_id] @ vector
                for i in positions
            ],
            dtype=np.float32,
        )

    def _spread(self, ranking: Ranking, count: int, per_article: int) -> list[int]:
        """Places in the ranking of the best passages, a few an article."""
        chosen: list[int] = []
        taken: dict[str, int] = {}
        for place, position in enumerate(ranking.positions):
            article = self.edition.keys[position].article_id
            if taken.get(article, 0) < per_article:
                taken[article] = taken.get(article, 0) + 1
                chosen.append(place)
            if len(chosen) == count:
                break
        return chosen

    def _load(self, ranking: Ranking, places: Sequence[int]) -> tuple[FoundPassage, ...]:
        ids = [self.edition.keys[ranking.positions[place]].id for place in places]
        passages = self._library.passages(ids)
        return tuple(
            FoundPassage(
                passages[id_],
                float(ranking.combined[place]),
                float(ranking.dense[place]),
                float(ranking.lexical[place]),
            )
            for id_, place in zip(ids, places, strict=True)
        )

    def _decide(
        self, ranking: Ranking, terms: Sequence[str], found: Sequence[FoundPassage]
    ) -> Coverage:
        return coverage.decide(
            float(ranking.dense.max(initial=0.0)),
            subject_terms(terms),
            [hit.passage for hit in found[:COVERAGE_PASSAGES]],
            self.edition.lexical.idf,
        )


def _normalized(scores: Scores) -> Scores:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return np.zeros_like(scores) if high == low else (scores - low) / (high - low)
