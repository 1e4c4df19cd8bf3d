"""From the core's messages to Slack's blocks, in which nothing can ping anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from bot.core.message import (
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
    block_markdown,
    paginate,
    source_markdown,
    unescaped,
)
from bot.slack.markup import decode, encode

T = TypeVar("T")

# Slack takes 12,000 characters of Markdown and about 13,000 of blocks a message, and 50 blocks,
# counted after it has made several out of one Markdown block.
PAGE_CHARACTERS = 10_500
PAGE_BLOCKS = 40
FALLBACK_CHARACTERS = 3_000
CONTEXT_ELEMENTS = 10
ELEMENT_CHARACTERS = 2_900
NAME_CHARACTERS = 200
HEADING_CHARACTERS = 150
LANGUAGE_CHARACTERS = 20
BACKTICKS = 15

_SPECIAL = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?<=\]\()(?P<target>(?:[^()\s]|\([^()\s]*\))*)(?=\))",
    re.DOTALL,
)
_TOKEN_START = re.compile(r"<(?=\s*[@#!])")
_LONG_RUN = re.compile(rf"`{{{BACKTICKS},}}")
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


def render(message: Message) -> tuple[Page, ...]:
    """Give a message Slack's form, on as many pages as its limits ask for.

    Returns:
        The pages in reading order; none for a message that says nothing.
    """
    blocks = tuple(_encoded(block) for block in message.blocks if block_markdown(block).strip())
    if not blocks:
        return ()
    pages = paginate(Message(blocks, message.progress), PAGE_CHARACTERS)
    return tuple(_page(part) for page in pages for part in _chunks(page.blocks, PAGE_BLOCKS))


def encode_markdown(text: str) -> str:
    """Encode the text of inline Markdown, keeping its code and its links' addresses readable.

    Slack reads its tokens in Markdown too. It decodes ``&lt;`` in running text, but not in an
    address, nor reliably in code: there only what could open a mention is encoded.
    """
    parts, end = [], 0
    for special in _SPECIAL.finditer(text):
        parts.append(_encode_prose(text[end : special.start()]))
        parts.append(encode_code(special[0]) if special["code"] else _address(special[0]))
        end = special.end()
    return "".join((*parts, _encode_prose(text[end:])))


def encode_code(text: str) -> str:
    """Disarm what could open a mention and leave everything else in code as it is."""
    # A run of backticks that is longer would ask for a fence that no page has room for.
    return _TOKEN_START.sub("&lt;", _LONG_RUN.sub("`" * BACKTICKS, text))


def _encode_prose(text: str) -> str:
    return encode(re.sub(r"\\([<>&])", r"\1", text))


def _encoded(block: Block) -> Block:
    match block:
        case Heading(text) if len(text) > HEADING_CHARACTERS:
            return Paragraph(f"**{encode_markdown(text)}**")
        case Heading(text) | Paragraph(text) | Note(text):
            return replace(block, text=encode_markdown(text))
        case Bullets(items):
            return Bullets(tuple(map(encode_markdown, items)))
        case Code(text, language):
            return Code(encode_code(text), re.sub(r"[^\w+#.-]", "", language)[:LANGUAGE_CHARACTERS])
        case Sources(lines):
            return Sources(tuple(map(_encoded_source, lines)))
        case Picture(alt=alt):
            return replace(block, alt=encode_markdown(alt))


def _encoded_source(line: SourceLine) -> SourceLine:
    def name(text: str) -> str:
        # Context elements are no Markdown: a backslash would be seen.
        return encode(" ".join(unescaped(text).split())[:NAME_CHARACTERS])

    def address(url: str | None) -> str | None:
        return url and encode(_address(url))

    return SourceLine(
        number=line.number,
        title=name(line.title),
        heading=name(line.heading),
        url=address(line.url),
        reference=name(line.reference),
        reference_url=address(line.reference_url),
    )


def _page(blocks: tuple[Block, ...]) -> Page:
    rendered: list[dict[str, Any]] = []
    for cited, group in groupby(blocks, key=lambda block: isinstance(block, Sources)):
        if cited:
            rendered += _contexts(group)
        else:
            text = "\n\n".join(map(block_markdown, group))
            rendered.append({"type": "markdown", "text": text})
    return Page(_fallback(blocks), tuple(rendered))


def _contexts(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    lines = [line for block in blocks if isinstance(block, Sources) for line in block.lines]
    elements = [{"type": "mrkdwn", "text": text} for text in _joined(map(_source_line, lines))]
    for group in _chunks(tuple(elements), CONTEXT_ELEMENTS):
        yield {"type": "context", "elements": list(group)}


def _joined(lines: Iterable[str]) -> list[str]:
    texts = [""]
    for line in lines:
        if texts[-1] and len(texts[-1]) + len(line) >= ELEMENT_CHARACTERS:
            texts.append("")
        texts[-1] += f"\n{line}" if texts[-1] else line
    return texts


def _source_line(line: SourceLine) -> str:
    linked = _source_text(line)
    if len(linked) <= ELEMENT_CHARACTERS:
        return linked
    return _source_text(replace(line, url=None, reference_url=None))


def _source_text(line: SourceLine) -> str:
    name = f"{line.title} › {line.heading}" if line.heading else line.title
    text = f"[{line.number}] {_linked(name, line.url)}"
    if line.reference:
        text += f" (after {_linked(line.reference, line.reference_url)})"
    return text


def _linked(label: str, url: str | None) -> str:
    if url is None or not url.startswith(("https://", "http://")):
        return label
    return f"<{url}|{label}>"


def _address(url: str) -> str:
    for character, code in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), (" ", "%20")):
        url = url.replace(character, code)
    return url


def _fallback(blocks: tuple[Block, ...]) -> str:
    text = "\n".join(map(_plain, blocks))
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


def _without_marks(text: str) -> str:
    return unescaped(_MARKS.sub("", _LINK.sub(r"\1", text)))


def _chunks(items: tuple[T, ...], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
