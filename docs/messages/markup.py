"""The platforms' notations of text as HTML."""

from __future__ import annotations

import re
from html import escape, unescape

from markdown_it import MarkdownIt

_discord = MarkdownIt("commonmark", {"html": False, "breaks": True})
_slack = MarkdownIt("commonmark", {"html": False})
_SMALL_PRINT = re.compile(r"<p>-# (.*?)</p>")
_LINK = re.compile(r"<(?P<url>[^|<>]+)\|(?P<label>[^<>]*)>")


def discord_markdown(text: str) -> str:
    """Discord's Markdown: every line break is seen, and "-#" begins small print."""
    return _SMALL_PRINT.sub(r"<p><small>\1</small></p>", _discord.render(text))


def slack_markdown(text: str) -> str:
    """What a Markdown block shows."""
    return str(_slack.render(text))


def slack_mrkdwn(text: str) -> str:
    """Slack's older notation, as far as the bot uses it: encoded text with links."""
    shown, end = "", 0
    for link in _LINK.finditer(text):
        shown += f'{text[end : link.start()]}<a href="{escape(unescape(link["url"]))}">'
        shown += f"{link['label']}</a>"
        end = link.end()
    return (shown + text[end:]).replace("\n", "<br>")


def plain(text: str) -> str:
    """Text without any notation."""
    return escape(text)
