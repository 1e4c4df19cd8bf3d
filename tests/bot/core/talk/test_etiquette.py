"""When to speak, and the short human words that need no article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.conversation import Place, Utterance
from bot.core.journal import Habits
from bot.core.messages import wording
from bot.core.talk.etiquette import Manner, asks, hushes, interrupts, manner_of, small_talk
from tests.bot.core.making import said

THREAD = Place("slack", "T1", "C1", thread="1700.1")
PARTNER = "slack:T1:U1"
FOLLOWED = Habits(partner=PARTNER)
ALWAYS = Habits(answers="always")
NEVER = Habits(answers="never")
QUESTION = "What is LoRA?"


def aside(text: str = QUESTION, **changes: Any) -> Utterance:
    """Something that was said without addressing the bot."""
    return said(text, addressed=False, **changes)


def test_who_addresses_the_bot_is_answered() -> None:
    assert manner_of(said(QUESTION), Habits()) is Manner.ADDRESSED


def test_what_people_say_to_each_other_is_not_for_the_bot() -> None:
    assert manner_of(aside(), Habits()) is None


@pytest.mark.parametrize("habits", [Habits(), NEVER, Habits(quiet=True)])
def test_everything_in_a_direct_conversation_is_for_the_bot(habits: Habits) -> None:
    direct = Place("slack", "T1", "D1", direct=True)
    assert manner_of(aside("hm", place=direct), habits) is Manner.ADDRESSED


def test_where_it_never_answers_it_says_so_to_who_addresses_it() -> None:
    assert manner_of(said(QUESTION), NEVER) is Manner.SILENCED


def test_quiet_it_still_answers_who_addresses_it() -> None:
    assert manner_of(said(QUESTION), Habits(quiet=True)) is Manner.ADDRESSED


def test_in_a_thread_it_goes_on_talking_with_its_partner() -> None:
    assert manner_of(aside(place=THREAD), FOLLOWED) is Manner.FOLLOWING


@pytest.mark.parametrize(
    ("line", "habits"),
    [
        (aside(place=THREAD, asker="slack:T1:U2"), FOLLOWED),
        (aside(place=THREAD, to_others=True), FOLLOWED),
        (aside("I see, interesting.", place=THREAD), FOLLOWED),
        (aside("thanks!", place=THREAD), FOLLOWED),
        (aside(place=THREAD), replace(FOLLOWED, quiet=True)),
        (aside(place=THREAD), replace(FOLLOWED, answers="never")),
        (aside(place=THREAD), Habits()),
    ],
    ids=["another", "to another", "no question", "thanks", "quiet", "never", "not followed"],
)
def test_in_a_thread_it_is_silent_otherwise(line: Utterance, habits: Habits) -> None:
    assert manner_of(line, habits) is None


def test_where_it_answers_always_it_answers_questions_unasked() -> None:
    assert manner_of(aside(), ALWAYS) is Manner.UNASKED


@pytest.mark.parametrize(
    ("line", "habits"),
    [
        (aside("good point"), ALWAYS),
        (aside(to_others=True), ALWAYS),
        (aside(), replace(ALWAYS, quiet=True)),
        (aside(place=THREAD, asker="slack:T1:U2"), replace(ALWAYS, partner=PARTNER)),
    ],
    ids=["no question", "to another", "quiet", "another in a followed thread"],
)
def test_where_it_answers_always_it_is_silent_otherwise(line: Utterance, habits: Habits) -> None:
    assert manner_of(line, habits) is None


@pytest.mark.parametrize(
    ("line", "interrupted"),
    [
        (aside(place=THREAD, asker="slack:T1:U2"), True),
        (aside(place=THREAD, to_others=True), True),
        (aside(place=THREAD), False),
        (said(QUESTION, place=THREAD, asker="slack:T1:U2"), False),
    ],
    ids=["another speaks", "the partner speaks to another", "the partner", "another addresses it"],
)
def test_people_who_talk_to_each_other_interrupt(line: Utterance, interrupted: bool) -> None:
    assert interrupts(line, FOLLOWED) is interrupted


def test_nothing_is_interrupted_where_the_bot_follows_nobody() -> None:
    assert not interrupts(aside(place=THREAD), Habits())


@pytest.mark.parametrize(
    "line",
    ["What is LoRA?", "and why is that", "explain RLHF", "is it fast", "ok, how?", "LoRA vs DoRA?"],
)
def test_a_question_is_known_by_its_opening_or_its_mark(line: str) -> None:
    assert asks(line)


@pytest.mark.parametrize("line", ["nice", "I tried LoRA yesterday.", "lol", "", "whatever works"])
def test_other_lines_are_no_questions(line: str) -> None:
    assert not asks(line)


@pytest.mark.parametrize("line", ["quiet", "Be quiet!", "shut up", "hush."])
def test_the_bot_can_be_told_to_be_quiet(line: str) -> None:
    assert hushes(line) is True


@pytest.mark.parametrize("line", ["speak", "Speak again!", "unmute"])
def test_the_bot_can_be_told_to_speak_again(line: str) -> None:
    assert hushes(line) is False


@pytest.mark.parametrize("line", ["What is a quiet zone?", "quiet quitting", ""])
def test_a_question_about_silence_silences_nobody(line: str) -> None:
    assert hushes(line) is None


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
