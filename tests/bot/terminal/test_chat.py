"""A conversation in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.core.answers.explainer import Explainer
from bot.core.conversation import Level
from bot.core.messages import wording
from bot.terminal.chat import INTRODUCTION, converse


async def talk(
    explainer: Explainer,
    monkeypatch: pytest.MonkeyPatch,
    *lines: str,
    level: Level | None = None,
    terminal: bool = False,
) -> str:
    """What is printed when these lines are typed."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    file = io.StringIO()
    await converse(explainer, Console(file=file, force_terminal=terminal, width=100), level)
    return " ".join(file.getvalue().split())


async def test_a_question_is_answered_with_its_sources(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await talk(explainer, monkeypatch, "What is LoRA?")
    assert "LoRA (low-rank adaptation) is" in text
    assert "Sources [1] LoRA" in text


async def test_a_followup_is_understood(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await talk(explainer, monkeypatch, "What is LoRA?", "give me an example")
    second = text.split("You could ask next:")[1]
    assert "LoRA › In numbers" in second


async def test_what_was_not_answered_is_no_context(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await talk(explainer, monkeypatch, "best sourdough recipe", "how does it work?")
    assert wording.NO_SUBJECT in text


async def test_small_talk_gets_its_word(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await talk(explainer, monkeypatch, "hi", "thanks")
    assert text == f"{wording.GREETING} {wording.THANKS} {wording.FAREWELL}"


async def test_an_empty_line_ends_the_conversation(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await talk(explainer, monkeypatch, "", "What is LoRA?") == wording.FAREWELL


async def test_the_end_of_the_input_ends_the_conversation(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await talk(explainer, monkeypatch) == wording.FAREWELL


async def test_a_question_that_is_refused_does_not_end_the_conversation(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await talk(explainer, monkeypatch, "a" * 3_000, "What is LoRA?")
    assert "3,000 characters" in text
    assert "LoRA (low-rank adaptation) is" in text


async def test_the_level_holds_for_the_whole_conversation(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "What is self-attention?"
    beginner = await talk(explainer, monkeypatch, question, question, level=Level.BEGINNER)
    assert beginner.count("Self-attention › Intuition") == 2


@pytest.mark.parametrize("terminal", [True, False])
async def test_only_a_person_is_told_how_to_end(
    explainer: Explainer, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    assert (INTRODUCTION in await talk(explainer, monkeypatch, terminal=terminal)) is terminal
