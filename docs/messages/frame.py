"""What stands around every message, on either platform: who says it, and to whom."""

from __future__ import annotations

import base64

from docs.messages.markup import plain


def inline_picture(png: bytes, alt: str) -> str:
    """A picture as a part of the page."""
    data = base64.b64encode(png).decode()
    return f'<img alt="{plain(alt)}" src="data:image/png;base64,{data}">'


def asked(words: str) -> str:
    """What the person wrote, used or pressed."""
    return _entry("person", "A", "Ada", f"<p>{plain(words)}</p>")


def post(body: str) -> str:
    """A message of the bot's."""
    return _entry("bot", "E", 'Explainer <span class="badge">APP</span>', body)


def conversation(platform: str, entries: str) -> str:
    """What is seen on a platform."""
    title = f'<p class="platform">{platform.capitalize()}</p>'
    return f'<div class="{platform}">{title}{entries}</div>'


def _entry(kind: str, initial: str, name: str, body: str) -> str:
    return (
        f'<div class="entry {kind}"><span class="avatar" aria-hidden="true">{initial}</span>'
        f'<div class="said"><div class="name">{name}</div>{body}</div></div>'
    )
