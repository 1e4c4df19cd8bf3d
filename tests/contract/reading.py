"""What a person reads: the lines of a post without the platform's markup.

Each platform's own rules apply, so that an escape that one of them shows as it stands is read
as it stands. Left out is only what a form adds: the word above the sources and their addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.platforms import discord_world, slack_world
from tests.platforms.discord_components import texts

Lines = tuple[str, ...]

_NOTE = re.compile(r"^-# ", re.MULTILINE)
_SLACK_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_TERMINAL_WORK = re.compile(r"^ +after (.*?)(?: · \S+)?$")
_TERMINAL_ADDRESS = re.compile(r"^ +https?://\S+$")
_SOURCES = "Sources"

_slack_markdown = MarkdownIt("commonmark", {"html": False})
# Discord shows `&lt;` as it stands.
_discord_markdown = MarkdownIt("commonmark", {"html": False}).disable("entity")


def read_discord(post: discord_world.Post) -> Lines:
    """Read a post on Discord."""
    parts = filter(None, [post.content, *texts(post.components)])
    lines = [line for part in parts for line in _read(_discord_markdown, _NOTE.sub("", part))]
    return tuple(line for line in lines if line != _SOURCES)


def read_slack(post: slack_world.Post) -> Lines:
    """Read a post on Slack."""
    blocks = post.payload.get("blocks") or []
    lines = (line for block in blocks for line in _slack_block(block))
    return tuple(line for line in lines if line != _SOURCES)


def read_terminal(printed: str) -> Lines:
    """Read what was printed, in lines that were not wrapped."""
    lines: list[str] = []
    for line in printed.splitlines():
        if work := _TERMINAL_WORK.match(line):
            lines[-1] += f" (after {work[1]})"
        elif line.strip() not in ("", _SOURCES) and not _TERMINAL_ADDRESS.match(line):
            lines.append(line.strip())
    return tuple(lines)


def _slack_block(block: slack_world.Json) -> Iterator[str]:
    if block["type"] == "markdown":
        yield from _read(_slack_markdown, block["text"])
    if block["type"] != "context":
        return
    for element in block["elements"]:
        # There is no escaping by backslash in Slack's own markup.
        text = _SLACK_TOKEN.sub(lambda token: token[2] or token[1], element["text"])
        for code, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            text = text.replace(code, character)
        yield from text.splitlines()


def _read(markdown: MarkdownIt, text: str) -> Iterator[str]:
    mark = ""
    for token in markdown.parse(text):
        if token.type == "list_item_open":
            mark = "• "
        elif token.type == "inline":
            yield from (mark + "".join(map(_shown, token.children or ()))).splitlines()
            mark = ""
        elif token.content:
            yield from token.content.splitlines()


def _shown(token: Token) -> str:
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content
