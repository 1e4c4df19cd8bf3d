"""When to speak, and the short human words that need no article."""

from __future__ import annotations

import pytest

from bot.core import wording
from bot.core.conversation import Place
from bot.core.etiquette import is_for_us, small_talk
from tests.bot.core.making import said


def test_what_is_said_to_the_bot_is_for_it() -> None:
    assert is_for_us(said("What is LoRA?", addressed=True))


def test_what_people_say_to_each_other_is_not() -> None:
    assert not is_for_us(said("What is LoRA?", addressed=False))


def test_everything_in_a_direct_conversation_is_for_the_bot() -> None:
    direct = Place("slack", "T1", "D1", direct=True)
    assert is_for_us(said("What is LoRA?", addressed=False, place=direct))


@pytest.mark.parametrize(
    "text", ["hi", "Hello!", "hey there", "Good morning everyone", "hola", "hi bot", "HI 👋"]
)
def test_a_greeting_is_greeted(text: str) -> None:
    assert small_talk(text) == wording.GREETING


@pytest.mark.parametrize(
    "text",
    ["thanks", "Thank you!", "thx", "thanks a lot", "great, thank you so much", "merci", "ty 🙏"],
)
def test_a_thank_you_gets_its_word(text: str) -> None:
    assert small_talk(text) == wording.THANKS


@pytest.mark.parametrize("text", ["bye", "Goodbye!", "good night", "ciao"])
def test_a_farewell_is_returned(text: str) -> None:
    assert small_talk(text) == wording.FAREWELL


@pytest.mark.parametrize("text", ["", "   ", "?", "…", "👋", "<>"])
def test_an_empty_mention_is_asked_back(text: str) -> None:
    assert small_talk(text) == wording.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "What is LoRA?",
        "hi, what is LoRA?",
        "hello world program",
        "hey explain LoRA",
        "thanks, and how does LoRA work",
        "thanks! give me an example",
        "thanks, define perplexity",
        "thx, LoRA vs quantization",
        "thank you. difference to BERT",
        "ty, and its limits",
        "Thank you for the answer, but what is a head",
        "good",
        "help",
        "all you need is attention",
        "hi?",
        "42",
        "自注意力机制是什么？",
    ],
)
def test_anything_else_is_a_question(text: str) -> None:
    assert small_talk(text) is None


def test_many_kind_words_are_a_question_all_the_same() -> None:
    assert small_talk("thanks " * 9) is None
