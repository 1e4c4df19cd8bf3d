"""Questions that lean on what was said before, and questions to ask next."""

from __future__ import annotations

import pytest

from bot.core.answers.followups import self_contained, suggest
from bot.core.conversation import Exchange
from knowledge.model import Passage
from knowledge.topics import Topic
from tests.bot.core.making import HEADS, LORA, RNN, TOPICS, passage

ATTENTION_BEFORE = (Exchange("What is self-attention?", ("self-attention",)),)


def resolved(question: str, history: tuple[Exchange, ...] = ATTENTION_BEFORE) -> str:
    return self_contained(question, history, TOPICS)


def topic(name: str) -> Topic:
    found = TOPICS.resolve(name)
    assert found is not None
    return found


def about(question: str) -> list[str]:
    return [mention.topic.id for mention in TOPICS.mentioned(question)]


def test_a_pronoun_stands_for_the_topic_before() -> None:
    assert (
        resolved("and how does it differ from an RNN?")
        == "how does Self-attention differ from an RNN?"
    )


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("how does it work", "how does Self-attention work"),
        ("What are its limits?", "What are Self-attention's limits?"),
        ("Why do they need scaling?", "Why do Self-attention need scaling?"),
        ("ok, and why does it need masking?", "and why does Self-attention need masking?"),
    ],
)
def test_pronouns_of_all_kinds_are_resolved(question: str, meant: str) -> None:
    assert resolved(question) == meant


def test_what_about_another_topic_asks_for_that_topic() -> None:
    assert resolved("what about multi-head attention?") == "What is multi-head attention?"


@pytest.mark.parametrize(
    "question", ["why?", "give me an example", "more", "tell me more", "How so?", "its limits?"]
)
def test_a_fragment_is_about_the_topic_before(question: str) -> None:
    assert about(resolved(question)) == ["self-attention"]


def test_a_fragment_keeps_its_own_words() -> None:
    assert resolved("why?") == "why (Self-attention)?"


def test_the_last_exchange_with_a_topic_counts() -> None:
    history = (*ATTENTION_BEFORE, Exchange("And LoRA?", ("lora",)), Exchange("thanks"))
    assert about(resolved("how does it work?", history)) == ["lora"]


def test_the_main_topic_of_an_exchange_counts() -> None:
    history = (Exchange("LoRA vs quantization", ("lora", "quantization")),)
    assert about(resolved("why?", history)) == ["lora"]


def test_a_topic_that_is_no_longer_there_is_passed_over() -> None:
    history = (*ATTENTION_BEFORE, Exchange("What is Mamba?", ("mamba",)))
    assert about(resolved("how does it work?", history)) == ["self-attention"]


@pytest.mark.parametrize("question", ["how does it work?", "why?", "and its limits?"])
def test_without_history_nothing_is_changed(question: str) -> None:
    assert resolved(question, ()) == question


@pytest.mark.parametrize(
    "question",
    [
        "How does LoRA work?",
        "What is the difference between LoRA and quantization?",
        "What is a good learning rate for training?",
        "LoRA",
    ],
)
def test_a_self_contained_question_stays(question: str) -> None:
    assert resolved(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "What is LoRA and why is it used?",
        "How does LoRA choose its rank?",
        "Does quantization hurt a model when it is applied after training?",
    ],
)
def test_a_pronoun_for_a_topic_of_the_same_question_stays(question: str) -> None:
    assert resolved(question) == question


@pytest.mark.parametrize(
    "question",
    ["Is it true that RNNs were replaced?", "Is it possible to train LoRA on a laptop?"],
)
def test_a_pronoun_that_stands_for_nothing_stays(question: str) -> None:
    assert "Self-attention" not in resolved(question)


def suggested(question: str, count: int = 3) -> tuple[str, ...]:
    passages: list[Passage] = [
        passage("The weights of self-attention sum to 1."),
        passage("Yes.", headings=("Common misconceptions", "Is self-attention a memory?")),
    ]
    related = [
        (topic("MHA"), (passage("Each head of multi-head attention is small.", HEADS),)),
        (topic("LoRA"), (passage("The matrices of LoRA are small.", LORA),)),
    ]
    return suggest(question, topic("self-attention"), passages, related, count)


def test_the_mechanism_and_the_articles_own_question_are_suggested_first() -> None:
    assert suggested("What is self-attention?")[:2] == (
        "How does self-attention work?",
        "Is self-attention a memory?",
    )


def test_related_topics_are_suggested() -> None:
    assert suggested("What is self-attention?", 9)[2:] == (
        "What is the difference between self-attention and multi-head attention?",
        "What is multi-head attention?",
        "What is LoRA?",
    )


@pytest.mark.parametrize(
    "question", ["How does self-attention work?", "how does Self-Attention work"]
)
def test_what_was_asked_is_not_suggested_again(question: str) -> None:
    assert "How does self-attention work?" not in suggested(question, 9)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_more_questions_than_asked_for_are_suggested(count: int) -> None:
    assert len(suggested("What is self-attention?", count)) == count


def test_a_topic_is_named_with_the_article_of_its_definition() -> None:
    recurrent = topic("RNN")
    held = passage("The state of a recurrent neural network is a vector.", RNN)
    [question] = suggest("RNN", recurrent, (held,), (), 1)
    assert question == "How does a recurrent neural network work?"


def test_a_name_keeps_its_capital() -> None:
    [question] = suggest("x", topic("LoRA"), (passage("The rank of LoRA is small.", LORA),), (), 1)
    assert question == "How does LoRA work?"


def test_nothing_is_suggested_about_topics_that_are_not_there() -> None:
    assert suggest("x", topic("LoRA"), (), ()) == ("How does LoRA work?",)
