"""The knowledge base: the published edition, open for questions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from knowledge import calibration
from knowledge.base import KnowledgeBase
from knowledge.calibration import Calibration
from knowledge.errors import IndexMissing
from knowledge.sources.declaring import declared
from tests.fakes import ScriptedReader, ScriptedReranker
from tests.knowledge.house import House

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


@pytest.fixture
def shelved(house: House) -> House:
    """A house whose six articles are published."""
    house.shelve(NAMES)
    house.reindex()
    return house


def test_questions_before_the_first_reindex_are_told_what_to_do(house: House) -> None:
    with pytest.raises(IndexMissing, match="explainer reindex"):
        house.base().retrieve("What is alpha?")


def test_a_question_is_answered_from_the_published_edition(shelved: House) -> None:
    base = shelved.base()

    evidence = base.retrieve("What do betaers call a betaing?")

    assert evidence.passages[0].passage.article_id == "beta"
    assert evidence.edition == base.published().id


def test_an_open_knowledge_base_moves_on_to_a_new_edition(shelved: House) -> None:
    base = shelved.base()
    base.retrieve("What is beta?")
    shelved.write("beta", "The beta turned into something new.", title="beta")
    shelved.reindex()

    texts = [hit.passage.text for hit in base.retrieve("What is beta?").passages]

    assert "The beta turned into something new." in texts
    assert "The beta is what betaers call a betaing." not in texts


def test_a_question_under_way_ends_on_the_edition_it_began_with(shelved: House) -> None:
    base = shelved.base()
    under_way = base.current()
    shelved.write("beta", "The beta turned into something new.", title="beta")
    shelved.reindex()
    base.retrieve("What is beta?")

    hits = under_way.retrieve("What do betaers call a betaing?").passages

    assert hits[0].passage.text == "The beta is what betaers call a betaing."


def test_a_knowledge_base_moves_on_many_times(shelved: House) -> None:
    base, found = shelved.base(), []
    for number in range(4):
        shelved.write("beta", f"The beta of number{number} is new.", title="beta")
        shelved.reindex()
        found.append(base.retrieve(f"beta number{number}").passages[0].passage.text)

    assert found == [f"The beta of number{number} is new." for number in range(4)]


def test_two_knowledge_bases_read_beside_each_other(shelved: House) -> None:
    one, two = shelved.base(), shelved.base()

    assert one.retrieve("What is beta?").passages == two.retrieve("What is beta?").passages


def test_closing_one_knowledge_base_leaves_the_other_open(shelved: House) -> None:
    one, two = shelved.base(), shelved.base()
    one.retrieve("What is beta?")
    before = two.retrieve("What is beta?")

    one.close()

    assert two.retrieve("What is beta?") == before


def test_many_threads_may_ask_at_once(shelved: House) -> None:
    base = shelved.base()
    questions = [f"What do {name}ers call a {name}ing?" for name in NAMES] * 5
    with ThreadPoolExecutor(8) as threads:
        evidence = list(threads.map(base.retrieve, questions))

    assert evidence == [base.retrieve(question) for question in questions]


def test_abbreviations_in_a_question_are_understood(shelved: House) -> None:
    shelved.write(
        "mixture", "Some experts are chosen.", title="Mixture of experts", aliases=["MoE"]
    )
    shelved.reindex()

    evidence = shelved.base().retrieve("What is MoE?")

    assert evidence.question == "What is MoE (Mixture of experts)?"
    assert evidence.passages[0].passage.article_id == "mixture"


def test_articles_are_ranked_once_each(shelved: House) -> None:
    ranked = shelved.base().rank_articles("What do betaers call a betaing?", 3)

    assert ranked[0][0] == "beta"
    assert len({article_id for article_id, _ in ranked}) == 3


def test_the_topics_are_those_of_the_published_edition(shelved: House) -> None:
    base = shelved.base()
    before = [topic.id for topic in base.topics()]
    shelved.shelve(["eta"])
    shelved.reindex()

    assert before == sorted(NAMES)
    assert [topic.id for topic in base.topics()] == sorted([*NAMES, "eta"])


def test_an_article_and_its_passages_can_be_looked_up(shelved: House) -> None:
    base = shelved.base()
    article = base.current().article("beta")

    assert article is not None
    assert article.title == "beta"
    assert [passage.text for passage in base.current().passages_of("beta")] == [
        "The beta is what betaers call a betaing."
    ]


def test_an_article_that_is_gone_cannot_be_looked_up(shelved: House) -> None:
    base = shelved.base()
    (shelved.articles / "beta.md").unlink()
    shelved.reindex()

    assert base.current().article("beta") is None
    assert base.current().passages_of("beta") == ()


def test_a_rare_term_weighs_more_than_a_common_one(shelved: House) -> None:
    base = shelved.base()

    assert base.current().term_weight("alphaer") > base.current().term_weight("call")


def test_it_is_known_which_sources_the_edition_was_made_from(shelved: House) -> None:
    base = shelved.base()

    here, elsewhere = declared([str(shelved.articles), "elsewhere"]).source

    assert base.made_from([here])
    assert not base.made_from([here, elsewhere])


def test_typing_errors_in_the_names_of_topics_are_put_right(shelved: House) -> None:
    edition = shelved.base().current()

    assert edition.corrected("What is an epsilno?") == "What is an epsilon?"


def test_a_word_that_stands_in_an_article_is_no_typing_error(shelved: House) -> None:
    shelved.write("greek", "An epsilom is another letter.", title="Letters")
    shelved.reindex()
    edition = shelved.base().current()

    assert edition.corrected("Is epsilom an epsilno?") == "Is epsilom an epsilon?"


def test_a_topic_that_is_asked_for_by_its_name_is_covered(shelved: House) -> None:
    calibration.save(shelved.data_dir, shelved.embedder.identity, Calibration(subject=99.0))
    reader = ScriptedReader()
    with closing(KnowledgeBase(shelved.data_dir, shelved.embedder, reader)) as base:
        evidence = base.retrieve("What is beta?")

    assert (evidence.coverage.covered, evidence.coverage.answer, reader.read) == (True, None, [])


def test_whether_anything_else_is_covered_is_read(shelved: House) -> None:
    reader = ScriptedReader({"a betaing": 5.0})
    with closing(KnowledgeBase(shelved.data_dir, shelved.embedder, reader)) as base:
        evidence = base.retrieve("What do people call a betaing?")

    assert evidence.coverage.answer == 5.0
    assert evidence.answer is not None
    assert evidence.answer.sentence == "The beta is what betaers call a betaing."


def test_the_calibration_of_the_embedding_decides(shelved: House) -> None:
    question = "What do betaers call a betaing?"
    covered = []
    for subject in (0.1, 99.0):
        calibration.save(shelved.data_dir, shelved.embedder.identity, Calibration(subject))
        covered.append(shelved.base().retrieve(question).coverage.covered)

    assert covered == [True, False]


def test_a_reranker_orders_what_is_found(shelved: House) -> None:
    reranker = ScriptedReranker("zeta")
    with closing(KnowledgeBase(shelved.data_dir, shelved.embedder, reranker=reranker)) as base:
        found = base.retrieve("What do betaers call a betaing?").passages

    assert found[0].passage.article_id == "zeta"


@pytest.mark.parametrize("word", ["Turing", "gamma", "decent", "evolution", "perception"])
def test_a_common_word_is_no_typing_error(shipped: KnowledgeBase, word: str) -> None:
    question = f"What is {word}?"

    assert shipped.current().corrected(question) == question


@pytest.mark.parametrize(
    ("typed", "meant"), [("atention", "attention"), ("quantizaton", "quantization")]
)
def test_a_slip_in_the_name_of_a_shipped_topic_is_put_right(
    shipped: KnowledgeBase, typed: str, meant: str
) -> None:
    assert shipped.current().corrected(f"What is {typed}?") == f"What is {meant}?"
