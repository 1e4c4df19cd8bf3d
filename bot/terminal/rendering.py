"""Platform-free messages -> the terminal."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.core.messages.message import (
    NO_LINK,
    Block,
    Bullets,
    Heading,
    Message,
    Note,
    SourceLine,
    Sources,
    block_markdown,
    unescaped,
)
from knowledge.model import Evidence
from knowledge.topics import Topic

WIDTH = 100


def render(message: Message) -> RenderableType:
    """A message as something that rich can print."""
    parts: list[RenderableType] = []
    for block in message.blocks:
        if parts and not isinstance(block, Bullets):
            parts.append(Text())
        parts.append(_block(block))
    return Group(*parts)


def show(console: Console, message: Message) -> None:
    """Print a message, in lines that are comfortable to read."""
    width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    with console.capture() as printed:
        console.print(render(message), width=width)
    # Markdown is filled up with spaces to the right.
    lines = (line.rstrip() for line in printed.get().splitlines())
    console.out("\n".join(lines), highlight=False)


def topic_table(topics: list[Topic]) -> Table:
    """Topics by theme, with level and definition; a topic stands under its first theme."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("topic", "level", "definition"):
        table.add_column(column, overflow="fold")
    themes: dict[str, list[Topic]] = {}
    for topic in topics:
        themes.setdefault(topic.fields[0] if topic.fields else "", []).append(topic)
    for theme, shelf in sorted(themes.items()):
        table.add_row(Text(theme or "other", style="bold cyan"), f"{len(shelf)}", end_section=True)
        for topic in sorted(shelf, key=lambda topic: topic.title.lower()):
            table.add_row(f"  {topic.title}", topic.level, topic.definition)
    return table


def evidence_table(evidence: Evidence) -> Table:
    """Passages with their scores and the parts of these."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("score", "dense", "bm25"):
        table.add_column(column, justify="right")
    table.add_column("passage", overflow="fold")
    for found in evidence.passages:
        name = " › ".join(
            (found.passage.title or found.passage.article_id, *found.passage.headings)
        )
        excerpt = " ".join(found.passage.text.split())[:160]
        table.add_row(
            f"{found.score:.3f}",
            f"{found.dense:.3f}",
            f"{found.lexical:.2f}",
            Text.assemble((name, "bold"), f"\n{excerpt}…"),
        )
    return table


def _block(block: Block) -> RenderableType:
    match block:
        case Heading(text):
            return Text(unescaped(text), style="bold")
        case Bullets(items):
            return Group(*(Padding(Text(f"• {unescaped(item)}"), (0, 0, 0, 2)) for item in items))
        case Note(text):
            return Text(unescaped(text), style="italic dim")
        case Sources(lines):
            return Group(Text("Sources", style="bold"), *map(_source, lines))
        case _:
            return Markdown(block_markdown(block).replace(NO_LINK, ""))


def _source(line: SourceLine) -> RenderableType:
    name = f"{line.title} › {line.heading}" if line.heading else line.title
    text = Text(overflow="fold")
    text.append_text(Text.assemble((f"[{line.number}] ", "cyan"), (unescaped(name), "bold")))
    if line.url:
        text.append(f"\n    {line.url}", style="dim")
    if line.reference:
        text.append(f"\n    after {unescaped(line.reference)}", style="dim")
        if line.reference_url:
            text.append(f" · {line.reference_url}", style="dim")
    return Padding(text, (0, 0, 0, 2))
