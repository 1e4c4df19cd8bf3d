"""Markdown -> sections of plain text."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.model import Section

_CODE = ("fence", "code_block")
_PARSER = MarkdownIt("commonmark").enable("table")


def read_markdown(text: str) -> tuple[str, tuple[Section, ...]]:
    """Parse Markdown.

    Returns:
        The title (the first heading of level 1, or empty) and the sections below it.
    """
    title = ""
    path: list[tuple[int, str]] = []
    sections: list[tuple[tuple[str, ...], list[str]]] = [((), [])]
    for node in SyntaxTreeNode(_PARSER.parse(text)).children:
        if node.type == "heading":
            level, heading = int(node.tag[1]), _inline(node)
            if level == 1 and not title:
                title = heading
                continue
            path = [entry for entry in path if entry[0] < level] + [(level, heading)]
            sections.append((tuple(name for _, name in path), []))
        elif block := _block(node):
            sections[-1][1].append(block)
    return title, tuple(
        Section(headings, "\n\n".join(blocks)) for headings, blocks in sections if blocks
    )


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph":
            return _inline(node)
        case "fence" | "code_block":
            return f"```{node.info.strip()}\n{node.content.rstrip()}\n```"
        case "bullet_list" | "ordered_list":
            items = "\n".join(f"- {_flat(item.children)}" for item in node.children)
            code = [_block(part) for part in node.walk() if part.type in _CODE]
            return "\n\n".join((items, *code))
        case "table":
            return "\n".join(_row(row) for part in node.children for row in part.children)
        case "blockquote":
            return "\n\n".join(filter(None, map(_block, node.children)))
        case _:
            return ""


def _flat(nodes: Iterable[SyntaxTreeNode]) -> str:
    prose = (_block(node) for node in nodes if node.type not in _CODE)
    return " ".join(" ".join(block.split()) for block in prose)


def _row(row: SyntaxTreeNode) -> str:
    return "| " + " | ".join(_inline(cell) for cell in row.children) + " |"


def _inline(node: SyntaxTreeNode) -> str:
    return " ".join("".join(_words(child) for child in node.walk(include_self=False)).split())


def _words(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return " "
        case "html_inline" if node.content.startswith("<br"):
            return " "
        case _:
            return ""
