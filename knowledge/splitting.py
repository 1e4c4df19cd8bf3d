"""Article -> passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.model import Article, Passage, Section

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

PASSAGE_CHARACTERS = 1000
"""Some 200 tokens of English; the packaged embedding model reads 256 at once."""

_FENCE = "```"
_LINKS = ("see also", "further reading", "external links")

SPLITTING_VERSION = "2"
"""Raised when the same article is split differently than before."""


def split(article: Article) -> tuple[Passage, ...]:
    """Split an article into passages that never cross a heading.

    The summary is a passage of its own: the shortest definition there is.
    """
    return tuple(dict.fromkeys(_passages(article)))


def _passages(article: Article) -> Iterator[Passage]:
    if article.summary:
        yield Passage(article.id, article.title, (), article.summary, article.aliases)
    for section in article.sections:
        if not _says_something_new(section, article):
            continue
        for text in _with_whole_fences(_splitter().split_text(section.text)):
            yield Passage(article.id, article.title, section.headings, text, article.aliases)


def _says_something_new(section: Section, article: Article) -> bool:
    """Whether a section is neither a list of links nor the summary once more."""
    if section.headings and section.headings[0].lower() in _LINKS:
        return False
    return section.text != article.summary


def _with_whole_fences(texts: Iterable[str]) -> Iterator[str]:
    """Close code that a split left open, and open it again in the next passage."""
    inside = False
    for part in texts:
        text = f"{_FENCE}\n{part}" if inside else part
        inside = sum(line.startswith(_FENCE) for line in text.splitlines()) % 2 == 1
        yield f"{text}\n{_FENCE}" if inside else text


@lru_cache(maxsize=1)
def _splitter() -> RecursiveCharacterTextSplitter:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        chunk_size=PASSAGE_CHARACTERS,
        chunk_overlap=0,
        separators=["\n\n", "\n", ". ", " ", ""],
        keep_separator="end",
    )
