"""Slack's rules for messages: what is refused, what is read, and who is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.platforms.slack_world import Json

BLOCKS = 50
BLOCKS_CHARACTERS = 13_000
MARKDOWN_CHARACTERS = 12_000
OBJECT_CHARACTERS = 3_000
CONTEXT_ELEMENTS = 10
TEXT_CHARACTERS = 40_000
UPDATED_TEXT_CHARACTERS = 4_000

_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_EVERYBODY = re.compile(r"@(?:channel|here|everyone)\b")


class SlackRefusalError(Exception):
    """A call that is answered with an error code."""


def refusal(payload: Json, update: bool = False) -> str | None:
    """The error code with which Slack refuses a message, if it does.

    Args:
        payload: the arguments of the call.
        update: whether it replaces a message, for which the text's limit is lower.
    """
    return _text_refusal(payload, update) or _blocks_refusal(payload.get("blocks") or [])


def visible_text(payload: Json) -> str:
    """What people read of a message: its blocks, or else its text."""
    blocks = payload.get("blocks") or []
    if not blocks:
        return _read(payload.get("text") or payload.get("markdown_text") or "")
    return "\n".join(_read(string) for block in blocks for string in _strings(block))


def pings(payload: Json, parsed: str = "none") -> list[str]:
    """Whatever in a message calls somebody.

    Args:
        payload: the arguments of the call.
        parsed: how the text is parsed where the call doesn't say.
    """
    strings = [payload.get("text") or "", payload.get("markdown_text") or ""]
    strings += [string for block in payload.get("blocks") or [] for string in _strings(block)]
    found = [m[0] for string in strings for m in _TOKEN.finditer(string) if m[1][:1] in ("@", "!")]
    if payload.get("link_names") or payload.get("parse", parsed) != "none":
        found += [name for string in strings for name in _EVERYBODY.findall(string)]
    return found


def _text_refusal(payload: Json, update: bool) -> str | None:
    text = payload.get("text") or ""
    if "markdown_text" in payload and ("text" in payload or "blocks" in payload):
        return "markdown_text_conflict"
    if not text and not payload.get("blocks") and not payload.get("markdown_text"):
        return "no_text"
    limit = UPDATED_TEXT_CHARACTERS if update else TEXT_CHARACTERS
    return "msg_too_long" if len(text) > limit else None


def _blocks_refusal(blocks: list[Json]) -> str | None:
    if not all(map(_is_valid, blocks)) or sum(map(_rendered_blocks, blocks)) > BLOCKS:
        return "invalid_blocks"
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        return "msg_too_long"
    characters = sum(len(string) for block in blocks for string in _strings(block))
    return "msg_blocks_too_long" if characters > BLOCKS_CHARACTERS else None


def _is_valid(block: Json) -> bool:
    match block:
        case {"type": "markdown", "text": str(text)}:
            return bool(text)
        case {"type": "section", "text": {"type": "mrkdwn" | "plain_text", "text": str(text)}}:
            return 0 < len(text) <= OBJECT_CHARACTERS
        case {"type": "context", "elements": list(elements)}:
            texts = [e.get("text") for e in elements if e.get("type") in ("mrkdwn", "plain_text")]
            fitting = [t for t in texts if t and len(t) <= OBJECT_CHARACTERS]
            return 0 < len(elements) <= CONTEXT_ELEMENTS and len(fitting) == len(elements)
        case {"type": "divider"}:
            return True
    return False


def _rendered_blocks(block: Json) -> int:
    """How many blocks are made of one: a Markdown block's headings and code are their own."""
    if block["type"] != "markdown":
        return 1
    prose, fenced = _FENCED.subn("", block["text"])
    return max(1, len(_HEADING.findall(prose)) + fenced)


def _strings(block: Json) -> Iterator[str]:
    match block:
        case {"type": "markdown", "text": str(text)} | {"text": {"text": str(text)}}:
            yield text
        case {"elements": list(elements)}:
            yield from (element["text"] for element in elements)


def _read(text: str) -> str:
    words = _TOKEN.sub(lambda token: token[2] or token[1], text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
