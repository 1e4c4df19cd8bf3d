"""From inline Markdown to Slack's rich text, for where Slack has no Markdown.

A text in it is nothing but a text: only elements of other kinds could call anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}


def paragraph(text: str, italic: bool = False) -> dict[str, Any]:
    """A paragraph of running text."""
    return _block([_section(text, {"italic": True} if italic else {})])


def bullets(items: Iterable[str]) -> dict[str, Any]:
    """A list without order."""
    sections = [_section(item, {}) for item in items]
    return _block([{"type": "rich_text_list", "style": "bullet", "elements": sections}])


def code(text: str) -> dict[str, Any]:
    """Lines as they are."""
    return _block([{"type": "rich_text_preformatted", "elements": [_text(text or " ", {}, None)]}])


def _block(elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": elements}


def _section(text: str, style: dict[str, bool]) -> dict[str, Any]:
    elements: list[dict[str, Any]] = []
    now, url = dict(style), None
    for token in _markdown.parseInline(text)[0].children or ():
        kind, _, end = token.type.rpartition("_")
        if kind in _STYLES:
            now[_STYLES[kind]] = end == "open" or style.get(_STYLES[kind], False)
        elif kind == "link":
            url = str(token.attrGet("href") or "") if end == "open" else None
        elif shown := _shown(token):
            styled = now | ({"code": True} if token.type == "code_inline" else {})
            elements.append(_text(shown, styled, url))
    return {"type": "rich_text_section", "elements": elements or [_text(" ", {}, None)]}


def _shown(token: Token) -> str:
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content


def _text(text: str, style: dict[str, bool], url: str | None) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "text", "text": text}
    if url and url.startswith(("https://", "http://")):
        element |= {"type": "link", "url": url}
    chosen = {name: True for name, wanted in style.items() if wanted}
    return element | ({"style": chosen} if chosen else {})
