"""Slack's notation: what is read from it, and what is written so that nothing calls anybody."""

from __future__ import annotations

import re

BACKTICKS = 15

_SPECIAL = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?<=\]\()(?P<target>(?:[^()\s]|\([^()\s]*\))*)(?=\))",
    re.DOTALL,
)
_TOKEN_START = re.compile(r"<(?=\s*[@#!])")
_LONG_RUN = re.compile(rf"`{{{BACKTICKS},}}")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def encode(text: str) -> str:
    """Write a text so that Slack shows it as it stands and finds no token in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def decode(text: str) -> str:
    """Read a text that Slack has encoded."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def encode_markdown(text: str) -> str:
    """Encode the text of inline Markdown, keeping its code and its links' addresses readable.

    Slack reads its tokens in Markdown too. It decodes ``&lt;`` in running text, but not in an
    address, nor reliably in code: there only what could open a mention is encoded.
    """
    parts, end = [], 0
    for special in _SPECIAL.finditer(text):
        parts.append(_encode_prose(text[end : special.start()]))
        parts.append(encode_code(special[0]) if special["code"] else encode_address(special[0]))
        end = special.end()
    return "".join((*parts, _encode_prose(text[end:])))


def encode_code(text: str) -> str:
    """Disarm what could open a mention and leave everything else in code as it is."""
    # A run of backticks that is longer would ask for a fence that no page has room for.
    return _TOKEN_START.sub("&lt;", _LONG_RUN.sub("`" * BACKTICKS, text))


def encode_address(url: str) -> str:
    """Write an address so that it ends where it ends."""
    for character, code in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), (" ", "%20")):
        url = url.replace(character, code)
    return url


def harmless(text: str, limit: int) -> str:
    """A text for where Slack has no markup, on one line of at most ``limit`` characters.

    Slack doesn't look for tokens in it, and it may show an encoded character as it is written;
    so what looks like a token is only taken apart, which nobody sees.
    """
    apart = _TOKEN_START.sub(f"<{_NOTHING}", " ".join(text.split()))
    return apart if len(apart) <= limit else f"{apart[: limit - 1]}…"


def plain_text(text: str, limit: int) -> dict[str, str | bool]:
    """A text object without markup, of at most ``limit`` characters."""
    return {"type": "plain_text", "text": harmless(text, limit), "emoji": False}


def _encode_prose(text: str) -> str:
    return encode(re.sub(r"\\([<>&])", r"\1", text))
