"""The platform-free message as Markdown, and its pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages.message import (
    Block,
    Bullets,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    Rating,
    SourceLine,
    Sources,
    block_markdown,
    paginate,
    source_markdown,
)

LIMIT = 200


def pages(*blocks: Block, limit: int = LIMIT) -> list[tuple[Block, ...]]:
    return [page.blocks for page in paginate(Message(blocks), limit)]


def markdown(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(map(block_markdown, blocks))


def words(count: int) -> str:
    """Text of so many different words."""
    return " ".join(f"w{number}" for number in range(count))


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Heading("Attention"), "### Attention"),
        (Paragraph("It weighs [1]."), "It weighs [1]."),
        (Bullets(("one", "two")), "- one\n- two"),
        (Code("x = 1", "python"), "```python\nx = 1\n```"),
        (Note("Quoted."), "*Quoted.*"),
        (Picture(b"PNG", "a.png", "A way."), "A way."),
        (Sources((SourceLine(1, "LoRA"),)), "**Sources**\n[1] LoRA"),
    ],
)
def test_each_block_has_its_markdown(block: Block, text: str) -> None:
    assert block_markdown(block) == text


@pytest.mark.parametrize(("text", "ticks"), [("``", 3), ("```", 4), ("a ````` b ``", 6)])
def test_a_fence_is_longer_than_the_backticks_in_its_code(text: str, ticks: int) -> None:
    fence = "`" * ticks
    assert block_markdown(Code(text)) == f"{fence}\n{text}\n{fence}"


def test_a_source_is_linked_to_its_article_and_its_reference() -> None:
    line = SourceLine(2, "LoRA", "How it works", "https://a.org/x", "Hu, 2021", "https://b.org/y")
    assert source_markdown(line) == (
        "[2] [LoRA › How it works](https://a.org/x) (after [Hu, 2021](https://b.org/y))"
    )


@pytest.mark.parametrize("url", [None, "", "file:///etc/passwd", "javascript:alert(1)", "a/b.md"])
def test_what_is_not_on_the_web_is_not_linked(url: str | None) -> None:
    assert source_markdown(SourceLine(1, "LoRA", url=url)) == "[1] LoRA"


def test_brackets_and_parentheses_cannot_break_a_link() -> None:
    line = SourceLine(1, "A [b](c)", url="https://a.org/x (1)")
    assert source_markdown(line) == "[1] [A (b)(c)](https://a.org/x%20%281%29)"


def test_escaped_brackets_cannot_break_a_link_either() -> None:
    line = SourceLine(1, "A \\[b]", url="https://a.org/x")
    assert source_markdown(line) == "[1] [A (b)](https://a.org/x)"


def test_a_message_that_fits_is_one_page() -> None:
    blocks = (Heading("a"), Paragraph("b"), Bullets(("c", "d")), Code("e"))
    assert pages(*blocks) == [blocks]


def test_a_block_moves_to_the_next_page_whole() -> None:
    first, second = Paragraph("a" * 150), Paragraph("b" * 150)
    assert pages(first, second) == [(first,), (second,)]


def test_code_that_fits_on_a_page_is_never_split() -> None:
    code = Code("line\n" * 30, "python")
    assert pages(Paragraph("a" * 150), code) == [(Paragraph("a" * 150),), (code,)]


def test_code_that_does_not_fit_is_continued_in_fences_of_its_language() -> None:
    lines = [f"line {number}" for number in range(60)]
    found = [block for page in pages(Code("\n".join(lines), "python")) for block in page]
    assert len(found) > 1
    assert all(isinstance(block, Code) and block.language == "python" for block in found)
    assert [line for b in found if isinstance(b, Code) for line in b.text.split("\n")] == lines


def test_a_picture_stays_whole_and_its_bytes_take_no_room() -> None:
    picture = Picture(b"x" * 1_000, "a.png", "A way.")
    assert pages(Paragraph("Look:"), picture) == [(Paragraph("Look:"), picture)]
    long = Picture(b"x", "a.png", words(200))
    assert pages(Paragraph("Look:"), long) == [(Paragraph("Look:"),), (long,)]


def test_a_long_list_is_split_between_its_items() -> None:
    items = tuple(f"item {number} {words(5)}" for number in range(30))
    found = [block for page in pages(Bullets(items)) for block in page]
    assert len(found) > 1
    assert tuple(i for block in found if isinstance(block, Bullets) for i in block.items) == items


def test_a_long_paragraph_is_split_between_words() -> None:
    text = words(200)
    found = [block for page in pages(Paragraph(text)) for block in page]
    assert len(found) > 1
    assert " ".join(b.text for b in found if isinstance(b, Paragraph)) == text


def test_a_word_longer_than_a_page_is_split_all_the_same() -> None:
    text = "x" * 1000
    parts = [b.text for page in pages(Paragraph(text)) for b in page if isinstance(b, Paragraph)]
    assert "".join(parts) == text


def test_a_long_heading_loses_nothing() -> None:
    text = words(100)
    assert [word for page in pages(Heading(text)) for word in markdown(page).split()[1:]] == (
        text.split()
    )


def test_many_sources_keep_their_order() -> None:
    lines = tuple(SourceLine(n, f"Article {n}", url="https://example.org/a") for n in range(1, 30))
    found = [b for page in pages(Sources(lines)) for b in page if isinstance(b, Sources)]
    assert tuple(line for block in found for line in block.lines) == lines


@pytest.mark.parametrize("progress", [False, True])
def test_the_pages_of_a_message_are_what_the_message_is(progress: bool) -> None:
    split = paginate(Message((Paragraph(words(200)),), progress), LIMIT)
    assert {page.progress for page in split} == {progress}


_PIECES = st.text(st.characters(codec="utf-8", exclude_characters="`"), max_size=30)
_TEXTS = st.builds(lambda piece, times: piece * times, _PIECES, st.integers(0, 40))
_LINES = st.builds(
    SourceLine,
    number=st.integers(1, 99),
    title=st.text(max_size=40),
    heading=st.text(max_size=40),
    url=st.none() | st.just("https://example.org/a"),
)
_BLOCKS = st.one_of(
    st.builds(Heading, st.text(max_size=90)),
    st.builds(Paragraph, _TEXTS),
    st.builds(Note, _TEXTS),
    st.builds(Bullets, st.lists(_TEXTS, max_size=6).map(tuple)),
    st.builds(Code, _TEXTS, st.sampled_from(["", "python", "c++"])),
    st.builds(Sources, st.lists(_LINES, max_size=6).map(tuple)),
    st.builds(Picture, st.binary(), st.just("a.png"), st.text(max_size=90)),
)
_MESSAGES = st.lists(_BLOCKS, max_size=6).map(lambda blocks: Message(tuple(blocks)))


@settings(deadline=None)
@given(_MESSAGES, st.integers(150, 600))
def test_every_page_is_within_the_limit(message: Message, limit: int) -> None:
    assert all(len(markdown(page.blocks)) <= limit for page in paginate(message, limit))


@settings(deadline=None)
@given(_MESSAGES, st.integers(150, 600))
def test_no_text_is_lost(message: Message, limit: int) -> None:
    split = [block for page in paginate(message, limit) for block in page.blocks]
    assert _letters(tuple(split)) == _letters(message.blocks)


def _letters(blocks: tuple[Block, ...]) -> str:
    """All that is to be read, without white space and without Markdown's own characters."""
    return "".join("".join(_read(block) for block in blocks).split())


def _read(block: Block) -> str:
    match block:
        case Heading(text) | Paragraph(text) | Note(text) | Code(text) | Picture(alt=text):
            return text
        case Bullets(items):
            return "".join(items)
        case Sources(lines):
            return "".join(map(source_markdown, lines))
        case Buttons(buttons, caption):
            return "".join((caption, *(button.label for button in buttons))) if caption else ""
        case Rating():
            return ""
