"""The same words get the same answer in Discord, in Slack and in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.app import App
from bot.core.commands import CATALOGUE
from bot.core.demonstration import Kind
from bot.core.messages import wording
from bot.core.messages.message import Code, Heading
from bot.core.messages.phrasing import demonstration_in_words, path_message, summary_message
from bot.core.talk.demonstrating import material_for
from bot.core.talk.offering import label_of
from bot.core.talk.showing import example
from tests.contract.chat import Chat
from tests.contract.on_discord import OnDiscord
from tests.contract.on_slack import OnSlack
from tests.contract.reading import Lines
from tests.contract.seeing import BAD, GOOD, Act, Seen, Who
from tests.contract.terminal import said_in_the_terminal, shown_in_the_terminal


@pytest.mark.parametrize(
    "question",
    [
        "What is self-attention?",
        "How does an RNN work?",
        "What is the difference between self-attention and an RNN?",
        "What is RLHF?",
        "Is the [CLS] vector of BERT a good sentence embedding?",
        "How many parameters does Mixtral 8x7B have?",
        "What are the limits of transformers?",
        "What is the difference between BERT and *the* _it_ `a` ~of~ <is> | # & &amp; [to](be)?",
        "best sourdough recipe",
        "how does it work?",
        "Was ist Self-Attention und wie funktioniert das?",
        "hello there",
        "thank you",
        "attention " * 1_000,
    ],
    ids=lambda question: question[:40],
)
async def test_an_answer_is_the_same_as_in_the_terminal(
    chat: Chat, app: App, question: str
) -> None:
    printed = await said_in_the_terminal(app.explainer, question)
    seen = await chat.answered(chat.mention(question))
    assert _in_words(seen) == _with_labels(printed)


@pytest.mark.parametrize(
    "conversation",
    [
        ("What is self-attention?", "and how does it differ from an RNN?", "what about BERT?"),
        ("What is self-attention?", "who won the 2030 world cup", "how does it work?"),
        ("best sourdough recipe", "how does it work?"),
        ("What is BERT?", "thanks", "and its limits?"),
    ],
    ids=" / ".join,
)
async def test_a_conversation_is_the_same_as_in_the_terminal(
    chat: Chat, app: App, conversation: tuple[str, ...]
) -> None:
    printed = await said_in_the_terminal(app.explainer, *conversation)
    told: list[str] = []
    for text in conversation:
        told += _in_words(await chat.answered(chat.write_directly(text)))
    assert tuple(told) == _with_labels(printed)


@pytest.mark.parametrize("topic", ["RNN", "Mixtral", "BERT"])
async def test_a_summary_is_the_same_as_in_the_terminal(chat: Chat, app: App, topic: str) -> None:
    printed = shown_in_the_terminal(summary_message(await app.explainer.summarize(topic)))
    seen = await chat.answered(chat.command("summary", topic=topic))
    assert seen.lines == printed


async def test_a_path_is_the_same_as_in_the_terminal(chat: Chat, app: App) -> None:
    printed = shown_in_the_terminal(path_message(await app.explainer.path("BERT")))
    seen = await chat.answered(chat.command("path", topic="BERT"))
    assert seen.lines == printed


async def test_a_demonstration_says_the_same_as_in_the_terminal(chat: Chat, app: App) -> None:
    showing = example(Kind.TRAINING)
    shown = await app.demonstrator.show(showing, await material_for(showing, app.explainer))
    because = await app.explainer.ground(shown.question)
    message = demonstration_in_words(shown, because)
    said = tuple(block for block in message.blocks if not isinstance(block, Heading | Code))
    printed = shown_in_the_terminal(replace(message, blocks=said))
    seen = await chat.answered(chat.command("show", kind="training", text="0.3"))
    assert tuple(line for line in seen.lines if line != shown.title) == printed


Script = Callable[[Chat], Act]


def _administered(name: str) -> Script:
    return lambda chat: chat.command(name, by=Who.OPERATOR)


SAID: dict[str, Script] = {
    "a question": lambda chat: chat.mention("What is self-attention?"),
    "a direct question": lambda chat: chat.write_directly("What is self-attention?"),
    "a question that isn't covered": lambda chat: chat.mention("best sourdough recipe"),
    "a question that is half covered": lambda chat: chat.mention("What is BERT and a quokka?"),
    "a question in Spanish": lambda chat: chat.mention("¿Qué es self-attention?"),
    "a greeting": lambda chat: chat.mention("hi"),
    "a question in a thread": lambda chat: chat.mention("What is BERT?", within=chat.open_thread()),
    "be quiet": lambda chat: chat.mention("be quiet"),
    "/ask": lambda chat: chat.command("ask", question="What is BERT?", level="expert"),
    "/ask in private": lambda chat: chat.command("ask", question="What is BERT?", private=True),
    "/summary": lambda chat: chat.command("summary", topic="RNN", level="beginner"),
    "/summary in private": lambda chat: chat.command("summary", topic="BERT", private=True),
    "/summary of something unknown": lambda chat: chat.command("summary", topic="quokka"),
    "/topics": lambda chat: chat.command("topics"),
    "/topics of a theme": lambda chat: chat.command("topics", theme="quokka"),
    "/compare": lambda chat: chat.command("compare", a="BERT", b="RNN"),
    "/path": lambda chat: chat.command("path", topic="transformer"),
    "/show": lambda chat: chat.command("show", kind="tokens", text="Quokkas are unbelievable."),
    "/show of nothing": lambda chat: chat.command("show", kind="tokens"),
    "/help": lambda chat: chat.command("help"),
    "/quiet": lambda chat: chat.command("quiet"),
    "/explain": lambda chat: chat.command("explain", text="We use BERT, not an RNN."),
    "/terms": lambda chat: chat.command("terms", text="We use BERT, not an RNN."),
    "explain this": lambda chat: chat.choose("explain", chat.say_aside("We fine-tune BERT.")),
    "/privacy": lambda chat: chat.command("privacy"),
    "/forget-me": lambda chat: chat.command("forget-me"),
    "/reindex by anybody": lambda chat: chat.command("reindex"),
    "/reindex by an operator": lambda chat: chat.command("reindex", by=Who.OPERATOR),
    "/explainer gaps by anybody": lambda chat: chat.command("explainer gaps"),
    **{
        f"/{command.name}": _administered(command.name)
        for command in CATALOGUE
        if command.name.startswith("explainer ")
    },
}


@pytest.mark.parametrize("act", SAID)
async def test_discord_and_slack_say_the_same_and_offer_the_same(
    discord: OnDiscord, slack: OnSlack, act: str
) -> None:
    there, here = [await chat.answered(SAID[act](chat)) for chat in (discord, slack)]
    assert _told(there) == _told(here)


@pytest.mark.parametrize(
    "label", [wording.SIMPLER, wording.DEEPER, wording.SHOW_ME, GOOD, wording.SHARE]
)
async def test_the_same_button_leads_to_the_same(
    discord: OnDiscord, slack: OnSlack, label: str
) -> None:
    there, here = [await _pressed(chat, label) for chat in (discord, slack)]
    assert _told(there) == _told(here)


@pytest.mark.parametrize(
    ("label", "words"),
    [(wording.ASK_MORE, "why is it scaled?"), (BAD, "It doesn't say why.")],
)
async def test_the_same_form_leads_to_the_same(
    discord: OnDiscord, slack: OnSlack, label: str, words: str
) -> None:
    told = []
    for chat in (discord, slack):
        seen = await _private_answer(chat)
        told.append(_told(await chat.answered(await chat.fill(seen, label, words))))
    assert told[0] == told[1]


async def test_what_slack_notifies_of_reads_like_the_answer(slack: OnSlack) -> None:
    seen = await slack.answered(slack.command("summary", topic="RNN"))
    [post] = [post for post in slack.server.posts if post.id == seen.id]
    assert tuple(post.payload["text"].splitlines()) == seen.lines


async def _private_answer(chat: Chat) -> Seen:
    question = "What is self-attention?"
    return await chat.answered(chat.command("ask", question=question, private=True))


async def _pressed(chat: Chat, label: str) -> Seen:
    return await chat.answered(chat.press(await _private_answer(chat), label))


def _told(seen: Seen) -> tuple[Lines, tuple[str, ...], bool]:
    remarks = (wording.PICTURE_APART,)
    lines = tuple(line for line in seen.lines if line not in remarks)
    return lines, seen.buttons, seen.private


def _in_words(seen: Seen) -> Lines:
    """What is said where there are no buttons."""
    return (*seen.lines, *(f"• {question}" for question in seen.next_questions))


def _with_labels(printed: Lines) -> Lines:
    """What is printed, with questions no longer than they can be on a button."""
    return tuple(
        f"• {label_of(line[2:])}" if line.startswith("• ") and line.endswith("?") else line
        for line in printed
    )
