"""From the core's messages to Slack's blocks, in which nothing can ping anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

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
    unescaped,
)
from bot.core.observer import stage
from bot.slack.controls import Controls
from bot.slack.markup import decode, encode, encode_code, encode_markdown
from bot.slack.sourcing import contexts, encoded_source

# Slack takes 12,000 characters of Markdown and about 13,000 of blocks a message, and 50 blocks,
# counted after it has made several out of one Markdown block.
PAGE_CHARACTERS = 10_500
PAGE_BLOCKS = 40
FALLBACK_CHARACTERS = 3_000
HEADING_CHARACTERS = 150
LANGUAGE_CHARACTERS = 20
CAPTION_CHARACTERS = 300

_MARKS = re.compile(r"\*\*|(?<!\\)`")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")


@dataclass(frozen=True)
class Page:
    """One message as Slack takes it.

    Args:
        text: what notifications and screen readers get.
        blocks: what is shown.
    """

    text: str
    blocks: tuple[dict[str, Any], ...]

    @property
    def opening(self) -> str:
        """The Markdown that it begins with; it may be streamed."""
        first = self.blocks[0]
        return str(first["text"]) if first["type"] == "markdown" else ""

    @property
    def rest(self) -> tuple[dict[str, Any], ...]:
        """The blocks after that."""
        return self.blocks[1:] if self.opening else self.blocks


@stage("render")
def render(message: Message) -> tuple[Page, ...]:
    """Give a message Slack's form, on as many pages as its limits ask for.

    Returns:
        The pages in reading order; none for a message that says nothing.
    """
    blocks = tuple(_encoded(block) for block in message.blocks if says_something(block))
    if not blocks:
        return ()
    pages = paginate(Message(blocks, message.progress), PAGE_CHARACTERS)
    return tuple(_page(part) for page in pages for part in _parts(page.blocks))


def says_something(block: Block) -> bool:
    """Whether anything is to be seen of a block."""
    match block:
        case Buttons(buttons):
            return bool(buttons)
        case Rating():
            return True
        case _:
            return bool(block_markdown(block).strip())


def _encoded(block: Block) -> Block:
    encoded: Block = block
    match block:
        case Heading(text) if len(text) > HEADING_CHARACTERS:
            encoded = Paragraph(f"**{encode_markdown(text)}**")
        case Heading(text) | Paragraph(text) | Note(text):
            encoded = replace(block, text=encode_markdown(text))
        case Bullets(items):
            encoded = Bullets(tuple(map(encode_markdown, items)))
        case Code(text, language):
            name = re.sub(r"[^\w+#.-]", "", language)[:LANGUAGE_CHARACTERS]
            encoded = Code(encode_code(text), name)
        case Sources(lines):
            encoded = Sources(tuple(map(encoded_source, lines)))
        case Picture(alt=alt):
            encoded = Paragraph(encode_markdown(alt))
        case Buttons(caption=caption):
            encoded = replace(block, caption=encode_markdown(caption[:CAPTION_CHARACTERS]))
    return encoded


def _parts(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Blocks in groups that Slack's blocks for them fit into."""
    part: list[Block] = []
    room = PAGE_BLOCKS
    for block in blocks:
        size = 1 + len(block.buttons) if isinstance(block, Buttons) else 1
        if size > room and part:
            yield tuple(part)
            part, room = [], PAGE_BLOCKS
        part.append(block)
        room -= size
    yield tuple(part)


def _page(blocks: tuple[Block, ...]) -> Page:
    controls = Controls()
    rendered: list[dict[str, Any]] = []
    for kind, group in groupby(blocks, key=_kind):
        match kind:
            case "sources":
                rendered += contexts(line for each in group for line in _lines(each))
            case "controls":
                rendered += (row for each in group for row in _controls(each, controls))
            case _:
                text = "\n\n".join(map(block_markdown, group))
                rendered.append({"type": "markdown", "text": text})
    return Page(_fallback(blocks), tuple(rendered))


def _kind(block: Block) -> str:
    match block:
        case Sources():
            return "sources"
        case Buttons() | Rating():
            return "controls"
        case _:
            return "text"


def _lines(block: Block) -> Iterable[SourceLine]:
    return block.lines if isinstance(block, Sources) else ()


def _controls(block: Block, controls: Controls) -> Iterator[dict[str, Any]]:
    match block:
        case Buttons(caption=caption):
            if caption:
                yield {"type": "markdown", "text": caption}
            yield from controls.rows(block)
        case Rating():
            yield controls.rating(block)


def _fallback(blocks: tuple[Block, ...]) -> str:
    text = "\n".join(filter(None, map(_plain, blocks)))
    # The code in it is not encoded throughout, and this text is not Markdown to Slack.
    return re.sub(r"&\w*$", "", encode(decode(text))[:FALLBACK_CHARACTERS])


def _plain(block: Block) -> str:
    match block:
        case Heading(text) | Paragraph(text) | Note(text) | Picture(alt=text):
            return _without_marks(text)
        case Bullets(items):
            return "\n".join(f"• {_without_marks(item)}" for item in items)
        case Code(text):
            return text
        case Sources(lines):
            return "\n".join(_without_marks(source_markdown(line)) for line in lines)
        case Buttons() | Rating():
            return ""


def _without_marks(text: str) -> str:
    return unescaped(_MARKS.sub("", _LINK.sub(r"\1", text)))
