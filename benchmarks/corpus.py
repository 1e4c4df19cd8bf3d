"""What the contenders index and are asked."""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.errors import BenchmarkError
from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources import Declaration, Document, Tools, open_source
from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox

WAYS_TO_ASK = (
    "What is {}?",
    "How does {} work?",
    "Why is {} used?",
    "Explain {} in simple words.",
    "What are the limits of {}?",
    "What is {} good for?",
    "When was {} invented, and by whom?",
    "What should I know before I read about {}?",
    "Is there an example of {}?",
    "What is the difference between {} and {}?",
)


@dataclass(frozen=True)
class Corpus:
    """A copy of articles that may be changed.

    Args:
        path: a folder of articles, or a ``.jsonl`` file in BEIR's form.
    """

    path: Path

    @classmethod
    def copy(cls, source: Path, folder: Path, count: int | None = None) -> Corpus:
        """Copy articles into a folder.

        Args:
            source: a folder of articles, or a ``.jsonl`` file in BEIR's form.
            folder: where the copy goes; it must not exist yet.
            count: how many articles at most.

        Raises:
            SourceError: there is no such folder or file.
        """
        folder.mkdir(parents=True)
        if source.suffix == ".jsonl":
            path = folder / "corpus.jsonl"
            lines = itertools.islice(_lines(source), count)
            path.write_bytes(b"\n".join(lines) + b"\n")
            return cls(path)
        for document in itertools.islice(_documents(source), count):
            file = Path(document.origin)
            target = folder / (file.relative_to(source) if source.is_dir() else file.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        return cls(folder)

    def articles(self) -> Iterator[Article]:
        """The articles as Explainer reads them."""
        for document in _documents(self.path):
            with suppress(SourceError):
                yield document.parse()

    def texts(self) -> Iterator[tuple[str, str]]:
        """The articles as a textbook reads them: name and the whole text as it stands."""
        if self.path.is_file():
            for line in _lines(self.path):
                record = orjson.loads(line)
                title, text = (record.get(name) or "" for name in ("title", "text"))
                yield str(record["_id"]), f"{title}\n\n{text}"
            return
        for document in _documents(self.path):
            text = Path(document.origin).read_text(encoding="utf-8-sig", errors="replace")
            yield document.origin, text

    @contextmanager
    def changed(self, sentence: str) -> Iterator[None]:
        """Let one article, the middle one, end with another sentence for a while."""
        if self.path.is_file():
            file = self.path
            lines = list(_lines(file))
            middle = len(lines) // 2
            record = orjson.loads(lines[middle])
            lines[middle] = orjson.dumps({**record, "text": f"{record['text']} {sentence}"})
            content = b"\n".join(lines) + b"\n"
        else:
            documents = list(_documents(self.path))
            file = Path(documents[len(documents) // 2].origin)
            content = file.read_bytes() + f"\n{sentence}\n".encode()
        original = file.read_bytes()
        file.write_bytes(content)
        try:
            yield
        finally:
            file.write_bytes(original)


def made_questions(corpus: Corpus, count: int) -> list[str]:
    """Make questions of the articles' titles, as different from each other as they suffice for.

    Raises:
        BenchmarkError: no article has a title.
    """
    titled = (article.title for article in corpus.articles() if article.title)
    titles = list(dict.fromkeys(itertools.islice(titled, count)))
    if not titles:
        raise BenchmarkError("The articles have no titles to make questions of: give --questions.")
    neighbours = titles[1:] + titles[:1]
    questions = [
        way.format(title, neighbour)
        for way in WAYS_TO_ASK
        for title, neighbour in zip(titles, neighbours, strict=True)
    ]
    random.Random(0).shuffle(questions)  # noqa: S311 - an order that is the same in every run
    return questions


def read_records(path: Path) -> list[dict[str, Any]]:
    """Read a file of questions: JSON lines with at least ``question``.

    Raises:
        BenchmarkError: it cannot be read, or holds no questions.
    """
    records = read_lines(path)
    if not records or not all(isinstance(r, dict) and r.get("question") for r in records):
        raise BenchmarkError(f"{path}: not JSON lines with a 'question' each.")
    return records


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines.

    Raises:
        BenchmarkError: it cannot be read.
    """
    return [orjson.loads(line) for line in _lines(path)]


def _documents(source: Path) -> Iterator[Document]:
    """The documents that can be read; Explainer goes on without the others, too."""
    fetcher = Fetcher(Responses(source))  # folders and files fetch nothing
    with closing(Tools(fetcher, Sandbox())) as tools:
        found = open_source(Declaration(location=str(source)), tools).documents()
        yield from (document for document in found if isinstance(document, Document))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as lines:
            yield from (line.strip() for line in lines if line.strip())
    except OSError as error:
        raise BenchmarkError(f"{path}: {error.strerror or error}.") from None
