"""Do the articles hold what a question asks about?"""

from __future__ import annotations

import pytest

from knowledge.base import KnowledgeBase
from knowledge.coverage import THRESHOLD, decide
from knowledge.lexical import terms
from knowledge.model import Passage

IDF = {"attent": 1.0, "transform": 1.0, "sourdough": 6.0}


def _passage(text: str, *aliases: str) -> Passage:
    return Passage("a", "", (), text, aliases)


def _weight(term: str) -> float:
    return IDF.get(term, 3.0)


def test_the_share_of_terms_is_weighted_by_how_much_they_tell() -> None:
    question = terms("attention sourdough")

    common = decide(0.5, question, [_passage("About attention.")], _weight)
    rare = decide(0.5, question, [_passage("About sourdough.")], _weight)

    assert common.terms == pytest.approx(1 / 7)
    assert rare.terms == pytest.approx(6 / 7)


def test_the_one_word_that_matters_decides() -> None:
    passage = [_passage("Attention in a transformer.")]

    asked = decide(0.45, terms("attention transformer"), passage, _weight)
    beside = decide(0.45, terms("attention transformer sourdough"), passage, _weight)

    assert asked.covered
    assert not beside.covered


def test_the_best_single_passage_counts_not_all_together() -> None:
    question = terms("attention transformer")

    apart = decide(0.5, question, [_passage("Attention."), _passage("Transformer.")], _weight)
    together = decide(0.5, question, [_passage("Attention, transformer.")], _weight)

    assert (apart.terms, together.terms) == (0.5, 1.0)


def test_other_names_of_the_concept_count_as_its_words() -> None:
    decision = decide(0.5, terms("sourdough"), [_passage("A bread.", "sourdough")], _weight)

    assert decision.terms == 1.0


@pytest.mark.parametrize(("dense", "covered"), [(THRESHOLD, True), (THRESHOLD - 0.01, False)])
def test_without_any_term_the_meaning_decides(dense: float, covered: bool) -> None:
    decision = decide(dense, [], [_passage("Attention.")], _weight)

    assert (decision.covered, decision.terms) == (covered, 0.0)


def test_without_any_passage_nothing_is_covered() -> None:
    assert not decide(0.0, terms("attention"), [], _weight).covered


@pytest.mark.parametrize(
    "question",
    [
        "What is self-attention?",
        "What is a large language model?",
        "How does backpropagation work?",
        "Why do language models hallucinate?",
        "What does MoE mean?",
        "What is the difference between BERT and GPT?",
        "How are tokens made from text?",
        "What is RAG good for?",
        "How does LoRA save memory?",
        "What does the temperature do when a model writes text?",
        "Explain overfitting to me",
        "What are LLMs?",
        "How does a vector database find similar vectors?",
    ],
)
def test_questions_that_the_shipped_articles_answer_are_covered(
    shipped: KnowledgeBase, question: str
) -> None:
    assert shipped.retrieve(question).coverage.covered


@pytest.mark.parametrize(
    "question",
    [
        "How do I bake sourdough bread?",
        "Who won the football world cup in 2014?",
        "What is the capital of Australia?",
        "How do I repair a flat bicycle tyre?",
        "When did the Roman empire fall?",
        "Which wine goes well with salmon?",
        "How tall is Mount Everest?",
        "What are the symptoms of the flu?",
        "How do I file my income tax return?",
        "What is the plot of Romeo and Juliet?",
        "How often should I water a cactus?",
        "Can you recommend a hotel in Lisbon?",
    ],
)
def test_questions_about_other_things_are_not_covered(
    shipped: KnowledgeBase, question: str
) -> None:
    assert not shipped.retrieve(question).coverage.covered


@pytest.mark.parametrize(
    ("question", "article_id"),
    [
        ("What is self-attention?", "self-attention"),
        ("What is MoE?", "mixture-of-experts"),
        ("What are LLMs?", "large-language-model"),
        ("What does RLHF stand for?", "rlhf"),
        ("Why does my model memorize the training data?", "overfitting"),
        ("How many bits does a quantized weight have?", "quantization"),
    ],
)
def test_the_right_article_comes_first(
    shipped: KnowledgeBase, question: str, article_id: str
) -> None:
    assert shipped.retrieve(question).passages[0].passage.article_id == article_id
