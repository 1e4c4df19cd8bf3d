"""Messages that ask several things are split into their questions; others stay whole."""

from __future__ import annotations

import pytest

from bot.core.answers.parts import MAX_PARTS, parts_of


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (
            "What is overfitting and how do I prevent it?",
            ("What is overfitting", "how do I prevent it?"),
        ),
        ("What is LoRA? How does it work?", ("What is LoRA", "How does it work?")),
        ("What is LoRA? And how does it work?", ("What is LoRA", "how does it work?")),
        ("What is LoRA?\n\nHow does it work?", ("What is LoRA", "How does it work?")),
        ("What is dropout; why does it help?", ("What is dropout", "why does it help?")),
        ("What is dropout, and why does it help?", ("What is dropout", "why does it help?")),
        ("What is dropout but why is it off later?", ("What is dropout", "why is it off later?")),
        ("What is BERT, and also how big is it?", ("What is BERT", "how big is it?")),
        ("what is rag AND DOES IT lie?", ("what is rag", "DOES IT lie?")),
        (
            "What is BERT and who made it and when was it published?",
            ("What is BERT", "who made it", "when was it published?"),
        ),
    ],
)
def test_each_question_of_a_message_is_a_part(message: str, parts: tuple[str, ...]) -> None:
    assert parts_of(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "",
        "What is LoRA?",
        "What are precision and recall?",
        "What is the difference between LoRA and quantization?",
        "Explain dropout and why it helps",
        "pros and cons of mixture of experts",
        "Dropout, and why does it help?",
        "What is bias and why?",
        "BERT? GPT? T5?",
        "Is a model with few weights and much data better?",
        "How are Andes, islands and whales classified?",
        "I read about LoRA; what is it?",
        "Whatever? Isn't it? Doesn't it?",
    ],
)
def test_a_message_that_asks_one_thing_stays_as_it_is(message: str) -> None:
    assert parts_of(message) == (message,)


def test_a_message_that_asks_too_many_things_stays_whole() -> None:
    questions = [f"What is topic number {n}?" for n in range(MAX_PARTS + 1)]

    assert len(parts_of(" ".join(questions[:MAX_PARTS]))) == MAX_PARTS
    assert parts_of(" ".join(questions)) == (" ".join(questions),)
