"""What a source yields: documents that are parsed only when they are new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from knowledge.model import Article

READER_VERSION = "2"
"""Part of every fingerprint: raised when the same bytes are read differently than before."""


@dataclass(frozen=True)
class Document:
    """One document of a source, not yet parsed.

    Args:
        id: the article's id.
        origin: where it came from, as people would look for it.
        fingerprint: changes whenever the document does.
        parse: reads it; raises :class:`SourceError` if it cannot be read.
        remote: whether it came over the network, where a page may turn into something else.
    """

    id: str
    origin: str
    fingerprint: str
    parse: Callable[[], Article]
    remote: bool = False


@dataclass(frozen=True)
class Problem:
    """A document that could not be read; the others are indexed all the same.

    Args:
        article_id: the article it would have been. "Could not read" is not "gone": an
            earlier version of that article stays.
        reason: one line: where, and what is wrong.
        origin: where the document would have come from.
    """

    article_id: str
    reason: str
    origin: str = ""


class Source(Protocol):
    """Where articles come from."""

    def documents(self) -> Iterator[Document | Problem]:
        """Everything that the source holds now.

        Raises:
            SourceError: the source as a whole cannot be read.
        """


def fingerprint(content: bytes) -> str:
    """Fingerprint of a document's bytes as this version of the readers reads them."""
    return hashlib.sha256(READER_VERSION.encode() + content).hexdigest()[:32]
