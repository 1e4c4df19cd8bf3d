"""The core's messages in Discord's form, Components V2."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import discord
from discord import ui

from bot.core import wording
from bot.core.message import (
    Block,
    Heading,
    Message,
    Note,
    Picture,
    Sources,
    block_markdown,
    paginate,
    source_markdown,
    unescaped,
)
from bot.core.phrasing import without_pictures

# Discord takes 4,000 characters a message. A note is the only block that is longer here than
# it is for `paginate`, by one character in at least five.
PAGE = 3300
# A group of sources takes four components, any other one; Discord allows 40 a message.
GROUPS = 16
# Characters that Discord takes of what a picture shows: beside the file, and where it is shown.
FILE_DESCRIPTION = 1024
SHOWN_DESCRIPTION = 256


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


def render(message: Message) -> tuple[Page, ...]:
    """Give a message its form, in as many of Discord's messages as it needs.

    Links in it are not previewed: Discord does that for plain messages only.

    Args:
        message: what is to be said.

    Returns:
        One page a message, in reading order; none if there is nothing to read.
    """
    pages = (_visible(page) for page in paginate(message, PAGE))
    return tuple(Page(page) for page in pages if page.blocks)


def _visible(page: Message) -> Message:
    blocks = (block for block in page.blocks if block_markdown(block).strip("#-* \n"))
    return Message(tuple(blocks), page.progress)


def _layout(blocks: Iterable[Block]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    groups = [(kind, list(group)) for kind, group in groupby(blocks, _kind)]
    if len(groups) > GROUPS:
        groups = [(object, list(blocks))]
    for kind, group in groups:
        layout.add_item(_item(kind, group))
    return layout


def _kind(block: Block) -> type[object]:
    """What is shown by an item of its own kind; texts share theirs."""
    return type(block) if isinstance(block, Sources | Picture) else object


def _item(kind: type[object], group: list[Block]) -> ui.Item[ui.LayoutView]:
    if kind is Sources:
        return _box(group)
    return _gallery(group) if kind is Picture else ui.TextDisplay(_text(group))


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
