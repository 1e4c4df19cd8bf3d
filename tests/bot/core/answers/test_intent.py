"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from bot.core.answers.intent import Intent, Kind, intent_of
from tests.bot.core.making import TOPICS


def read(question: str) -> Intent:
    return intent_of(question, TOPICS.mentioned(question))


@pytest.mark.parametrize(
    "question",
    [
        "What is LoRA?",
        "Explain LoRA",
        "LoRA",
        "tell me about LoRA please",
        "What does LoRA mean?",
        "what's low-rank adaptation in simple words?",
    ],
)
def test_a_question_for_a_definition(question: str) -> None:
    assert read(question).kind is Kind.DEFINITION


@pytest.mark.parametrize(
    "question",
    [
        "How does LoRA work?",
        "how LoRA",
        "Can you explain how LoRA works step by step?",
        "how is low-rank adaptation done?",
    ],
)
def test_a_question_for_the_mechanism(question: str) -> None:
    assert read(question).kind is Kind.MECHANISM


@pytest.mark.parametrize(
    "question",
    [
        "Why LoRA?",
        "why do we need LoRA",
        "What is LoRA used for?",
        "What is the purpose of LoRA?",
        "Why is LoRA useful?",
        "When should I use LoRA?",
    ],
)
def test_a_question_for_the_purpose(question: str) -> None:
    assert read(question).kind is Kind.PURPOSE


@pytest.mark.parametrize(
    "question",
    ["Give me an example of LoRA", "LoRA example", "LoRA in numbers", "illustrate LoRA"],
)
def test_a_question_for_an_example(question: str) -> None:
    assert read(question).kind is Kind.EXAMPLE


@pytest.mark.parametrize(
    "question",
    [
        "pros and cons of LoRA",
        "limitations of LoRA",
        "What are the drawbacks of LoRA?",
        "advantages of LoRA",
        "What are the benefits and limits of LoRA?",
        "What is the trade-off of LoRA?",
        "What are the trade-offs of LoRA?",
    ],
)
def test_a_question_for_strengths_and_limits(question: str) -> None:
    assert read(question).kind is Kind.TRADEOFFS


@pytest.mark.parametrize(
    "question",
    [
        "LoRA vs quantization",
        "LoRA vs. quantization?",
        "LoRA versus quantization",
        "What is the difference between LoRA and quantization?",
        "How does LoRA differ from quantization?",
        "compare LoRA and quantization",
        "Is LoRA better than quantization?",
        "LoRA or quantization?",
    ],
)
def test_a_question_for_a_comparison(question: str) -> None:
    assert read(question).kind is Kind.COMPARISON


@pytest.mark.parametrize(
    "question",
    [
        "What rank does LoRA use?",
        "Who invented LoRA?",
        "Is LoRA meant for images or text?",
        "LoRA and quantization",
        "what is a llama",
    ],
)
def test_a_specific_question(question: str) -> None:
    assert read(question).kind is Kind.SPECIFIC


@pytest.mark.parametrize("question", ["How does it work?", "why?", "give me an example"])
def test_a_question_that_names_nothing_is_vague(question: str) -> None:
    assert read(question).kind is Kind.VAGUE


def test_the_topics_of_a_comparison_keep_their_order() -> None:
    topics = read("How does quantization differ from LoRA?").topics
    assert [topic.id for topic in topics] == ["quantization", "lora"]


def test_the_topics_names_are_not_among_the_terms() -> None:
    assert read("What rank does low-rank adaptation use?").terms == ("rank", "use")


@pytest.mark.parametrize(
    "question",
    [
        "LoRA vs QLoRA",
        "QLoRA versus LoRA",
        "How does LoRA differ from QLoRA?",
        "Is LoRA different from QLoRA?",
        "compare LoRA with QLoRA",
        "LoRA compared to QLoRA",
        "What is the difference between LoRA and QLoRA?",
        "What is the difference between QLoRA and LoRA?",
    ],
)
def test_the_side_of_a_comparison_that_is_no_topic_is_missing(question: str) -> None:
    assert read(question).missing == "QLoRA"


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between LoRA and quantization?",
        "What is LoRA?",
        "What is the difference between LoRA and low-rank adaptation?",
        "What is the difference between Mamba and Jamba?",
    ],
)
def test_nothing_is_missing_where_no_single_topic_is_compared(question: str) -> None:
    assert read(question).missing == ""


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How does LoRA save memory on small machines?", Kind.MECHANISM),
        ("Why was LoRA introduced in 2021?", Kind.PURPOSE),
        ("Give an example of LoRA on a tiny matrix", Kind.EXAMPLE),
        ("What limits does LoRA have on mathematics?", Kind.TRADEOFFS),
        ("How many parameters does LoRA train?", None),
        ("Who introduced LoRA?", None),
    ],
)
def test_a_specific_question_leans_to_a_kind(question: str, kind: Kind | None) -> None:
    found = read(question)

    assert (found.kind, found.leaning) == (Kind.SPECIFIC, kind)


def test_other_outputs_are_no_comparison() -> None:
    assert read("Why does LoRA give different outputs than quantization?").kind is Kind.SPECIFIC
