"""A Git checkout of documentation, with the dates and addresses that Git knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.checkout import Checkout
from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import Document, Problem, fingerprint
from knowledge.sources.folder import FolderSource
from knowledge.sources.tools import Tools

_POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True)
class GitSource:
    """The files that Git tracks, and new ones that it doesn't ignore, as they stand on disk.

    Args:
        declaration: where the checkout is, or a folder of it, and which of its files count.
        tools: what it is read with.
    """

    declaration: Declaration
    tools: Tools

    def documents(self) -> Iterator[Document | Problem]:
        """Every file as a document, in the order of their names.

        Raises:
            SourceError: there is no checkout, or it is damaged.
        """
        path = Path(self.declaration.location).expanduser()
        checkout = Checkout(path)
        include, exclude = self.declaration.include, self.declaration.exclude
        files = FolderSource(path, self.tools.sandbox, include, exclude, checkout.holds)
        for found in files.documents():
            yield _described(found, Path(found.origin), checkout)


def _described(found: Document | Problem, file: Path, checkout: Checkout) -> Document | Problem:
    if isinstance(found, Problem):
        return found
    address = checkout.address_of(file)

    def parse() -> Article:
        if _is_pointer(file):
            raise SourceError(f"{file}: its text is in Git LFS; run 'git lfs pull' there.")
        article = found.parse()
        return replace(
            article,
            url=article.url or address,
            date=article.date or checkout.date_of(file),
        )

    # No part of it changes with each commit: that would have every file parsed again.
    told = fingerprint(f"{found.fingerprint}\0{address}".encode())
    return replace(found, fingerprint=told, parse=parse)


def _is_pointer(file: Path) -> bool:
    """Whether a file only names one that Git LFS keeps (its specification, version 1)."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_POINTER)) == _POINTER
    except OSError:  # it has been read before, so what it was is known
        return False
