"""Sets of articles and labelled questions: JSON lines in folders -> what is indexed and asked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.corpus import read_lines, read_records
from benchmarks.errors import BenchmarkError


@dataclass(frozen=True)
class Labelled:
    """A question and what is known about it.

    Args:
        question: its text.
        relevant: ids of the articles that answer it.
        answerable: whether any does.
    """

    question: str
    relevant: frozenset[str]
    answerable: bool


@dataclass(frozen=True)
class LabelledSet:
    """Articles, and questions about them.

    Args:
        name: as tables name it.
        articles: records in BEIR's form.
        questions: what is asked.
    """

    name: str
    articles: tuple[dict[str, Any], ...]
    questions: tuple[Labelled, ...]

    @classmethod
    def read(cls, folder: Path, limit: int | None = None) -> LabelledSet:
        """Read ``corpus.jsonl`` and ``questions.jsonl``.

        Args:
            folder: where they are; its name is the set's.
            limit: how many answerable questions at most, and how many unanswerable ones; they
                are chosen at random, alike in every run.

        Raises:
            BenchmarkError: a file cannot be read, or a question has no labels.
        """
        articles = tuple(read_lines(folder / "corpus.jsonl"))
        file = folder / "questions.jsonl"
        try:
            questions = [
                Labelled(
                    record["question"],
                    frozenset(map(str, record["relevant"])),
                    bool(record.get("answerable", True)),
                )
                for record in read_records(file)
            ]
        except KeyError as error:
            raise BenchmarkError(f"{file}: a question has no {error}.") from None
        kinds = (
            [asked for asked in questions if asked.answerable],
            [asked for asked in questions if not asked.answerable],
        )
        return cls(folder.resolve().name, articles, tuple(q for k in kinds for q in some(k, limit)))

    @property
    def answerable(self) -> list[Labelled]:
        """The questions that the articles answer."""
        return [asked for asked in self.questions if asked.answerable and asked.relevant]

    @property
    def unanswerable(self) -> list[Labelled]:
        """The questions that they don't."""
        return [asked for asked in self.questions if not asked.answerable]

    def among(self, others: Iterable[LabelledSet]) -> LabelledSet:
        """The same questions, to be answered from the articles of other sets, too."""
        foreign = (
            {**article, "_id": f"{other.name}/{article['_id']}"}
            for other in others
            for article in other.articles
        )
        return replace(self, name=f"{self.name}, among all", articles=(*self.articles, *foreign))

    def half(self, group: Callable[[dict[str, Any]], str]) -> LabelledSet:
        """The set with one half of its articles, chosen at random, alike in every run.

        Questions that only the other half answers become unanswerable; the set's own
        unanswerable ones are left out.

        Args:
            group: articles for which it returns the same are kept or left out together.
        """
        groups = sorted({group(article) for article in self.articles})
        kept = set(_random().sample(groups, len(groups) // 2))
        articles = tuple(article for article in self.articles if group(article) in kept)
        ids = {str(article["_id"]) for article in articles}
        questions = (replace(q, answerable=not ids.isdisjoint(q.relevant)) for q in self.answerable)
        return replace(self, articles=articles, questions=tuple(questions))


def some(questions: Sequence[Labelled], count: int | None) -> Sequence[Labelled]:
    """So many questions at most, chosen at random, alike in every run."""
    if count is None or count >= len(questions):
        return questions
    return _random().sample(questions, count)


def _random() -> random.Random:
    return random.Random(0)  # noqa: S311 - alike in every run
