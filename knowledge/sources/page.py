"""One page or document on the web."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.sources.declaring import Declaration
from knowledge.sources.documents import Document, Problem
from knowledge.sources.following import read_page
from knowledge.sources.tools import Tools


@dataclass(frozen=True)
class PageSource:
    """A web page, PDF, notebook, Markdown or text file at one address.

    Args:
        declaration: where it is.
        tools: what it is read with.
    """

    declaration: Declaration
    tools: Tools

    def documents(self) -> Iterator[Document | Problem]:
        """The only document. A page that cannot be fetched is a problem, and not gone."""
        yield read_page(self.declaration.url, self.tools)
