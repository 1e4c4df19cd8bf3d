"""From the core's sources to Slack's context blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.core.messages.message import SourceLine, unescaped
from bot.slack.markup import encode, encode_address

CONTEXT_ELEMENTS = 10
ELEMENT_CHARACTERS = 2_900
NAME_CHARACTERS = 200


def encoded_source(line: SourceLine) -> SourceLine:
    """A source whose names and addresses stand for nothing but themselves."""

    def name(text: str) -> str:
        # Context elements are no Markdown: a backslash would be seen.
        return encode(" ".join(unescaped(text).split())[:NAME_CHARACTERS])

    def address(url: str | None) -> str | None:
        return url and encode(encode_address(url))

    return SourceLine(
        number=line.number,
        title=name(line.title),
        heading=name(line.heading),
        url=address(line.url),
        reference=name(line.reference),
        reference_url=address(line.reference_url),
    )


def contexts(lines: Iterable[SourceLine]) -> Iterator[dict[str, Any]]:
    """Encoded sources, a line each, in as few blocks as Slack's limits allow."""
    elements = [{"type": "mrkdwn", "text": text} for text in _joined(map(_source_line, lines))]
    for start in range(0, len(elements), CONTEXT_ELEMENTS):
        yield {"type": "context", "elements": elements[start : start + CONTEXT_ELEMENTS]}


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
