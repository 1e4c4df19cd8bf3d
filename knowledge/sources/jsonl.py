"""A corpus in BEIR's form: JSON lines with ``_id``, ``title`` and ``text``."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from knowledge.errors import SourceError
from knowledge.model import Article, Section
from knowledge.sources.documents import Document, Problem, fingerprint


@dataclass(frozen=True)
class JsonLinesSource:
    """A corpus file.

    Args:
        path: the ``.jsonl`` file.
    """

    path: Path

    def documents(self) -> Iterator[Document | Problem]:
        """Every line as a document, in the order of the file."""
        try:
            with self.path.open("rb") as lines:
                for number, raw in enumerate(lines, 1):
                    line = raw.removeprefix(codecs.BOM_UTF8)
                    if line.strip():
                        yield self._document(line, number)
        except OSError as error:
            raise SourceError(f"{self.path}: {error.strerror or error}.") from None

    def _document(self, line: bytes, number: int) -> Document | Problem:
        where = f"{self.path}:{number}"
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return Problem("", f"{where}: not valid JSON: {error}.")
        known = isinstance(record, dict) and isinstance(record.get("_id"), str | int)
        if not known or record["_id"] == "":
            return Problem("", f"{where}: the record has no '_id'.")
        article_id = str(record["_id"])
        return Document(
            article_id, where, fingerprint(line), lambda: _parse(record, article_id, where)
        )


def _parse(record: dict[str, Any], article_id: str, where: str) -> Article:
    title, text = record.get("title") or "", record.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise SourceError(f"{where}: 'title' and 'text' must be text.")
    if not text.strip():
        raise SourceError(f"{where}: the article has no text.")
    url = record.get("url") or ""
    return Article(
        id=article_id,
        title=title.strip(),
        sections=(Section((), text.strip()),),
        url=url if isinstance(url, str) and url.startswith(("http://", "https://")) else "",
    )
