"""The platform-free message: what is said, before a surface gives it a form.

Texts are CommonMark inline markup. A surface renders each block in its own way and
takes care that nothing in a text can ping anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.action import Action

NO_LINK = "\u2060"
"""A character without width that keeps an address from being made a link."""

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BACKTICKS = re.compile(r"`+")
# Where a text is continued, it must not look like a list or a heading.
_BEGINS_A_BLOCK = r"[-+*#>`~=|]|\d+[.)]"
_BETWEEN_WORDS = re.compile(rf" (?!{_BEGINS_A_BLOCK})")
_SENTENCE_END = re.compile(rf"(?<=[.!?]) (?!{_BEGINS_A_BLOCK})")


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


class Tone(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True)
class Button:
    """Something to press.

    Args:
        label: what it says, plain text of at most 75 characters.
        action: what it does.
        tone: how it looks.
    """

    label: str
    action: Action
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Buttons:
    """Buttons in a row, at most five.

    Args:
        buttons: from left to right.
        caption: words above them, which are wanted also where there are no buttons: the labels
            are told as a list then. Each button has a row of its own under a caption.
    """

    buttons: tuple[Button, ...]
    caption: str = ""


@dataclass(frozen=True)
class Rating:
    """Asks whether an answer helped: two buttons, thumbs up and thumbs down.

    Args:
        good: what the first one does.
        bad: what the second one does.
    """

    good: Action
    bad: Action


Block = Heading | Paragraph | Bullets | Code | Sources | Picture | Note | Buttons | Rating


MORE_TO_COME = Paragraph("…")
"""Stands behind the text of an answer that still grows."""


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
            markdown = f"### {text}"
        case Paragraph(text) | Picture(alt=text):
            markdown = text
        case Bullets(items):
            markdown = "\n".join(f"- {item}" for item in items)
        case Code(text, language):
            fence = "`" * max(3, _longest_run_of_backticks(text) + 1)
            markdown = f"{fence}{language}\n{text}\n{fence}"
        case Sources(lines):
            markdown = "\n".join(("**Sources**", *map(source_markdown, lines)))
        case Note(text):
            markdown = f"*{text}*"
        case Buttons(buttons, caption):
            labels = (f"- {button.label}" for button in buttons)
            markdown = "\n".join((caption, *labels)) if caption else ""
        case Rating():
            markdown = ""
    return markdown


def source_markdown(line: SourceLine) -> str:
    """Render one source with its links; addresses that are not on the web are left out."""
    name = f"{line.title} › {line.heading}" if line.heading else line.title
    text = f"[{line.number}] {_linked(name, line.url)}"
    if line.reference:
        text += f" (after {_linked(line.reference, line.reference_url)})"
    return text


def unescaped(text: str) -> str:
    """Markdown's backslash escapes as the characters that they stand for."""
    return _ESCAPED.sub(r"\1", text.replace(NO_LINK, ""))


def paginate(message: Message, limit: int) -> tuple[Message, ...]:
    """Split a message into messages of at most ``limit`` characters of Markdown.

    A block is kept whole where it fits on a page, a picture always; it counts with its words.
    What does not fit is continued on the next page: code after a line, in a block of its own, so
    that no fence is ever left open; a list after an item; a paragraph after a sentence.

    Args:
        limit: the largest length of one message's Markdown, in characters; at least 100.
    """
    pages: list[list[Block]] = [[]]
    room = limit
    for block in message.blocks:
        begun, size = None, 0
        for piece in _pieces(block, limit):
            whole = _joined(begun, piece)
            size = _size(whole)
            if size > room and pages[-1]:
                pages.append([])
                room, begun, whole, size = limit, None, piece, _size(piece)
            if begun is not None:
                pages[-1].pop()
            pages[-1].append(whole)
            begun = whole
        room -= size
    return tuple(Message(tuple(page), message.progress) for page in pages)


def _size(block: Block) -> int:
    return len(block_markdown(block)) + 2


def _pieces(block: Block, limit: int) -> Iterator[Block]:
    """The smallest parts of a block between which a page may end."""
    if _size(block) <= limit:
        yield block
        return
    match block:
        case Heading(text):
            yield from map(Heading, _sentences(text, limit - _size(Heading(""))))
        case Paragraph(text):
            yield from map(Paragraph, _sentences(text, limit - _size(Paragraph(""))))
        case Note(text):
            yield from map(Note, _sentences(text, limit - _size(Note(""))))
        case Code(text, language):
            yield from (Code(line, language) for line in _lines(text, language, limit))
        case Bullets(items):
            room = limit - _size(Bullets(("",)))
            yield from (Bullets((part,)) for item in items for part in _cut(item, room))
        case Sources(lines):
            yield from (Sources((line,)) for line in lines)
        case Picture() | Buttons() | Rating():
            yield block


def _joined(begun: Block | None, piece: Block) -> Block:
    """A block as far as it stands on a page, with its next piece."""
    joined = piece
    match begun, piece:
        case Code(text, language), Code(more):
            joined = Code(f"{text}\n{more}", language)
        case Bullets(items), Bullets(more_items):
            joined = Bullets(items + more_items)
        case Sources(lines), Sources(more_lines):
            joined = Sources(lines + more_lines)
        case Heading(text), Heading(more):
            joined = Heading(f"{text} {more}")
        case Paragraph(text), Paragraph(more):
            joined = Paragraph(f"{text} {more}")
        case Note(text), Note(more):
            joined = Note(f"{text} {more}")
    return joined


def _lines(text: str, language: str, limit: int) -> Iterator[str]:
    """The lines of code; one that is longer than a page in as many parts as it needs."""
    fence = "`" * _longest_run_of_backticks(text)
    room = max(limit - _size(Code(fence, language)), limit // 4)
    for line in text.split("\n"):
        yield from (line[start : start + room] for start in range(0, len(line) or 1, room))


def _sentences(text: str, room: int) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        yield from _cut(sentence, room)


def _cut(text: str, room: int) -> Iterator[str]:
    """A text in parts that fit, between words where that is possible."""
    while len(text) > room:
        ends = [space.start() for space in _BETWEEN_WORDS.finditer(text, room // 2)]
        end = max((end for end in ends if end <= room), default=0)
        if end:
            yield text[:end]
            text = text[end + 1 :]
        else:
            end = room - (text[room - 1] == "\\")
            yield text[:end]
            text = text[end:]
    yield text


def _linked(text: str, url: str | None) -> str:
    if url is None or not url.startswith(("https://", "http://")):
        return text
    label = re.sub(r"\\?\[", "(", text).replace("]", ")")
    target = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return f"[{label}]({target})"


def _longest_run_of_backticks(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
