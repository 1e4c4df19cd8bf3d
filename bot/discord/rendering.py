"""The core's messages in Discord's form, Components V2."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import discord
from discord import ui

from bot.core.messages import wording
from bot.core.messages.message import (
    Block,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Picture,
    Rating,
    Sources,
    block_markdown,
    paginate,
    source_markdown,
    unescaped,
)
from bot.core.messages.phrasing import without_pictures
from bot.core.observer import stage
from bot.discord.rows import rows, with_thumbs

# Discord takes 4,000 characters a message. A note is the only block that is longer here than
# it is for `paginate`, by one character in at least five.
PAGE = 3300
COMPONENTS = 40
# Characters that Discord takes of what a picture shows: beside the file, and where it is shown.
FILE_DESCRIPTION = 1024
SHOWN_DESCRIPTION = 256

_FENCE = re.compile(r"`(?=``)")
_LANGUAGE = re.compile(r"[\w+\-.#]*", re.ASCII)

Item = ui.Item[ui.LayoutView]


@dataclass(frozen=True)
class Page:
    """One message as Discord takes it."""

    message: Message

    @property
    def layout(self) -> ui.LayoutView:
        """What it shows."""
        return _layout(self.message.blocks)

    @property
    def files(self) -> list[discord.File]:
        """The pictures that it shows; made anew for each request, which uses them up."""
        return [_file(block) for block in self.message.blocks if isinstance(block, Picture)]

    @property
    def in_words(self) -> Page:
        """The page as it is shown where its pictures are not taken."""
        return Page(without_pictures(self.message, wording.PICTURE_LOST))


@stage("render")
def render(message: Message) -> tuple[Page, ...]:
    """Give a message its form, in as many of Discord's messages as it needs.

    Links in it are not previewed: Discord does that for plain messages only.

    Args:
        message: what is to be said.

    Returns:
        One page a message, in reading order; none if there is nothing to read.
    """
    blocks = with_thumbs(_shown_right(block) for block in message.blocks if _is_visible(block))
    pages = paginate(Message(blocks), PAGE) if blocks else ()
    return tuple(Page(Message(part)) for page in pages for part in _taken(page.blocks))


def _is_visible(block: Block) -> bool:
    match block:
        case Buttons(buttons):
            return bool(buttons)
        case Rating():
            return True
        case Code(text):
            return bool(text.strip())
    return bool(block_markdown(block).strip("#-* \n"))


def _shown_right(block: Block) -> Block:
    """Code that Discord shows as it is: it knows fences of three backticks only."""
    if not isinstance(block, Code):
        return block
    language = block.language if _LANGUAGE.fullmatch(block.language) else ""
    return Code(_FENCE.sub("`\N{ZERO WIDTH SPACE}", block.text), language)


def _taken(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Blocks in as few parts as are taken for their number of components."""
    if len(blocks) < 2 or sum(map(_count, _items(blocks))) <= COMPONENTS:
        yield blocks
        return
    half = len(blocks) // 2
    yield from _taken(blocks[:half])
    yield from _taken(blocks[half:])


def _layout(blocks: Iterable[Block]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    for item in _items(blocks):
        layout.add_item(item)
    return layout


def _items(blocks: Iterable[Block]) -> Iterator[Item]:
    for kind, grouped in groupby(blocks, _kind):
        group = list(grouped)
        if kind is Buttons:
            yield from (row for block in group if isinstance(block, Buttons) for row in rows(block))
        elif kind is Sources:
            yield _box(group)
        else:
            yield _gallery(group) if kind is Picture else ui.TextDisplay(_text(group))


def _count(item: Item) -> int:
    inside = item.walk_children() if isinstance(item, ui.Container | ui.ActionRow) else ()
    return 1 + len(list(inside))


def _kind(block: Block) -> type[object]:
    """What is shown by an item of its own kind; texts share theirs."""
    return type(block) if isinstance(block, Sources | Picture | Buttons) else object


def _gallery(group: list[Block]) -> ui.MediaGallery[ui.LayoutView]:
    gallery = ui.MediaGallery[ui.LayoutView]()
    for block in group:
        if isinstance(block, Picture):
            shown = _shortened(block.alt, SHOWN_DESCRIPTION)
            gallery.add_item(media=f"attachment://{block.name}", description=shown)
    return gallery


def _file(picture: Picture) -> discord.File:
    alt = _shortened(picture.alt, FILE_DESCRIPTION)
    return discord.File(io.BytesIO(picture.png), picture.name, description=alt)


def _shortened(alt: str, limit: int) -> str:
    return textwrap.shorten(unescaped(alt), limit, placeholder=" …")


def _box(group: list[Block]) -> ui.Container[ui.LayoutView]:
    lines = [line for block in group if isinstance(block, Sources) for line in block.lines]
    return ui.Container(
        ui.TextDisplay("**Sources**"),
        ui.Separator(),
        ui.TextDisplay("\n".join(map(source_markdown, lines))),
    )


def _text(blocks: list[Block]) -> str:
    text = ""
    for block in blocks:
        # A heading has a margin of its own.
        text += _markdown(block) + ("\n" if isinstance(block, Heading) else "\n\n")
    return text.rstrip("\n")


def _markdown(block: Block) -> str:
    if isinstance(block, Note):
        return "-# " + " ".join(block.text.split())
    return block_markdown(block)
