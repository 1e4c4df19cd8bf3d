"""Hybrid search: exact scores, their combination, and how results are spread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from knowledge.editions import Edition
from knowledge.embedding import Vectors
from knowledge.lexical import question_terms
from knowledge.model import Evidence
from knowledge.retrieval import DENSE_WEIGHT
from tests.fakes import HashingEmbedder
from tests.knowledge.house import House

COUNT = 2000


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two thousand passages of one word each, and so with random vectors."""
    house = House(tmp_path_factory.mktemp("crowd"))
    corpus = house.articles / "corpus.jsonl"
    corpus.write_text("\n".join(f'{{"_id": "d{n}", "text": "word{n}"}}' for n in range(COUNT)))
    house.reindex(corpus)
    yield house
    house.close()


@pytest.fixture(scope="module")
def edition(crowd: House) -> Iterator[Edition]:
    """The opened edition of the crowd."""
    base = crowd.base()
    edition = base.editions.open(base.published())
    yield edition
    edition.close()


@pytest.fixture(scope="module")
def matrix(crowd: House, edition: Edition) -> Vectors:
    """The vectors of the crowd in the order of its keys."""
    vectors = crowd.library.vectors(
        [key.vector_id for key in edition.keys], edition.record.embedding
    )
    return np.stack([vectors[key.vector_id] for key in edition.keys])


def _unit(vector: Vectors) -> Vectors:
    length: Vectors = vector / np.linalg.norm(vector)
    return length


def _near(matrix: Vectors) -> list[Vectors]:
    noise = np.random.default_rng(1).standard_normal((40, matrix.shape[1]), dtype=np.float32)
    return [_unit(vector + 0.1 * shake) for vector, shake in zip(matrix[::50], noise, strict=True)]


def _random(matrix: Vectors) -> list[Vectors]:
    return list(
        map(
            _unit, np.random.default_rng(2).standard_normal((40, matrix.shape[1]), dtype=np.float32)
        )
    )


def _far_off(matrix: Vectors) -> list[Vectors]:
    """Opposite to the middle of neighbours, and along single axes."""
    middles = [-_unit(part.mean(axis=0)) for part in np.split(matrix, 20)]
    return middles + list(np.eye(matrix.shape[1], dtype=np.float32)[:20])


@pytest.mark.parametrize("queries", [_near, _random, _far_off])
def test_the_ten_nearest_are_those_of_an_exact_search(
    edition: Edition, matrix: Vectors, queries: object
) -> None:
    assert callable(queries)
    hits = 0
    for query in queries(matrix):
        exact = set(np.argsort(-(matrix @ query))[:10].tolist())
        found = edition.nearest(query, 100)
        hits += len(exact & set(sorted(found, key=lambda i: -found[i])[:10]))

    assert hits / (10 * 40) >= 0.99


def test_similarities_are_exact(edition: Edition, matrix: Vectors) -> None:
    for query in _random(matrix)[:5]:
        found = edition.nearest(query, 50)
        exact = matrix @ query

        assert list(found.values()) == pytest.approx(
            [float(exact[position]) for position in found], abs=1e-5
        )


def test_candidates_that_only_the_words_propose_have_exact_similarities_too(
    crowd: House, edition: Edition, matrix: Vectors
) -> None:
    """The word is one of two thousand, and the question's vector is far from it."""
    question = "word7 " + " ".join(f"noise{n}" for n in range(60))
    query = crowd.embedder.embed_question(question)
    position = next(i for i, key in enumerate(edition.keys) if key.article_id == "d7")

    hits = crowd.base().retrieve(question, count=200).passages
    (hit,) = [hit for hit in hits if hit.passage.article_id == "d7"]

    assert position not in edition.nearest(query, 100)
    assert hit.dense == pytest.approx(float(matrix[position] @ query), abs=1e-5)
    assert hit.lexical > 0


class PlannedEmbedder(HashingEmbedder):
    """Vectors of a plan: the first number found in a text is its cosine with any question."""

    def embed_question(self, text: str) -> Vectors:
        cosine = next((float(word) for word in text.split() if word.startswith("0.")), 1.0)
        side = 1 + sum(map(ord, text)) % 30
        vector = np.zeros(32, dtype=np.float32)
        vector[0], vector[side] = cosine, np.sqrt(1 - cosine**2)
        return vector


def _planned(house: House, **texts: str) -> Evidence:
    house.embedder = PlannedEmbedder("planned")
    for article_id, text in texts.items():
        house.write(article_id, text, title=f"Article {article_id}")
    house.reindex()
    return house.base().retrieve("sourdough starter?")


def _order(evidence: Evidence) -> list[str]:
    return [hit.passage.article_id for hit in evidence.passages]


def test_meaning_and_words_together_beat_either_alone(house: House) -> None:
    evidence = _planned(
        house,
        meaning="0.95 bread rises overnight slowly.",
        words="0.10 sourdough starter bubbles overnight.",
        both="0.90 sourdough starter rises overnight.",
        neither="0.05 engines burn petrol quickly.",
    )

    assert _order(evidence) == ["both", "meaning", "words", "neither"]


def test_scores_combine_normalised_meaning_and_words(house: House) -> None:
    """Each normalised over the candidates: the best has 1, the worst 0."""
    evidence = _planned(
        house,
        meaning="0.90 bread rises overnight slowly.",
        words="0.10 sourdough starter bubbles overnight.",
        between="0.50 engines burn petrol quickly.",
    )
    scores = {hit.passage.article_id: hit.score for hit in evidence.passages}

    expected = {"meaning": DENSE_WEIGHT, "words": 1 - DENSE_WEIGHT, "between": DENSE_WEIGHT / 2}
    assert scores == pytest.approx(expected, abs=1e-3)


def test_scores_are_told_with_their_parts(house: House) -> None:
    evidence = _planned(
        house, meaning="0.90 bread rises slowly.", words="0.10 sourdough starter bubbles."
    )
    meaning, words = evidence.passages

    assert (meaning.dense, words.dense) == pytest.approx((0.9, 0.1), abs=1e-4)
    assert meaning.lexical == 0 < words.lexical


def test_a_question_of_nothing_but_stop_words_is_answered_by_meaning(house: House) -> None:
    house.shelve(["alpha", "beta"])
    house.reindex()

    evidence = house.base().retrieve("What is it?")

    assert question_terms("What is it?") == []
    assert len(evidence.passages) == 2


def test_a_single_passage_is_found(house: House) -> None:
    house.shelve(["alpha"])
    house.reindex()

    assert _order(house.base().retrieve("What is alpha?")) == ["alpha"]


@pytest.fixture
def chapters(house: House) -> House:
    """One article of eight passages about sourdough, and three with a mention of it."""
    house.write(
        "sourdough",
        "\n\n".join(f"## Part {n}\n\nSourdough starter of kind {n}." for n in range(8)),
        title="Sourdough starter",
    )
    for name in ("rye", "wheat", "spelt"):
        house.write(name, f"A {name} bread may need sourdough.", title=name)
    house.reindex()
    return house


@pytest.mark.parametrize("cap", [1, 2, 4])
def test_an_article_gives_only_a_few_passages(chapters: House, cap: int) -> None:
    found = _order(chapters.base().retrieve("sourdough starter kind", count=7, per_article=cap))

    assert found.count("sourdough") == cap
    assert sorted(set(found)) == ["rye", "sourdough", "spelt", "wheat"]


def test_no_more_passages_are_given_than_asked_for(chapters: House) -> None:
    assert len(chapters.base().retrieve("sourdough starter", count=3).passages) == 3


def test_passages_come_best_first(chapters: House) -> None:
    scores = [hit.score for hit in chapters.base().retrieve("sourdough starter kind").passages]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_articles_are_ranked_by_their_best_passage_one_line_each(chapters: House) -> None:
    base = chapters.base()
    ranked = base.rank_articles("sourdough starter kind", 10)
    best: dict[str, float] = {}
    for hit in base.retrieve("sourdough starter kind", count=100, per_article=100).passages:
        best.setdefault(hit.passage.article_id, hit.score)

    assert ranked == list(best.items())
    assert len(ranked) == 4


def test_no_more_articles_are_ranked_than_asked_for(chapters: House) -> None:
    assert len(chapters.base().rank_articles("sourdough", 2)) == 2
