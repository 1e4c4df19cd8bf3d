"""The list of commands, and how they are read where a platform has no options."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.commands import CATALOGUE, Takes, command_named, understood


def test_every_command_has_a_name_of_its_own() -> None:
    names = [command.name for command in CATALOGUE]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("command", CATALOGUE, ids=lambda command: command.name)
def test_every_command_fits_both_platforms(command: Any) -> None:
    assert all(word.islower() and len(word) <= 20 for word in command.name.split(" "))
    assert len(command.description) <= 100
    required = [option.required for option in command.options]
    assert required == sorted(required, reverse=True)
    for option in command.options:
        assert len(option.description) <= 100
        assert bool(option.choices) is (option.takes is Takes.CHOICE)
        assert len(option.choices) <= 25


@pytest.mark.parametrize(
    ("typed", "name", "options"),
    [
        (("ask", "What is LoRA?"), "ask", {"question": "What is LoRA?"}),
        (
            ("ask", "level=expert What is it? private=false"),
            "ask",
            {"level": "expert", "question": "What is it?", "private": "false"},
        ),
        (("ask", "Is level=expert a setting?"), "ask", {"question": "Is level=expert a setting?"}),
        (("ask", "  "), "ask", {}),
        (("summary", "Level=Beginner BERT"), "summary", {"level": "beginner", "topic": "BERT"}),
        (("compare", "RNN vs transformers"), "compare", {"a": "RNN", "b": "transformers"}),
        (("compare", "RNN | vision and text"), "compare", {"a": "RNN", "b": "vision and text"}),
        (("compare", "LoRA, QLoRA"), "compare", {"a": "LoRA", "b": "QLoRA"}),
        (("compare", "LoRA and QLoRA"), "compare", {"a": "LoRA", "b": "QLoRA"}),
        (("compare", "LoRA"), "compare", {"a": "LoRA"}),
        (("show", "tokens Hello world"), "show", {"kind": "tokens", "text": "Hello world"}),
        (
            ("show", "attention layer=3 The cat"),
            "show",
            {"kind": "attention", "text": "layer=3 The cat"},
        ),
        (("show", "training"), "show", {"kind": "training"}),
        (("topics", ""), "topics", {}),
        (("topics", "training"), "topics", {"theme": "training"}),
        (("explainer", "status"), "explainer status", {}),
        (("explainer", "Rollback 3"), "explainer rollback", {"edition": "3"}),
        (("explainer", "channel answer=always"), "explainer channel", {"answer": "always"}),
        (("explainer", "dance"), "explainer dance", {}),
        (("explainer", ""), "explainer", {}),
        (("reindex", ""), "reindex", {}),
    ],
)
def test_words_behind_a_command_are_read_as_its_options(
    typed: tuple[str, str], name: str, options: dict[str, str]
) -> None:
    assert understood(*typed) == (name, options)


def test_a_command_tells_how_it_is_typed() -> None:
    command = command_named("ask")
    assert command is not None
    assert command.usage == "/ask question [level] [private]"
