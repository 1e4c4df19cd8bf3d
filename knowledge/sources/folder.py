"""A folder, or a single file, of Markdown, text or HTML."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import SourceError
from knowledge.model import Article, Section
from knowledge.sources.documents import Document, Problem, fingerprint
from knowledge.sources.front_matter import split_front_matter
from knowledge.sources.html import read_html
from knowledge.sources.markdown import read_markdown

SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm")


@dataclass(frozen=True)
class FolderSource:
    """All readable files below a folder; hidden files and folders are left out.

    Args:
        path: the folder, or one file.
    """

    path: Path

    def documents(self) -> Iterator[Document | Problem]:
        """Every file as a document, in the order of their names."""
        taken: set[str] = set()
        files, closed = self._files()
        for error in closed:
            # What such a folder holds is unknown, so no article may be taken for gone.
            yield Problem("", f"{error.filename}: {error.strerror or error}.")
        for file in files:
            relative = file.relative_to(self.path) if file != self.path else Path(file.name)
            article_id = relative.with_suffix("").as_posix()
            if article_id in taken:
                article_id = relative.as_posix()
            taken.add(article_id)
            yield _document(file, article_id)

    def _files(self) -> tuple[list[Path], list[OSError]]:
        """The readable files in the order of their names, and the folders that are closed."""
        if self.path.is_file():
            return [self.path], []
        if not self.path.is_dir():
            raise SourceError(f"{self.path}: there is no such folder or file.")
        closed: list[OSError] = []
        files: list[Path] = []
        for folder, below, names in os.walk(self.path, onerror=closed.append):
            below[:] = [name for name in below if not name.startswith(".")]
            files += [Path(folder, name) for name in names if not name.startswith(".")]
        readable = [file for file in files if file.suffix.lower() in SUFFIXES]
        return sorted(readable), closed


def _document(file: Path, article_id: str) -> Document | Problem:
    try:
        content = file.read_bytes()
    except OSError as error:
        return Problem(article_id, f"{file}: {error.strerror or error}.")
    return Document(
        article_id,
        str(file),
        fingerprint(f"{article_id}\0{file.suffix}\0".encode() + content),
        lambda: _parse(file, article_id, content),
    )


def _parse(file: Path, article_id: str, content: bytes) -> Article:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SourceError(f"{file}:{line}: the file is not UTF-8 text.") from None
    text = text.replace("\r\n", "\n").replace("\x00", "")
    match file.suffix.lower():
        case ".html" | ".htm":
            article = read_html(text, article_id)
        case ".txt":
            article = Article(article_id, _title(file), (Section((), text.strip()),))
        case _:
            article = _parse_markdown(text, file, article_id)
    if not any(section.text.strip() for section in article.sections):
        raise SourceError(f"{file}: the article has no text.")
    return article


def _parse_markdown(text: str, file: Path, article_id: str) -> Article:
    split = split_front_matter(text, str(file))
    front = split.front_matter
    heading, sections = read_markdown(split.body)
    return Article(
        id=article_id,
        title=front.title or heading or _title(file),
        sections=sections,
        references=front.work(),
        **front.model_dump(exclude={"title", "references"}),
    )


def _title(file: Path) -> str:
    return file.stem.replace("_", " ").replace("-", " ").strip().capitalize()
