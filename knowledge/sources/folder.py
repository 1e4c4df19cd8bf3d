"""A folder, or a single file, of Markdown, text, HTML, PDF or notebooks."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.documents import Document, Problem, fingerprint
from knowledge.sources.formats import LARGEST, SUFFIXES, Format, Raw, read, read_untrusted
from knowledge.sources.sandbox import Sandbox

_READ_HERE = (Format.MARKDOWN, Format.TEXT)
_LARGEST_READ_HERE = 64 << 10
"""Bytes of a text that no trick can make slow to parse."""


@dataclass(frozen=True)
class FolderSource:
    """All readable files below a folder; hidden files and folders are left out.

    Args:
        path: the folder, or one file.
        sandbox: where pages, PDFs, notebooks and large texts are parsed.
        include: patterns (``*`` also stands for slashes) of which a path below the folder must
            match one, if there are any.
        exclude: patterns of which it must match none.
        holds: whether a file, or any file of a folder, is one of the source's.
    """

    path: Path
    sandbox: Sandbox
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    holds: Callable[[Path], bool] = lambda _: True

    def documents(self) -> Iterator[Document | Problem]:
        """Every file as a document, in the order of their names."""
        taken: set[str] = set()
        files, closed = self._files()
        for error in closed:
            # What such a folder holds is unknown, so no article may be taken for gone.
            yield Problem("", f"{error.filename}: {error.strerror or error}.")
        for file in files:
            relative = self._relative(file)
            article_id = relative.with_suffix("").as_posix()
            if article_id in taken:
                article_id = relative.as_posix()
            taken.add(article_id)
            yield self._document(file, article_id)

    def _files(self) -> tuple[list[Path], list[OSError]]:
        """The readable files in the order of their names, and the folders that are closed."""
        if self.path.is_file():
            return [self.path], []
        if not self.path.is_dir():
            raise SourceError(f"{self.path}: there is no such folder or file.")
        closed: list[OSError] = []
        files: list[Path] = []
        for folder, below, names in os.walk(self.path, onerror=closed.append):
            shown = [Path(folder, name) for name in (*below, *names) if not name.startswith(".")]
            held = {path.name for path in shown if self.holds(path)}
            below[:] = [name for name in below if name in held]
            files += [Path(folder, name) for name in names if name in held]
        return sorted(filter(self._is_wanted, files)), closed

    def _relative(self, file: Path) -> Path:
        return file.relative_to(self.path) if file != self.path else Path(file.name)

    def _is_wanted(self, file: Path) -> bool:
        if file.suffix.lower() not in SUFFIXES:
            return False
        if not (self.include or self.exclude):
            return True
        name = self._relative(file).as_posix()
        included = not self.include or any(fnmatchcase(name, each) for each in self.include)
        return included and not any(fnmatchcase(name, each) for each in self.exclude)

    def _document(self, file: Path, article_id: str) -> Document | Problem:
        try:
            self._check_place(file)
            content = _content(file)
        except SourceError as error:
            return Problem(article_id, str(error), str(file))
        except OSError as error:
            return Problem(article_id, f"{file}: {error.strerror or error}.", str(file))
        # A file that is a source by itself may have any name.
        format_ = SUFFIXES.get(file.suffix.lower(), Format.MARKDOWN)
        raw = Raw(content, format_, article_id, str(file))
        return Document(
            article_id,
            str(file),
            fingerprint(f"{article_id}\0{file.suffix}\0".encode() + content),
            lambda: self._parse(raw),
        )

    def _check_place(self, file: Path) -> None:
        """A link must not carry files into the knowledge that nobody has put into the folder."""
        if file == self.path or not file.is_symlink():
            return
        if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(self.path)):
            raise SourceError(f"{file}: the link leads out of the folder; copy the file into it.")

    def _parse(self, raw: Raw) -> Article:
        if raw.format in _READ_HERE and len(raw.content) <= _LARGEST_READ_HERE:
            return read(raw)
        return read_untrusted(raw, self.sandbox)


def _content(file: Path) -> bytes:
    about = file.stat()
    if not stat.S_ISREG(about.st_mode):
        raise SourceError(f"{file}: it is not a file.")
    if about.st_size > LARGEST:
        raise SourceError(f"{file}: it is larger than {LARGEST >> 20} MB.")
    return file.read_bytes()
