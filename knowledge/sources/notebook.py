"""A Jupyter notebook -> an article: its texts and its code, without what the code put out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat

from knowledge.model import Article
from knowledge.sources.markdown import read_markdown
from knowledge.sources.raw import Raw
from knowledge.sources.text import decode, one_line, title_of
from knowledge.sources.unparsed import Unparsed

_VERSION = 4
_BACKTICKS = re.compile(r"`{3,}")


def read_notebook(raw: Raw) -> Article:
    """Read a notebook of any version of the format; older ones are converted.

    Raises:
        Unparsed: it is no notebook.
    """
    text = decode(raw.content)
    try:
        book = nbformat.reads(text, as_version=_VERSION)  # type: ignore[no-untyped-call]
        markdown = "\n\n".join(_cells(book))
    except (ValueError, LookupError, TypeError, AttributeError, nbformat.ValidationError):
        raise Unparsed("it is not a Jupyter notebook; save it once more with Jupyter.") from None
    heading, sections = read_markdown(markdown)
    first = next((section.headings[0] for section in sections if section.headings), "")
    return Article(
        id=raw.article_id,
        title=one_line(heading or first) or title_of(raw.name),
        sections=sections,
        url=raw.url,
        language="",
        author=_authors(book.metadata),
    )


def _cells(book: Any) -> Iterator[str]:
    language = book.metadata.get("language_info", {}).get("name", "")
    for cell in book.cells:
        source = cell.source.strip()
        if source and cell.cell_type == "markdown":
            yield source
        elif source and cell.cell_type == "code":
            yield _fenced(source, language)


def _fenced(code: str, language: str) -> str:
    """Code between fences that are longer than any in it."""
    longest = max(map(len, _BACKTICKS.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def _authors(metadata: Mapping[str, Any]) -> str:
    authors = metadata.get("authors")
    people = authors if isinstance(authors, list) else []
    names = [person.get("name") for person in people if isinstance(person, Mapping)]
    return one_line(", ".join(name for name in names if isinstance(name, str)))
