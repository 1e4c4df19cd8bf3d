"""Messages in Slack's blocks, within Slack's limits."""

from __future__ import annotations

import random
import re

import pytest

from bot.core.action import Action, Verb
from bot.core.messages.message import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Rating,
    SourceLine,
    Sources,
    Tone,
    block_markdown,
)
from bot.slack.markup import encode_markdown
from bot.slack.rendering import Page, render
from tests.platforms.slack_blocks import ids
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


def button(label: str, tone: Tone = Tone.PLAIN) -> Button:
    return Button(label, Action(Verb.FOLLOW_UP, "7", label[:3]), tone)


def test_buttons_stand_in_a_row() -> None:
    _, row = page(
        Paragraph("An answer."),
        Buttons((button("Why?"), button("Go", Tone.MAIN), button("Stop", Tone.DANGER))),
    ).blocks
    assert row["type"] == "actions"
    assert [each["text"]["text"] for each in row["elements"]] == ["Why?", "Go", "Stop"]
    assert [each["value"] for each in row["elements"]] == ["ask:7:Why", "ask:7:Go", "ask:7:Sto"]
    assert [each.get("style") for each in row["elements"]] == [None, "primary", "danger"]


def test_buttons_with_a_caption_stand_below_it_beside_what_they_are_about() -> None:
    blocks = page(Buttons((button("Why?"), button("How?")), "You could ask **next**:")).blocks
    assert [block["type"] for block in blocks] == ["markdown", "section", "section"]
    assert blocks[0]["text"] == "You could ask **next**:"
    assert [block["text"]["text"] for block in blocks[1:]] == ["Why?", "How?"]
    assert [block["accessory"]["value"] for block in blocks[1:]] == ["ask:7:Why", "ask:7:How"]
    assert len(blocks[1]["accessory"]["text"]["text"]) < 30


def test_a_rating_is_a_pair_of_thumbs() -> None:
    [block] = page(Rating(Action(Verb.GOOD, "7"), Action(Verb.BAD, "7"))).blocks
    [pair] = block["elements"]
    assert (block["type"], pair["type"]) == ("context_actions", "feedback_buttons")
    assert pair["positive_button"]["value"] == "good:7:"
    assert pair["negative_button"]["value"] == "bad:7:"


def test_every_button_of_a_message_has_a_name_of_its_own() -> None:
    row = Buttons(tuple(map(button, "abcde")))
    rendered = page(row, Rating(Action(Verb.GOOD), Action(Verb.BAD)), row, row)
    names = ids(list(rendered.blocks))
    assert len(set(names)) == len(names) == 16


def test_a_long_label_is_cut() -> None:
    [row] = page(Buttons((button("word " * 30),))).blocks
    label = row["elements"][0]["text"]["text"]
    assert (len(label), label[-1]) == (75, "…")


def test_an_empty_row_is_left_out() -> None:
    assert [block["type"] for block in page(Paragraph("Hi."), Buttons(())).blocks] == ["markdown"]


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
    tuple(Buttons(tuple(Button("label " * 20, Action(Verb.STEP, "x" * 80)) for _ in range(5)), "c")
          for _ in range(30)),
    (Paragraph("word " * 2_090), Buttons(tuple(Button("l" * 75, Action(Verb.STEP))
                                               for _ in range(5)), "caption " * 20)),
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


WORDS = (
    "attention weighs each token `q·k` by **how** well it fits <the> query [1] & key [12]. ".split()
)


def generated(seed: int) -> Message:
    """An over-long answer of all kinds of blocks."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    def block(number: int) -> Block:
        lines = "\n".join(f"{n}: {text(8)}" for n in range(chance.randint(1, 300)))
        items = tuple(f"{number}.{n} {text(60)}" for n in range(chance.randint(1, 40)))
        kinds = (Paragraph(text(1_500)), Bullets(items), Code(lines, "python"), Heading(text(9)))
        return chance.choice(kinds)

    return Message(tuple(block(number) for number in range(chance.randint(2, 9))))


def markdown_of(pages: tuple[Page, ...]) -> list[str]:
    """The Markdown of every page."""
    return [block["text"] for each in pages for block in each.blocks if block["type"] == "markdown"]


@pytest.mark.parametrize("seed", range(200))
def test_a_long_answer_is_split_without_breaking_anything(seed: int) -> None:
    message = generated(seed)
    pages = render(message)
    for each in pages:
        assert refusal({"text": each.text, "blocks": list(each.blocks)}, update=True) is None
    texts = markdown_of(pages)
    for text in texts:
        fences = [line for line in text.splitlines() if line.startswith("```")]
        assert fences == ["```python", "```"] * (len(fences) // 2)
        assert not re.search(r"\[\d*$", text), "a citation mark is cut"
    whole = " ".join(texts)
    for block in message.blocks:
        if isinstance(block, Bullets):
            heads = [item.split()[0] for item in block.items]
            assert all(f"- {head} " in whole or f"- {head}\n" in whole for head in heads)
    cited = sum(block_markdown(each).count("[12]") for each in message.blocks)
    assert whole.count("[12]") == cited
