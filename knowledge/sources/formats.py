"""Bytes of a known format -> an article."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import urlsplit

from knowledge.errors import SourceError
from knowledge.model import Article, Section
from knowledge.sources.front_matter import split_front_matter
from knowledge.sources.markdown import read_markdown
from knowledge.sources.raw import Format, Raw
from knowledge.sources.sandbox import Sandbox
from knowledge.sources.text import decode, title_of
from knowledge.sources.unparsed import Unparsed

__all__ = [
    "ACCEPTED",
    "LARGEST",
    "SUFFIXES",
    "Format",
    "Raw",
    "format_of",
    "read",
    "read_untrusted",
]

LARGEST = 64 << 20
"""The largest document that is read, in bytes."""


SUFFIXES: Mapping[str, Format] = MappingProxyType(
    {
        ".md": Format.MARKDOWN,
        ".markdown": Format.MARKDOWN,
        ".txt": Format.TEXT,
        ".html": Format.HTML,
        ".htm": Format.HTML,
        ".pdf": Format.PDF,
        ".ipynb": Format.NOTEBOOK,
    }
)
"""The formats by the endings of files."""

_MEDIA_TYPES: Mapping[str, Format] = MappingProxyType(
    {
        "text/markdown": Format.MARKDOWN,
        "text/x-markdown": Format.MARKDOWN,
        "text/html": Format.HTML,
        "application/xhtml+xml": Format.HTML,
        "application/pdf": Format.PDF,
        "application/x-ipynb+json": Format.NOTEBOOK,
    }
)
_VAGUE: Mapping[str, Format | None] = MappingProxyType(
    {
        "text/plain": Format.TEXT,
        "application/json": None,
        "application/octet-stream": None,
        "binary/octet-stream": None,
    }
)
"""What servers say of files that they don't know; an ending that is known says more."""

ACCEPTED = (*_MEDIA_TYPES, *_VAGUE)
"""The media types that a document can come as."""


def format_of(name: str = "", media_type: str = "") -> Format | None:
    """The format of a document, or ``None`` if it is none that can be read.

    Args:
        name: a file or an address; its ending counts where the media type says little.
        media_type: as in the header ``Content-Type``; parameters are left aside.
    """
    path = urlsplit(name).path if "://" in name else name
    by_suffix = SUFFIXES.get(PurePosixPath(path).suffix.lower())
    kind = media_type.split(";", maxsplit=1)[0].strip().lower()
    if kind and kind not in _VAGUE:
        return _MEDIA_TYPES.get(kind)
    return by_suffix or _VAGUE.get(kind)


def read(raw: Raw) -> Article:
    """Read a document in this process.

    Raises:
        SourceError: it cannot be read, or has no text.
    """
    try:
        if len(raw.content) > LARGEST:
            raise Unparsed(f"it is larger than {LARGEST >> 20} MB.")
        article = _parse(raw)
        if not any(section.text.strip() for section in article.sections):
            raise Unparsed("the article has no text.")
    except RecursionError:
        raise SourceError(f"{raw.name}: it is nested too deeply.") from None
    except Unparsed as error:
        raise error.of(raw.name) from None
    return article


def read_untrusted(raw: Raw, sandbox: Sandbox) -> Article:
    """Read a document in the sandbox.

    Raises:
        SourceError: it cannot be read, has no text, or takes more than the sandbox allows.
    """
    if len(raw.content) > LARGEST:
        return read(raw)  # refuses it, without handing it on
    try:
        return sandbox.run(read, raw)
    except Unparsed as error:
        raise error.of(raw.name) from None


def _parse(raw: Raw) -> Article:
    # What a format needs is imported with the first document of it.
    match raw.format:
        case Format.MARKDOWN:
            return _markdown(raw)
        case Format.TEXT:
            text = decode(raw.content, raw.charset).strip()
            return Article(
                raw.article_id,
                title_of(raw.name),
                (Section((), text),),
                url=raw.url,
                language="",
            )
        case Format.HTML:
            from knowledge.sources.html import read_html

            return read_html(raw)
        case Format.PDF:
            from knowledge.sources.pdf import read_pdf

            return read_pdf(raw)
        case Format.NOTEBOOK:
            from knowledge.sources.notebook import read_notebook

            return read_notebook(raw)


def _markdown(raw: Raw) -> Article:
    text = decode(raw.content, raw.charset)
    split = split_front_matter(text, raw.name)
    front = split.front_matter
    heading, sections = read_markdown(split.body)
    fields = front.model_dump(exclude={"title", "references", "url"})
    return Article(
        id=raw.article_id,
        title=front.title or heading or title_of(raw.name),
        sections=sections,
        references=front.work(),
        url=front.url or raw.url,
        **fields,
    )
