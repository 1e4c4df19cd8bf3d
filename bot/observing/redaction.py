"""Takes secrets out of what leaves the bot for logs, traces and health."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, unquote

from pydantic import SecretStr

from bot.settings import Settings

REDACTED = "[secret]"

_SHORTEST = 6
"""Shorter values stand in too many words to be taken out wherever they are."""

_NAMES_OF_SECRETS = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|HEADERS)$", re.IGNORECASE)
_USERINFO = re.compile(r"://([^\s/?#\"'<>\\]+)@")
_QUOTE = r"\\?[\"']"
_SHAPES = (
    # Slack's tokens (xoxb-, xapp-, xoxe.xoxp-) and OpenAI's, Anthropic's and GitHub's.
    re.compile(r"\b()(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]{4,}"),
    re.compile(r"\b()sk-[\w-]{12,}"),
    re.compile(r"\b()(?:gh[a-z]_|github_pat_)\w{16,}"),
    # Discord's: a user id, a time and a signature.
    re.compile(r"\b()[\w-]{20,40}\.[\w-]{6,7}\.[\w-]{27,}"),
    re.compile(rf"(\bBearer\s+|\bauthorization{_QUOTE}?\s*[:=,]\s*b?(?:{_QUOTE})?(?:[a-z]+\s+)?)"
               r"[^\s\"',\\]{4,}", re.IGNORECASE),
    re.compile(rf"(\b(?:x-)?api-key{_QUOTE}?\s*[:=,]\s*b?(?:{_QUOTE})?)[^\s\"',\\]{{4,}}",
               re.IGNORECASE),
    # Whoever has these paths may speak in the bot's name.
    re.compile(r"(\bhooks\.slack(?:-gov)?\.com/\w+/)[^\s\"'<>\\]+"),
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.~-]{8,}"),
    re.compile(r"(://(?:[^\s/?#\"'<>\\:@]*:)?)[^\s/?#\"'<>\\]+(?=@)"),
    re.compile(r"([?&;][\w-]*(?:token|key|secret|signature|password)=)[^\s&;\"'<>\\]+",
               re.IGNORECASE),
    re.compile(rf"({_QUOTE}(?:[a-z_]*token|[a-z_]*secret|password|response_url){_QUOTE}"
               rf"\s*:\s*{_QUOTE})[^\"'\s\\]{{4,}}", re.IGNORECASE),
)  # fmt: skip
"""What stands before a secret, which stays, and the secret."""


class Redaction:
    """Takes out known values wherever they stand, and everything that looks like a secret.

    Args:
        values: the known ones.
    """

    def __init__(self, values: Iterable[str]) -> None:
        written = {form for value in values for form in _forms(value) if len(form) >= _SHORTEST}
        longest_first = sorted(written, key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @classmethod
    def of(cls, settings: Settings, environment: Mapping[str, str] = os.environ) -> Redaction:
        """Know the secrets of the settings, and those of libraries in the environment."""
        others = (value for name, value in environment.items() if _NAMES_OF_SECRETS.search(name))
        return cls([*_secrets_of(settings), *others])

    def __call__(self, text: str) -> str:
        """A text without secrets."""
        text = self._values.sub(REDACTED, text)
        for shape in _SHAPES:
            text = shape.sub(rf"\1{REDACTED}", text)
        return text


def _secrets_of(settings: Settings) -> Iterator[str]:
    for _, value in settings:
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, SecretStr):
                yield each.get_secret_value()
                yield from _in_address(each.get_secret_value())
            elif isinstance(each, str):
                yield from _in_address(each)


def _in_address(address: str) -> Iterator[str]:
    """The password of a web address, or what stands in its place."""
    for userinfo in _USERINFO.findall(address):
        user, _, password = userinfo.partition(":")
        yield password or user


def _forms(value: str) -> Iterator[str]:
    """A value as it may be written: in an address, in JSON, in the source of a program."""
    for plain in (value.strip(), unquote(value.strip())):
        yield plain
        yield quote(plain, safe="")
        yield json.dumps(plain)[1:-1]
        yield json.dumps(plain, ensure_ascii=False)[1:-1]
        yield repr(plain)[1:-1]
