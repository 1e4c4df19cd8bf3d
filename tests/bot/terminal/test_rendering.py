"""Platform-free messages on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.core.answers.answer import Claim, Verdict
from bot.core.messages.message import (
    Block,
    Bullets,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
)
from bot.core.messages.phrasing import plain, unfinished_message
from bot.terminal.rendering import WIDTH, evidence_table, show, topic_table
from knowledge.model import Article, Coverage, Evidence
from knowledge.topics import TopicGraph
from tests.bot.core.making import TOPICS, found, passage


def shown(*blocks: Block, terminal: bool = False, width: int = 200) -> str:
    """What a message looks like on a console, or in a pipe."""
    file = io.StringIO()
    show(Console(file=file, force_terminal=terminal, width=width), Message(blocks))
    return file.getvalue()


def test_blocks_are_parted_by_empty_lines() -> None:
    assert shown(Heading("LoRA"), Paragraph("One. [1]"), Note("Small.")) == (
        "LoRA\n\nOne. [1]\n\nSmall.\n"
    )


def test_a_list_follows_what_introduces_it() -> None:
    assert shown(Paragraph("Ask:"), Bullets(("one", "two"))) == "Ask:\n  • one\n  • two\n"


def test_code_stands_as_it_is() -> None:
    assert "x = [1]  # *" in shown(Code("x = [1]  # *", "python"))


def test_a_source_shows_its_addresses() -> None:
    line = SourceLine(1, "LoRA", "How", "https://a.org/x", "Hu, 2021", "https://b.org/y")
    assert shown(Sources((line,))) == (
        "Sources\n  [1] LoRA › How\n      https://a.org/x\n      after Hu, 2021 · https://b.org/y\n"
    )


def test_a_picture_is_told_in_words() -> None:
    assert shown(Paragraph("Look:"), Picture(b"PNG", "a.png", plain("The way to *it*."))) == (
        "Look:\n\nThe way to *it*.\n"
    )


@pytest.mark.parametrize("kind", [Heading, Paragraph, Note])
@pytest.mark.parametrize(
    "text",
    ["W_Q * W_K", "a `b` c", "#1 <tag> |x|", "[link](x)", "C:\\temp", "see [1]", "1. LoRA"],
)
def test_escaped_text_is_shown_as_it_was(kind: type[Heading | Paragraph | Note], text: str) -> None:
    assert shown(kind(plain(text))) == f"{text}\n"


@pytest.mark.parametrize("text", ["W_Q * W_K", "C:\\temp"])
def test_escaped_text_in_lists_and_sources_is_shown_as_it_was(text: str) -> None:
    assert text in shown(Bullets((plain(text),)))
    assert text in shown(Sources((SourceLine(1, plain(text)),)))


def test_a_pipe_gets_no_colours_and_no_trailing_spaces() -> None:
    text = shown(Heading("LoRA"), Paragraph("word " * 60), Note("Small."))
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))


def test_a_terminal_gets_colours() -> None:
    assert "\x1b[" in shown(Heading("LoRA"), terminal=True)


@pytest.mark.parametrize(("width", "expected"), [(60, 60), (300, WIDTH)])
def test_lines_are_no_longer_than_the_terminal_and_comfortable(width: int, expected: int) -> None:
    text = shown(Paragraph("word " * 100), terminal=True, width=width)
    longest = max(map(len, text.split("\n")))
    assert expected - 6 < longest <= expected


def test_an_unfinished_message_ends_with_an_ellipsis() -> None:
    claim = Claim("LoRA freezes weights.", (1,), Verdict.QUOTED)
    text = shown(*unfinished_message([claim]).blocks)
    assert text == "LoRA freezes weights. [1]\n\n…\n"


def printed(table: object) -> str:
    file = io.StringIO()
    Console(file=file, width=160).print(table)
    return file.getvalue()


def test_topics_are_listed_with_level_and_definition() -> None:
    text = printed(topic_table(list(TOPICS)))
    assert "LoRA" in text
    assert "LoRA is a method of fine-tuning." in text


def test_topics_stand_under_their_first_theme_in_alphabetical_order() -> None:
    topics = TopicGraph(
        (
            Article("b", "Beta", (), topics=("vision",)),
            Article("c", "alpha", (), topics=("vision", "audio")),
            Article("a", "Gamma", (), topics=("audio",)),
            Article("d", "Delta", ()),
        )
    )
    text = printed(topic_table(list(topics)))
    _, *lines = [line.split() for line in text.splitlines() if line.strip(" ─━-")]
    assert lines == [
        ["other", "1"],
        ["Delta"],
        ["audio", "1"],
        ["Gamma"],
        ["vision", "2"],
        ["alpha"],
        ["Beta"],
    ]


def test_evidence_is_listed_with_its_scores_and_where_it_stands() -> None:
    hits = found(passage("LoRA [freezes] weights.", headings=("How it works",)))
    text = printed(evidence_table(Evidence("q", hits, Coverage(True, 1, 1, 1), 1)))
    assert "1.000" in text
    assert "0.500" in text
    assert "Self-attention › How it works" in text
    assert "LoRA [freezes] weights." in text
