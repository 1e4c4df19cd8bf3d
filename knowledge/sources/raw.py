"""A document as it came: bytes of a known format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What bytes are read as."""

    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    NOTEBOOK = "notebook"


@dataclass(frozen=True)
class Raw:
    """A document as it came.

    Args:
        content: its bytes.
        format: what they are read as.
        article_id: the id of the article.
        name: the file or address: for messages, and as the last resort for the title.
        url: the address that it was fetched from; empty for a file.
        charset: of a text, as the server says; may be empty.
    """

    content: bytes
    format: Format
    article_id: str
    name: str
    url: str = ""
    charset: str = ""
