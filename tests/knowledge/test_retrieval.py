"""Hybrid search: exact scores, their combination, and how results are spread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from knowledge.base import KnowledgeBase
from knowledge.calibration import Calibration
from knowledge.editions import Edition
from knowledge.embedding import Vectors
from knowledge.model import Evidence
from knowledge.models import Models
from knowledge.reading import Reader, Reranker
from knowledge.retrieval import LEAST_DENSE_WEIGHT, RERANKED, Retriever, dense_weight
from knowledge.words import question_terms
from tests.fakes import UNANSWERED, HashingEmbedder, ScriptedReader, ScriptedReranker
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

    weight = dense_weight(question_terms(evidence.question))
    expected = {"meaning": weight, "words": 1 - weight, "between": weight / 2}
    assert scores == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "weight"),
    [
        ("What is it?", 1.0),
        ("What is accuracy?", 1.0),
        ("What is accuracy, and accuracy?", 1.0),
        ("What is a confusion matrix?", 0.8),
        ("Does momentum speed up convergence?", LEAST_DENSE_WEIGHT),
        ("Does momentum speed up convergence on noisy convex losses?", LEAST_DENSE_WEIGHT),
    ],
)
def test_the_more_words_a_question_has_the_more_they_count(question: str, weight: float) -> None:
    assert dense_weight(question_terms(question)) == pytest.approx(weight)


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


def _reranked(house: House, reranker: Reranker, question: str, count: int = 8) -> Evidence:
    with closing(KnowledgeBase(house.data_dir, house.embedder, reranker=reranker)) as base:
        return base.retrieve(question, count, count)


def test_a_reranker_puts_the_passages_in_its_order(chapters: House) -> None:
    reranker = ScriptedReranker("kind 5", "spelt bread", "kind 2")

    found = _reranked(chapters, reranker, "sourdough starter kind").passages

    assert [hit.passage.text for hit in found[:3]] == [
        "Sourdough starter of kind 5.",
        "A spelt bread may need sourdough.",
        "Sourdough starter of kind 2.",
    ]


def test_a_reranker_leaves_each_passage_its_own_parts_of_the_score(chapters: House) -> None:
    question = "sourdough starter kind"
    plain = chapters.base().retrieve(question, 20, 20).passages

    found = _reranked(chapters, ScriptedReranker("spelt", "rye"), question, 20).passages

    assert {(hit.passage.id, hit.dense, hit.lexical) for hit in found} == {
        (hit.passage.id, hit.dense, hit.lexical) for hit in plain
    }
    assert [hit.passage.id for hit in found] != [hit.passage.id for hit in plain]


def test_scores_fall_with_the_order_of_a_reranker(chapters: House) -> None:
    question = "sourdough starter kind"
    plain = chapters.base().retrieve(question, 20, 20).passages

    found = _reranked(chapters, ScriptedReranker("spelt", "rye"), question, 20).passages

    assert [hit.score for hit in found] == [hit.score for hit in plain]


def test_passages_that_a_reranker_finds_alike_stay_in_order(chapters: House) -> None:
    question = "sourdough starter kind"

    assert (
        _reranked(chapters, ScriptedReranker(), question).passages
        == chapters.base().retrieve(question, 8, 8).passages
    )


def test_a_reranker_reads_passages_with_their_titles_and_headings(chapters: House) -> None:
    reranker = ScriptedReranker()

    _reranked(chapters, reranker, "sourdough starter kind")

    assert "Sourdough starter › Part 3\nSourdough starter of kind 3." in reranker.given


def test_a_reranker_reads_only_the_best(crowd: House) -> None:
    reranker = ScriptedReranker()
    question = "word7 word8 word9"
    plain = crowd.base().retrieve(question, 2 * RERANKED, 2 * RERANKED).passages

    found = _reranked(crowd, reranker, question, 2 * RERANKED).passages

    assert reranker.given == [hit.passage.embedded_text for hit in plain[:RERANKED]]
    assert found == plain


def test_articles_are_ranked_as_a_reranker_orders_their_passages(chapters: House) -> None:
    reranker = ScriptedReranker("spelt", "kind 4", "rye")
    with closing(KnowledgeBase(chapters.data_dir, chapters.embedder, reranker=reranker)) as base:
        ranked = [article_id for article_id, _ in base.rank_articles("sourdough starter kind", 4)]

    assert ranked == ["spelt", "sourdough", "rye", "wheat"]


@pytest.fixture
def bread(house: House) -> House:
    """Articles on a subject that don't say everything about it."""
    house.write(
        "sourdough",
        "A sourdough starter is a mixture of flour and water. Egyptians baked with it first.",
        title="Sourdough starter",
    )
    house.write("rye", "A rye bread may need a sourdough starter.", title="Rye")
    house.reindex()
    return house


INVENTED = "Which people invented the sourdough starter?"


def _read(house: House, reader: Reader | None, *, named: bool = False) -> Evidence:
    """What a reader finds, where the subject alone reaches half of what must be reached."""
    base = house.base()
    with closing(base.editions.open(base.published())) as edition:
        calibration = Calibration(subject=50.0, reading=10.0, answer=50.0)
        retriever = Retriever(house.library, edition, Models(house.embedder, reader), calibration)
        return retriever.retrieve(INVENTED, named=named)


def test_a_reader_tells_which_sentence_answers(bread: House) -> None:
    evidence = _read(bread, ScriptedReader({"Egyptians": 6.0}))

    assert evidence.answer is not None
    assert evidence.answer.sentence == "Egyptians baked with it first."
    assert evidence.answer.passage_id in {
        hit.passage.id for hit in evidence.passages if hit.passage.article_id == "sourdough"
    }


@pytest.mark.parametrize(("score", "covered"), [(6.0, True), (4.0, False), (-6.0, False)])
def test_a_question_is_covered_if_reading_finds_the_answer_likely(
    bread: House, score: float, covered: bool
) -> None:
    decision = _read(bread, ScriptedReader({"Egyptians": score})).coverage

    assert (decision.answer, decision.covered) == (score, covered)


def test_where_no_answer_stands_none_is_likely(bread: House) -> None:
    evidence = _read(bread, ScriptedReader())

    assert (evidence.coverage.answer, evidence.coverage.covered) == (UNANSWERED, False)


def test_the_question_is_read_with_the_best_passages(bread: House) -> None:
    reader = ScriptedReader()

    evidence = _read(bread, reader)

    texts = [hit.passage.text for hit in evidence.passages]
    assert {question for question, _ in reader.read} == {INVENTED}
    assert {text for _, text in reader.read} <= set(texts)
    assert texts[0] in {text for _, text in reader.read}


def test_a_question_that_only_names_topics_is_covered_without_reading(bread: House) -> None:
    reader = ScriptedReader()

    evidence = _read(bread, reader, named=True)

    assert (evidence.coverage.covered, evidence.coverage.answer) == (True, None)
    assert (evidence.answer, reader.read) == (None, [])


def test_without_a_reader_nothing_is_read(bread: House) -> None:
    evidence = _read(bread, None)

    assert (evidence.answer, evidence.coverage.answer) == (None, None)


def test_a_question_that_is_asked_again_is_not_embedded_again(
    chapters: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed, embedded = chapters.embedder.embed_question, list[str]()

    def counted(text: str) -> Vectors:
        embedded.append(text)
        return embed(text)

    monkeypatch.setattr(chapters.embedder, "embed_question", counted)
    base = chapters.base()
    evidence = [base.retrieve("sourdough starter kind") for _ in range(2)]

    assert evidence[0] == evidence[1]
    assert len(embedded) == 1


def test_a_passage_that_is_found_again_is_not_read_again(
    chapters: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = chapters.base()
    first = base.retrieve("sourdough starter", count=100, per_article=100)
    monkeypatch.setattr(base.library, "passages", None)

    again = base.retrieve("starter of rye", count=100, per_article=100)

    assert {hit.passage for hit in again.passages} == {hit.passage for hit in first.passages}


def test_the_same_is_found_when_little_can_be_remembered(
    chapters: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = ["sourdough starter kind", "rye bread", "spelt", "sourdough starter kind 3"]
    expected = [chapters.base().retrieve(question, count=4) for question in questions]
    monkeypatch.setattr("knowledge.retrieval._REMEMBERED_PASSAGES", 5)
    base = chapters.base()

    assert [base.retrieve(question, count=4) for question in questions] == expected
