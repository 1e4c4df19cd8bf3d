"""The platform-free message: what is said, before a surface gives it a form.

Texts are CommonMark inline markup. A surface renders each block in its own way and
takes care that nothing in a text can ping anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Heading:
    """A line that names what follows."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Lines to be shown as they are, with the language for colouring."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class SourceLine:
    """One cited source.

    Args:
        number: the citation mark's number in the text.
        title: the article's title.
        heading: the headings above the cited passage, joined; may be empty.
        url: where the article can be read; ``None`` if it has no address on the web.
        reference: the work that the article rests on, as "Title (year)"; may be empty.
        reference_url: that work's address.
    """

    number: int
    title: str
    heading: str = ""
    url: str | None = None
    reference: str = ""
    reference_url: str | None = None


@dataclass(frozen=True)
class Sources:
    """The sources that the text above cites."""

    lines: tuple[SourceLine, ...]


@dataclass(frozen=True)
class Picture:
    """A picture; surfaces that can't show it tell it in words.

    Args:
        png: the bytes of the file.
        name: the file's name, of ASCII letters, digits, dashes and the ending ``.png``.
        alt: what it shows, for those who can't see it.
    """

    png: bytes = field(repr=False)
    name: str
    alt: str


@dataclass(frozen=True)
class Note:
    """Small print: how the text above came about."""

    text: str


Block = Heading | Paragraph | Bullets | Code | Sources | Picture | Note


@dataclass(frozen=True)
class Message:
    """What the bot says at once.

    Args:
        blocks: its parts, in reading order.
        progress: whether it only tells what is being done and will be replaced.
    """

    blocks: tuple[Block, ...]
    progress: bool = False


def block_markdown(block: Block) -> str:
    """Render a block as Markdown, the form that both chat platforms understand."""
    match block:
        case Heading(text):
            return f"### {text}"
        case Paragraph(text) | Picture(alt=text):
            return text
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case Code(text, language):
            fence = "`" * max(3, _longest_run_of_backticks(text) + 1)
            return f"{fence}{language}\n{text}\n{fence}"
        case Sources(lines):
            return "\n".join(("**Sources**", *map(source_markdown, lines)))
        case Note(text):
            return f"*{text}*"


def source_markdown(line: SourceLine) -> str:
    """Render one source with its links; addresses that are not on the web are left out."""
    name = f"{line.title} › {line.heading}" if line.heading else line.title
    text = f"[{line.number}] {_linked(name, line.url)}"
    if line.reference:
        text += f" (after {_linked(line.reference, line.reference_url)})"
    return text


def unescaped(text: str) -> str:
    """Markdown's backslash escapes as the characters that they stand for."""
    return _ESCAPED.sub(r"\1", text)


def paginate(message: Message, limit: int) -> tuple[Message, ...]:
    """Split a message into messages of at most ``limit`` characters of Markdown.

    A block is kept whole where it fits, a picture always; it counts with its words. Code that
    does not fit is continued in a block of its own, so no fence is ever left open.

    Args:
        limit: the largest length of one message's Markdown, in characters; at least 100.
    """
    pages: list[list[Block]] = [[]]
    room = limit
    for piece in (piece for block in message.blocks for piece in _pieces(block, limit)):
        size = len(block_markdown(piece)) + 2
        if size > room and pages[-1]:
            pages.append([])
            room = limit
        pages[-1].append(piece)
        room -= size
    return tuple(Message(tuple(page), message.progress) for page in pages)


def _pieces(block: Block, limit: int) -> Iterator[Block]:
    if len(block_markdown(block)) + 2 <= limit:
        yield block
        return
    room = limit - 40
    match block:
        case Heading(text):
            yield from (Heading(part) for part in _cut(text, room))
        case Paragraph(text):
            yield from (Paragraph(part) for part in _cut(text, room))
        case Note(text):
            yield from (Note(part) for part in _cut(text, room))
        case Code(text, language):
            yield from (Code(part, language) for part in _cut(text, room, at="\n"))
        case Bullets(items):
            parts = [part for item in items for part in _cut(item, room)]
            yield from (Bullets((part,)) for part in parts)
        case Sources(lines):
            yield from (Sources((line,)) for line in lines)
        case Picture():
            yield block


def _cut(text: str, room: int, at: str = " ") -> Iterator[str]:
    while len(text) > room:
        end = text.rfind(at, room // 2, room)
        end = room if end < 0 else end + len(at)
        yield text[:end].rstrip(at)
        text = text[end:]
    yield text


def _linked(text: str, url: str | None) -> str:
    if url is None or not url.startswith(("https://", "http://")):
        return text
    label = re.sub(r"\\?\[", "(", text).replace("]", ")")
    target = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{label}]({target})"


def _longest_run_of_backticks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
