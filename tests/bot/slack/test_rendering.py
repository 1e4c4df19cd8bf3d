"""Messages in Slack's blocks, within Slack's limits."""

from __future__ import annotations

import pytest

from bot.core.message import (
    Block,
    Bullets,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    SourceLine,
    Sources,
)
from bot.slack.rendering import Page, encode_markdown, render
from tests.platforms.slack_rules import refusal

PAPER = SourceLine(
    1,
    "Attention",
    "Scores",
    "https://example.org/a?b=1&c=2",
    "Attention Is All You Need (2017)",
    "https://example.org/paper",
)


def page(*blocks: Block) -> Page:
    """The only page of a message."""
    [only] = render(Message(blocks))
    return only


def test_text_becomes_one_markdown_block() -> None:
    rendered = page(
        Heading("Attention"),
        Paragraph("It **weighs** [1]."),
        Bullets(("query", "key")),
        Code("x = 1", "python"),
        Note("Quoted."),
    )
    text = (
        "### Attention\n\nIt **weighs** [1].\n\n- query\n- key\n\n"
        "```python\nx = 1\n```\n\n*Quoted.*"
    )
    assert rendered.blocks == ({"type": "markdown", "text": text},)


def test_sources_become_a_context_with_links() -> None:
    _, context = page(Paragraph("It weighs [1]."), Sources((PAPER, SourceLine(2, "Tokens")))).blocks
    lines = (
        "[1] <https://example.org/a?b=1&amp;c=2|Attention › Scores> "
        "(after <https://example.org/paper|Attention Is All You Need (2017)>)\n[2] Tokens"
    )
    assert context == {"type": "context", "elements": [{"type": "mrkdwn", "text": lines}]}


def test_the_fallback_has_the_words_without_the_marks() -> None:
    rendered = page(
        Heading("Attention"),
        Paragraph("It **weighs** `a < b`, see [there](https://example.org)."),
        Bullets(("query",)),
        Code("a < b"),
        Sources((PAPER,)),
    )
    assert rendered.text == (
        "Attention\nIt weighs a &lt; b, see there.\n• query\na &lt; b\n"
        "**Sources**\n[1] Attention › Scores (after Attention Is All You Need (2017))"
    ).replace("**Sources**\n", "")


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("the token `<pad>` & `a && b`", "the token `<pad>` &amp; `a && b`"),
        ("``a ` <b>`` <b>", "``a ` <b>`` &lt;b&gt;"),
        ("an open ` <tick>", "an open ` &lt;tick&gt;"),
        ("[a & b](https://example.org/?a=1&b=(2))", "[a &amp; b](https://example.org/?a=1&b=(2))"),
        ("[a](https://example.org/<b>)", "[a](https://example.org/%3Cb%3E)"),
        (r"\<pad\>", "&lt;pad&gt;"),
    ],
)
def test_markdown_is_encoded_where_slack_decodes_it(text: str, encoded: str) -> None:
    assert encode_markdown(text) == encoded


def test_code_stays_as_it_is() -> None:
    code = "def f(a: List<int>) -> bool:\n    return a < 1 && b > 2  # &lt;"
    assert page(Code(code, "c++")).blocks[0]["text"] == f"```c++\n{code}\n```"


@pytest.mark.parametrize("message", [Message(()), Message((Paragraph(" "),))])
def test_a_message_that_says_nothing_has_no_page(message: Message) -> None:
    assert render(message) == ()


def test_a_long_heading_is_set_in_bold() -> None:
    assert page(Heading("h" * 200)).blocks[0]["text"] == f"**{'h' * 200}**"


LONG = SourceLine(1, "t" * 5_000, "h" * 5_000, "https://example.org/" + "a" * 5_000)
HUGE = [
    (Paragraph("word " * 10_000),),
    (Paragraph("<&>" * 10_000),),
    (Paragraph("`" + "<@" * 10_000 + "`"),),
    (Code("x = 1\n" * 5_000, "python"),),
    (Code("<@" * 20_000),),
    (Code("`" * 20_000, "python" * 3_000),),
    (Paragraph("`" * 20_000),),
    (Bullets(tuple("item " * 50 for _ in range(200))),),
    tuple(Paragraph("short") for _ in range(200)),
    tuple(block for _ in range(100) for block in (Heading("h"), Code("c"))),
    (Sources(tuple(SourceLine(n, "Title & more", url="https://e.org/?" + "&" * 300)
                   for n in range(200))),),
    (Sources((LONG,) * 30),),
    (Paragraph("word " * 2_000), Sources((PAPER,) * 100)),
]  # fmt: skip


@pytest.mark.parametrize("blocks", HUGE)
def test_every_page_is_within_the_limits(blocks: tuple[Block, ...]) -> None:
    pages = render(Message(blocks))
    payloads = [{"text": page.text, "blocks": list(page.blocks)} for page in pages]
    assert [refusal(payload, update=True) for payload in payloads] == [None] * len(pages)


@pytest.mark.parametrize("language", ["python", ""])
def test_no_page_leaves_a_fence_open(language: str) -> None:
    pages = render(Message((Paragraph("Look:"), Code("x = 1\n" * 5_000, language))))
    assert len(pages) > 2
    for each in pages:
        fences = [line for line in each.blocks[0]["text"].splitlines() if line.startswith("```")]
        assert fences == [f"```{language}", "```"]


def test_the_fallback_is_never_cut_within_an_entity() -> None:
    text = page(Paragraph("<" * 2_000)).text
    assert text == "&lt;" * 750
