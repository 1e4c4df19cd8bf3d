"""Do the articles hold what a question asks about?"""

from __future__ import annotations

import pytest

from knowledge.base import KnowledgeBase
from knowledge.calibration import Calibration
from knowledge.coverage import decide, share_of_terms
from knowledge.model import Passage
from knowledge.words import terms

IDF = {"attent": 1.0, "transform": 1.0, "sourdough": 6.0}
FITTED = Calibration(subject=0.7, reading=0.1, answer=0.9)


def _passage(text: str, *aliases: str) -> Passage:
    return Passage("a", "", (), text, aliases)


def _share(question: str, *texts: str) -> float:
    passages = [_passage(text) for text in texts]
    return share_of_terms(terms(question), passages, lambda term: IDF.get(term, 3.0))


def test_the_share_of_terms_is_weighted_by_how_much_they_tell() -> None:
    assert _share("attention sourdough", "About attention.") == pytest.approx(1 / 7)
    assert _share("attention sourdough", "About sourdough.") == pytest.approx(6 / 7)


def test_the_best_single_passage_counts_not_all_together() -> None:
    assert _share("attention transformer", "Attention.", "Transformer.") == 0.5
    assert _share("attention transformer", "Attention, transformer.") == 1.0


def test_other_names_of_the_concept_count_as_its_words() -> None:
    passage = _passage("A bread.", "sourdough")

    assert share_of_terms(terms("sourdough"), [passage], lambda _: 1.0) == 1.0


def test_without_terms_or_passages_nothing_is_shared() -> None:
    assert _share("", "Attention.") == 0.0
    assert _share("attention") == 0.0


@pytest.mark.parametrize(
    ("dense", "share", "covered"),
    [(0.7, 0.0, True), (0.69, 0.0, False), (0.2, 1.0, True), (0.45, 0.4, False), (0.5, 0.4, True)],
)
def test_meaning_and_half_of_the_words_must_reach_the_threshold(
    dense: float, share: float, covered: bool
) -> None:
    decision = decide(dense, share, None, FITTED)

    assert (decision.covered, decision.dense, decision.terms) == (covered, dense, share)


@pytest.mark.parametrize(
    ("answer", "score"), [(None, 1.1), (0.0, 1.1), (3.0, 1.4), (-5.0, 0.6), (-99.0, 0.6)]
)
def test_what_reading_found_counts_beside_the_subject(answer: float | None, score: float) -> None:
    decision = decide(0.6, 1.0, answer, FITTED)

    assert decision.score == pytest.approx(score)
    assert decision.threshold == (0.7 if answer is None else 0.9)
    assert decision.covered is (score >= decision.threshold)


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
        ("Why does an overfitted model do badly on new data?", "overfitting"),
        ("How many bits does a quantized weight have?", "quantization"),
    ],
)
def test_the_right_article_comes_first(
    shipped: KnowledgeBase, question: str, article_id: str
) -> None:
    assert shipped.retrieve(question).passages[0].passage.article_id == article_id
