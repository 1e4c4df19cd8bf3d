"""The same words get the same answer in Discord, in Slack and in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.core.phrasing import summary_message
from tests.contract.surfaces import Chat, OnSlack
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
    assert seen.lines == printed


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
        told += (await chat.answered(chat.write_directly(text))).lines
    assert tuple(told) == printed


@pytest.mark.parametrize("topic", ["RNN", "Mixtral", "BERT"])
async def test_a_summary_is_the_same_as_in_the_terminal(chat: Chat, app: App, topic: str) -> None:
    printed = shown_in_the_terminal(summary_message(await app.explainer.summarize(topic)))
    seen = await chat.answered(chat.command("summary", topic=topic))
    assert seen.lines == printed


async def test_what_slack_notifies_of_reads_like_the_answer(app: App, tmp_path: Path) -> None:
    async with OnSlack() as chat, chat.served_by(app, tmp_path):
        seen = await chat.answered(chat.mention("How does an RNN work?"))
        [post] = chat.server.posts
    assert tuple(post.payload["text"].splitlines()) == seen.lines
