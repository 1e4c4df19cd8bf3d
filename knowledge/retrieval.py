"""Hybrid search and the coverage decision: question -> evidence."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge import coverage
from knowledge.calibration import DEFAULT, Calibration
from knowledge.close_reading import find_answer, is_readable
from knowledge.editions import Edition
from knowledge.embedding import Vectors
from knowledge.library import Library
from knowledge.model import Evidence, FoundAnswer, FoundPassage, Passage
from knowledge.models import Models
from knowledge.words import question_terms, subject_terms

CANDIDATES = 100
"""How many passages each half of the search proposes."""

RERANKED = 30
"""How many of the best a reranker puts in order."""

LEAST_DENSE_WEIGHT = 0.6
COVERAGE_PASSAGES = 5

_REMEMBERED_QUESTIONS = 256
_REMEMBERED_PASSAGES = 4096

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
        models: embed the question, and read and rerank what is found.
        calibration: what an answerable question must reach.
        articles: ids of the articles that are searched; ``None``: all.
    """

    def __init__(
        self,
        library: Library,
        edition: Edition,
        models: Models,
        calibration: Calibration = DEFAULT,
        articles: Set[str] | None = None,
    ) -> None:
        self._models = models
        self._calibration = calibration
        self.edition = edition
        self._library = library
        self._searched = None if articles is None else _positions(edition, articles)
        self._read: dict[str, Passage] = {}
        self._embed = lru_cache(_REMEMBERED_QUESTIONS)(models.embedder.embed_question)

    def retrieve(
        self, question: str, count: int = 8, per_article: int = 4, *, named: bool = False
    ) -> Evidence:
        """Find the evidence for a question.

        Args:
            question: a self-contained question.
            count: how many passages at most.
            per_article: how many of them may come from one article.
            named: whether it only asks for topics that have articles, which then cover it;
                of any other question it is read whether the best passages answer it.
        """
        terms = question_terms(question)
        ranking = self._reranked(question, self._rank(self._embed(question), terms))
        found = self._load(ranking, self._spread(ranking, count, per_article))
        answer = None if named else self._answer(question, terms, found)
        decision = coverage.decide(
            float(ranking.dense.max(initial=0.0)),
            coverage.share_of_terms(
                subject_terms(terms),
                [hit.passage for hit in found[:COVERAGE_PASSAGES]],
                self.edition.lexical.idf,
            ),
            answer.score if answer else None,
            self._calibration,
        )
        if named:
            decision = replace(decision, covered=True)
        return Evidence(question, found, decision, self.edition.record.id, answer)

    def rank_articles(self, question: str, count: int) -> list[tuple[str, float]]:
        """Ids of the best articles with the score of each one's best passage."""
        terms = question_terms(question)
        ranking = self._reranked(question, self._rank(self._embed(question), terms))
        best: dict[str, float] = {}
        for position, score in zip(ranking.positions, ranking.combined, strict=True):
            best.setdefault(self.edition.keys[position].article_id, float(score))
        return list(best.items())[:count]

    def _rank(self, vector: Vectors, terms: Sequence[str]) -> Ranking:
        lexical = self.edition.lexical.scores(terms)
        if self._searched is not None:
            lexical = np.where(self._searched, lexical, np.float32(0))
        top = min(CANDIDATES, len(lexical))
        matching = np.argpartition(-lexical, top - 1)[:top]
        matching = matching[lexical[matching] > 0]
        positions = np.union1d(self._nearest(vector), matching)
        dense = self.edition.vectors[positions] @ vector
        weight = dense_weight(terms)
        combined = weight * _normalized(dense) + (1 - weight) * _normalized(lexical[positions])
        order = np.argsort(-combined, kind="stable")
        return Ranking(positions[order], combined[order], dense[order], lexical[positions][order])

    def _nearest(self, vector: Vectors) -> NDArray[np.int64]:
        if self._searched is None:
            return np.fromiter(self.edition.nearest(vector, CANDIDATES), dtype=np.int64)
        # Of a part of the articles the index might find none among its nearest.
        part = np.flatnonzero(self._searched)
        dense = self.edition.vectors[part] @ vector
        return part[np.argsort(-dense, kind="stable")[:CANDIDATES]]

    def _reranked(self, question: str, ranking: Ranking) -> Ranking:
        if self._models.reranker is None:
            return ranking
        ids = [self.edition.keys[position].id for position in ranking.positions[:RERANKED]]
        texts = [passage.embedded_text for passage in self._passages(ids)]
        scores = self._models.reranker.scores(question, texts)
        order = np.arange(len(ranking.positions))
        order[: len(ids)] = np.argsort(-np.array(scores), kind="stable")
        # The combined scores stay where they are: they fall from the first place to the last.
        return replace(
            ranking,
            positions=ranking.positions[order],
            dense=ranking.dense[order],
            lexical=ranking.lexical[order],
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
        return tuple(
            FoundPassage(
                passage,
                float(ranking.combined[place]),
                float(ranking.dense[place]),
                float(ranking.lexical[place]),
            )
            for passage, place in zip(self._passages(ids), places, strict=True)
        )

    def _passages(self, ids: Sequence[str]) -> list[Passage]:
        """Passages by their ids; an edition never changes, so they are remembered."""
        read = self._read
        unread = [id_ for id_ in ids if id_ not in read]
        if len(read) + len(unread) > _REMEMBERED_PASSAGES:
            self._read = read = {id_: read[id_] for id_ in ids if id_ in read}
        if unread:
            read |= self._library.passages(unread)
        return [read[id_] for id_ in ids]

    def _answer(
        self, question: str, terms: Sequence[str], found: Sequence[FoundPassage]
    ) -> FoundAnswer | None:
        if self._models.reader is None or not is_readable(question):
            return None
        weights = {term: self.edition.lexical.idf(term) for term in subject_terms(terms)}
        return find_answer(self._models.reader, question, found, weights)


def dense_weight(terms: Sequence[str]) -> float:
    """The share of the dense half in a combined score.

    One word cannot tell passages apart but by how often it stands in them, which says little;
    with three different words the lexical half knows as much as it ever does.

    Args:
        terms: the question's terms.
    """
    others = max(0, len(set(terms)) - 1)
    return max(LEAST_DENSE_WEIGHT, 1 - 0.2 * others)


def _positions(edition: Edition, articles: Set[str]) -> NDArray[np.bool_]:
    """Which passages of an edition belong to some articles; shape (passages,)."""
    return np.fromiter((key.article_id in articles for key in edition.keys), dtype=np.bool_)


def _normalized(scores: Scores) -> Scores:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return np.zeros_like(scores) if high == low else (scores - low) / (high - low)
