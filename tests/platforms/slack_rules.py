"""Slack's rules for messages: what is refused, what is read, and who is called."""

from __future__ import annotations

import re

from tests.platforms.slack_blocks import (
    ids,
    is_plain,
    is_valid,
    is_valid_at_home,
    is_valid_in_modal,
    rich_calls,
    rich_texts,
    texts,
)
from tests.platforms.slack_world import Json

BLOCKS = 50
BLOCKS_CHARACTERS = 13_000
MARKDOWN_CHARACTERS = 12_000
TEXT_CHARACTERS = 40_000
UPDATED_TEXT_CHARACTERS = 4_000
VIEW_BLOCKS = 100
TITLE_CHARACTERS = 24
KEPT_CHARACTERS = 3_000

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
    return _text_refusal(payload, update) or blocks_refusal(payload.get("blocks") or [])


def view_refusal(view: Json) -> str | None:
    """The error code with which Slack refuses a modal or a home, if it does."""
    blocks = view.get("blocks") or []
    if view.get("type") == "home":
        fine = all(map(is_valid_at_home, blocks))
    else:
        titles = [view.get(name) for name in ("title", "submit", "close")]
        fine = all(is_plain(title, TITLE_CHARACTERS) for title in titles)
        fine = fine and bool(blocks) and all(map(is_valid_in_modal, blocks))
        fine = fine and len(view.get("private_metadata") or "") <= KEPT_CHARACTERS
    return None if fine and len(blocks) <= VIEW_BLOCKS else "invalid_arguments"


def visible_text(payload: Json) -> str:
    """What people read of a message: its blocks, or else its text."""
    blocks = payload.get("blocks") or []
    if not blocks:
        return _read(payload.get("text") or payload.get("markdown_text") or "")
    return "\n".join(filter(None, map(_block_text, blocks)))


def pings(payload: Json, parsed: str = "none") -> list[str]:
    """Whatever in a message or a view calls somebody.

    Args:
        payload: the arguments of the call.
        parsed: how the text is parsed where the call doesn't say.
    """
    strings = [payload.get("text") or "", payload.get("markdown_text") or ""]
    blocks = payload.get("blocks") or []
    strings += [string for block in blocks for string in texts(block)]
    found = called(strings) + [call for block in blocks for call in rich_calls(block)]
    if payload.get("link_names") or payload.get("parse", parsed) != "none":
        found += [name for string in strings for name in _EVERYBODY.findall(string)]
    return found


def called(strings: list[str]) -> list[str]:
    """Whatever in these strings is a token that calls somebody."""
    return [m[0] for string in strings for m in _TOKEN.finditer(string) if m[1][:1] in ("@", "!")]


def _block_text(block: Json) -> str:
    if block["type"] in ("actions", "context_actions"):
        return ""
    if block["type"] == "rich_text":
        return "".join(rich_texts(block))
    return "\n".join(map(_read, texts(block)))


def _text_refusal(payload: Json, update: bool) -> str | None:
    text = payload.get("text") or ""
    if "metadata" in payload and not _is_metadata(payload["metadata"]):
        return "invalid_metadata_format"
    if "markdown_text" in payload and ("text" in payload or "blocks" in payload):
        return "markdown_text_conflict"
    if not text and not payload.get("blocks") and not payload.get("markdown_text"):
        return "no_text"
    limit = UPDATED_TEXT_CHARACTERS if update else TEXT_CHARACTERS
    return "msg_too_long" if len(text) > limit else None


def blocks_refusal(blocks: list[Json]) -> str | None:
    """The error code with which Slack refuses the blocks of a message, if it does."""
    if not all(map(is_valid, blocks)) or sum(map(_rendered_blocks, blocks)) > BLOCKS:
        return "invalid_blocks"
    if len(set(ids(blocks))) < len(ids(blocks)):
        return "invalid_blocks"
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        return "msg_too_long"
    characters = sum(len(string) for block in blocks for string in texts(block))
    return "msg_blocks_too_long" if characters > BLOCKS_CHARACTERS else None


def _is_metadata(metadata: object) -> bool:
    match metadata:
        case {"event_type": str(), "event_payload": dict()}:
            return True
    return False


def _rendered_blocks(block: Json) -> int:
    """How many blocks are made of one: a Markdown block's headings and code are their own."""
    if block["type"] != "markdown":
        return 1
    prose, fenced = _FENCED.subn("", block["text"])
    return max(1, len(_HEADING.findall(prose)) + fenced)


def _read(text: str) -> str:
    words = _TOKEN.sub(lambda token: token[2] or token[1], text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
