"""What tests do with a source: read all of it, one article, or why it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources import Declaration, Document, Problem, Tools, open_source
from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox

TOOLS = Tools(Fetcher(Responses(Path("nowhere"))), Sandbox())
"""Nothing here is fetched; the child process starts with the first page and ends at exit."""


def found_in(path: Path) -> list[Document | Problem]:
    """Everything that a folder or file holds."""
    return list(open_source(Declaration(location=str(path)), TOOLS).documents())


def articles_in(path: Path) -> dict[str, Article]:
    """The articles of a folder or file by the ids of their documents."""
    return {
        document.id: document.parse()
        for document in found_in(path)
        if isinstance(document, Document)
    }


def article_in(path: Path) -> Article:
    """The only article of a folder or file."""
    (article,) = articles_in(path).values()
    return article


def complaint_about(path: Path) -> str:
    """Why the only document of a folder or file cannot be read."""
    (document,) = found_in(path)
    assert isinstance(document, Document)
    with pytest.raises(SourceError) as caught:
        document.parse()
    reason = str(caught.value)
    assert "\n" not in reason
    return reason
