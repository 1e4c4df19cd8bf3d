"""Answers and summaries as platform-free messages."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.core.answers.answer import Answer, Claim, Source, Status, TopicName, TopicSummary, Verdict
from bot.core.messages import wording
from bot.core.messages.message import (
    NO_LINK,
    Bullets,
    Heading,
    Message,
    Note,
    Paragraph,
    SourceLine,
    Sources,
    unescaped,
)
from bot.core.messages.phrasing import (
    answer_message,
    plain,
    say,
    summary_message,
    unfinished_message,
)
from knowledge.model import Reference

ONE = Claim("LoRA freezes weights.", (1,), Verdict.QUOTED)
TWO = Claim("It adds matrices.", (1, 2), Verdict.SUPPORTED)
THREE = Claim("The rank is small.", (2,), Verdict.QUOTED, paragraph=1)
REFERENCE = Reference("LoRA: Low-Rank Adaptation", 2021, arxiv="2106.09685")


def source(n: int, article: str = "lora", **changes: str) -> Source:
    return Source(n, article, "LoRA", changes.get("heading", "How it works"), None, "quote")


def seen(text: str) -> str:
    """What a reader of Markdown sees."""
    shown = MarkdownIt("commonmark").renderInline(text).replace(NO_LINK, "")
    return html.unescape(re.sub(r"<[^>]+>", "", shown))


@pytest.mark.parametrize(
    "text",
    [
        "W_Q and W_K",
        "2 * 3 * 4",
        "**bold** and __bold__",
        "`code`",
        "~~gone~~",
        "a | b | c",
        "||hidden||",
        "# not a heading",
        "<@everyone> <#C1> <!here>",
        "> not a quotation",
        "C:\\temp\\*",
        "softmax(Q K^T / sqrt(d)) V",
        "[text](https://evil.example)",
    ],
)
def test_special_characters_look_as_they_stand(text: str) -> None:
    assert seen(plain(text)) == text


def test_nothing_special_is_left_unescaped() -> None:
    assert plain("*_`~|#<>\\") == "\\*\\_\\`\\~\\|\\#\\<\\>\\\\"


def test_citation_marks_stay_as_they_are() -> None:
    assert plain("It weighs tokens. [1][12]") == "It weighs tokens. [1][12]"


@pytest.mark.parametrize("text", ["[a](https://evil.example)", "[1000](x)", "[](x)"])
def test_a_text_cannot_become_a_link(text: str) -> None:
    assert plain(text).startswith("\\[")


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="&")))
def test_any_line_of_text_looks_as_it_stands(text: str) -> None:
    assert seen(plain(text)) == text


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_had_back(text: str) -> None:
    assert unescaped(plain(text)) == text


@pytest.mark.parametrize("address", ["https://example.org/a?b=c", "HTTP://example.org", "ftp://x"])
def test_an_address_in_a_text_is_no_link(address: str) -> None:
    text = plain(f"See {address}.")
    assert "://" not in text
    assert unescaped(text) == f"See {address}."


def test_what_we_say_is_one_escaped_paragraph() -> None:
    assert say("No article about “*x*”.") == Message((Paragraph("No article about “\\*x\\*”."),))


def test_progress_is_marked_as_progress() -> None:
    assert say(wording.READING, progress=True).progress


def test_claims_of_one_paragraph_stand_together_with_their_marks() -> None:
    blocks = answer_message(Answer(Status.ANSWERED, "", (ONE, TWO, THREE))).blocks
    assert blocks[:2] == (
        Paragraph("LoRA freezes weights. [1] It adds matrices. [1][2]"),
        Paragraph("The rank is small. [2]"),
    )


def test_an_answer_ends_with_sources_and_followups() -> None:
    answer = Answer(Status.ANSWERED, "", (ONE,), (source(1),), followups=("What is QLoRA_2?",))
    assert answer_message(answer).blocks[1:] == (
        Sources((SourceLine(1, "LoRA", "How it works"),)),
        Paragraph(wording.ASK_NEXT),
        Bullets(("What is QLoRA\\_2?",)),
    )


def test_an_answer_without_followups_does_not_announce_any() -> None:
    answer = Answer(Status.ANSWERED, "", (ONE,), (source(1),))
    assert Paragraph(wording.ASK_NEXT) not in answer_message(answer).blocks


def test_a_remark_is_small_print_before_the_sources() -> None:
    answer = Answer(Status.ANSWERED, "", (ONE,), (source(1),), remark="Not from *the* model.")
    assert answer_message(answer).blocks[1] == Note("Not from \\*the\\* model.")


def test_an_answer_without_claims_is_its_text() -> None:
    answer = Answer(Status.ABSTAINED, wording.NOT_COVERED)
    assert answer_message(answer) == say(wording.NOT_COVERED)


def test_the_work_behind_an_article_is_named_once() -> None:
    first, second = (
        Source(n, "lora", "LoRA", "", "https://a.org/lora", "", (REFERENCE,)) for n in (1, 2)
    )
    blocks = answer_message(Answer(Status.ANSWERED, "", (ONE, TWO), (first, second))).blocks
    [sources] = [block for block in blocks if isinstance(block, Sources)]
    assert [(line.reference, line.reference_url) for line in sources.lines] == [
        ("LoRA: Low-Rank Adaptation, 2021", "https://arxiv.org/abs/2106.09685"),
        ("", None),
    ]


def test_an_unfinished_answer_is_progress_with_marks() -> None:
    assert unfinished_message([ONE, THREE]) == Message(
        (
            Paragraph("LoRA freezes weights. [1]"),
            Paragraph("The rank is small. [2]"),
            Paragraph("…"),
        ),
        progress=True,
    )


def test_a_summary_tells_what_to_read_before_and_next() -> None:
    summary = TopicSummary(
        TopicName("lora", "LoRA"),
        ONE,
        (TWO, THREE),
        (TopicName("a", "Fine-tuning"), TopicName("b", "Transformer")),
        (TopicName("c", "Quantization"),),
        (source(1), source(2)),
        1,
    )
    assert summary_message(summary).blocks == (
        Heading("LoRA"),
        Paragraph("LoRA freezes weights. [1]"),
        Bullets(("It adds matrices. [1][2]", "The rank is small. [2]")),
        Paragraph("Prerequisites: Fine-tuning, Transformer."),
        Paragraph("Related: Quantization."),
        Sources((SourceLine(1, "LoRA", "How it works"), SourceLine(2, "LoRA", "How it works"))),
    )


def test_a_summary_leaves_out_what_an_article_does_not_have() -> None:
    summary = TopicSummary(TopicName("lora", "LoRA"), ONE, (), (), (), (source(1),), 1)
    assert [type(block) for block in summary_message(summary).blocks] == [
        Heading,
        Paragraph,
        Sources,
    ]
