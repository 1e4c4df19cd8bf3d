"""Questions in a channel and in private, and what comes back."""

from __future__ import annotations

import re

import pytest

from bot.app import App
from bot.core.answers.gate import MAX_CHARACTERS
from bot.core.messages import wording
from knowledge.sentences import split_sentences
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE
from tests.contract.seeing import DIRECT, Seen, Who

QUESTION = "What is self-attention?"
CITED = re.compile(r"(.+?) ((?:\[\d+\])+)(?: |$)")
SOURCE = re.compile(r"\[\d+\] [A-Z][^›]+( › [^›]+)*( \(after .+, \d{4}\))?")


@EVERYWHERE
async def test_a_mention_is_answered_under_what_was_said(chat: Chat) -> None:
    asked = chat.mention(QUESTION)
    seen = await chat.answered(asked)
    assert (seen.place, seen.under, seen.private) == ("general", asked.under, False)


@EVERYWHERE
async def test_a_direct_message_is_answered_there(chat: Chat) -> None:
    asked = chat.write_directly(QUESTION)
    seen = await chat.answered(asked)
    assert seen.place == DIRECT
    assert seen.sources


async def test_the_answer_begins_with_the_definition(chat: Chat) -> None:
    seen = await chat.answered(chat.mention(QUESTION))
    assert seen.text.startswith("Self-attention is the operation by which each token")


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "How does an RNN work?",
        "What is the difference between BERT and an RNN?",
        "How many parameters does Mixtral have?",
    ],
)
async def test_every_sentence_carries_a_citation_mark(chat: Chat, question: str) -> None:
    seen = await chat.answered(chat.mention(question))
    assert seen.sources
    assert [line for line in seen.body if CITED.sub("", line)] == []
    sentences = [said for line in seen.body for said, _ in CITED.findall(line)]
    assert [said for said in sentences if len(split_sentences(said)) > 1] == []


async def test_every_mark_has_its_source(chat: Chat) -> None:
    seen = await chat.answered(chat.mention(QUESTION))
    marks = re.findall(r"\[(\d+)\]", "\n".join(seen.body))
    listed = re.findall(r"^\[(\d+)\]", "\n".join(seen.sources), re.MULTILINE)
    assert list(dict.fromkeys(marks)) == listed


async def test_sources_are_listed_with_title_and_heading(chat: Chat) -> None:
    seen = await chat.answered(chat.mention(QUESTION))
    assert [line for line in seen.sources if not SOURCE.fullmatch(line)] == []
    assert "[2] Self-attention › How it works" in seen.sources


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("hi", wording.GREETING),
        ("thanks!", wording.THANKS),
        ("bye", wording.FAREWELL),
        ("", wording.EMPTY),
    ],
)
async def test_small_talk_gets_the_short_word(chat: Chat, said: str, word: str) -> None:
    seen = await chat.answered(chat.mention(said))
    assert seen.lines == (word,)


async def test_what_is_not_addressed_gets_nothing(chat: Chat) -> None:
    chat.say_aside(QUESTION)
    chat.say_aside("hi")
    asked = chat.mention(QUESTION)
    answer = await chat.answered(asked)
    assert chat.seen == [answer]
    assert chat.tickets.taken == [asked.key]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("es", "¿Qué es la autoatención y cómo funciona?"),
        ("es", "¿Qué es self-attention?"),
        ("de", "Was ist Self-Attention und wie funktioniert das?"),
        ("ja", "自己注意とは何ですか？"),
    ],
)
async def test_other_languages_are_told_that_the_articles_are_english(
    chat: Chat, language: str, question: str
) -> None:
    seen = await chat.answered(chat.mention(question))
    assert seen.lines == (wording.ENGLISH_ONLY[language],)


@pytest.mark.parametrize("question", ["best sourdough recipe", "who won the 2030 world cup"])
async def test_what_the_articles_do_not_cover_is_said_with_the_nearest_topics(
    chat: Chat, app: App, question: str
) -> None:
    seen = await chat.answered(chat.mention(question))
    topics = {topic.title for topic in app.knowledge.topics()}
    told, named = seen.lines[0].split(" The nearest topics I know: ")
    assert told == wording.NOT_COVERED
    assert set(named.removesuffix(".").split(", ")) <= topics


async def test_what_is_not_covered_has_no_sources(chat: Chat) -> None:
    seen = await chat.answered(chat.mention("best sourdough recipe"))
    assert not seen.sources


async def test_a_question_of_100_000_characters_is_refused_with_the_limit(chat: Chat) -> None:
    seen = await chat.answered(chat.mention("x" * 100_000))
    assert seen.lines == (wording.TOO_LONG.format(length=100_000, limit=MAX_CHARACTERS),)


async def test_control_characters_are_not_part_of_a_question(chat: Chat) -> None:
    clean = await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(
        chat.mention("\x1b\x00What\tis\r\n\x07self\u200b-\u202eatten\ufefftion\u2028?\x7f")
    )
    assert seen.lines == clean.lines


async def test_only_control_characters_get_the_short_word(chat: Chat) -> None:
    seen = await chat.answered(chat.mention("\x00\u200b\u202e\x1b"))
    assert seen.lines == (wording.EMPTY,)


async def test_two_people_at_once_get_an_answer_each(chat: Chat) -> None:
    ours = chat.mention(QUESTION)
    hers = chat.mention("What is BERT?", by=Who.GRACE)
    assert "Self-attention is" in (await chat.answered(ours)).text
    assert "BERT is" in (await chat.answered(hers)).text


@EVERYWHERE
async def test_a_follow_up_uses_what_was_said_before(chat: Chat) -> None:
    asked = chat.mention(QUESTION)
    await chat.answered(asked)
    seen = await chat.answered(chat.mention("and how does it differ from an RNN?", after=asked))
    assert _titles(seen) == {"Self-attention", "Recurrent neural network"}


async def test_a_follow_up_in_private_uses_what_was_said_before(chat: Chat) -> None:
    await chat.answered(chat.write_directly(QUESTION))
    seen = await chat.answered(chat.write_directly("and how does it differ from an RNN?"))
    assert _titles(seen) == {"Self-attention", "Recurrent neural network"}


async def test_a_follow_up_is_about_the_answer_that_it_replies_to(chat: Chat) -> None:
    first = chat.mention("What is BERT?")
    await chat.answered(first)
    await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(chat.mention("how does it work?", after=first))
    assert _titles(seen) == {"BERT"}


async def test_a_reply_to_an_answer_needs_no_mention(chat: Chat) -> None:
    asked = chat.mention("What is BERT?")
    await chat.answered(asked)
    seen = await chat.answered(chat.say_aside("how does it work?", after=asked))
    assert _titles(seen) == {"BERT"}


async def test_what_others_were_told_is_no_history(chat: Chat) -> None:
    await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(chat.mention("how does it work?", by=Who.GRACE))
    assert seen.lines == (wording.NO_SUBJECT,)


def _titles(seen: Seen) -> set[str]:
    return {re.split(r" › | \(after ", line)[0].split("] ")[1] for line in seen.sources}
