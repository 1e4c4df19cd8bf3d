"""The core's messages in Discord's form, Components V2."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from discord import ui

from bot.core.message import (
    Block,
    Heading,
    Message,
    Note,
    Sources,
    block_markdown,
    paginate,
    source_markdown,
)

# Discord takes 4,000 characters a message. A note is the only block that is longer here than
# it is for `paginate`, by one character in at least five.
PAGE = 3300
# A group of sources takes four components, any other one; Discord allows 40 a message.
GROUPS = 16


def render(message: Message) -> tuple[ui.LayoutView, ...]:
    """Give a message its form, in as many of Discord's messages as it needs.

    Links in it are not previewed: Discord does that for plain messages only.

    Args:
        message: what is to be said.

    Returns:
        One layout a message, in reading order; none if there is nothing to read.
    """
    pages = (_visible(page.blocks) for page in paginate(message, PAGE))
    return tuple(_layout(blocks) for blocks in pages if blocks)


def _visible(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block_markdown(block).strip("#-* \n")]


def _layout(blocks: list[Block]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    groups = [(cited, list(group)) for cited, group in groupby(blocks, _is_sources)]
    if len(groups) > GROUPS:
        return layout.add_item(ui.TextDisplay(_text(blocks)))
    for cited, group in groups:
        layout.add_item(_box(group) if cited else ui.TextDisplay(_text(group)))
    return layout


def _is_sources(block: Block) -> bool:
    return isinstance(block, Sources)


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
