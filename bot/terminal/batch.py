"""Many questions from a file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

import orjson
from rich.console import Console
from rich.progress import track

from bot.core.answers.answer import Question
from bot.core.answers.explainer import Explainer
from bot.core.answers.gate import admit
from bot.core.conversation import Level
from bot.core.errors import ExplainerError, QuestionRefused
from knowledge.base import KnowledgeBase

ARTICLES_A_QUERY = 100
_TAG = "explainer"


def answer_all(
    explainer: Explainer, questions: Path, answers: Path, level: Level | None, console: Console
) -> None:
    """Answer every question of a file; one JSON line an answer.

    A question that is refused gets a line with its ``id`` and the ``error``.

    Args:
        explainer: answers.
        questions: JSON lines with ``id`` and ``question``.
        answers: the file that is written; it appears when it is complete.
        level: whom the answers are written for.
        console: where the progress is shown.
    """
    records = read_questions(questions)

    async def work() -> None:
        with _written_whole(answers) as file:
            for id_, text in track(records, "Answering", console=console, disable=_quiet(console)):
                try:
                    fields = asdict(await explainer.answer(Question(text, level=level)))
                except QuestionRefused as error:
                    fields = {"error": str(error)}
                file.write(orjson.dumps({"id": id_, **fields}) + b"\n")

    asyncio.run(work())


def search_all(knowledge: KnowledgeBase, queries: Path, run: Path, console: Console) -> None:
    """Rank the articles for every query of a file; a TREC run, one line an article.

    Args:
        knowledge: the published edition.
        queries: JSON lines with ``id`` and ``question``.
        run: the file that is written; it appears when it is complete.
        console: where the progress is shown.
    """
    records = read_questions(queries)
    with _written_whole(run) as file:
        for id_, text in track(records, "Searching", console=console, disable=_quiet(console)):
            try:
                ranking = knowledge.rank_articles(admit(text), ARTICLES_A_QUERY)
            except QuestionRefused:
                continue
            for rank, (article_id, score) in enumerate(ranking, 1):
                name = article_id.replace(" ", "%20")
                file.write(f"{id_} Q0 {name} {rank} {score:.6f} {_TAG}\n".encode())


def read_questions(path: Path) -> list[tuple[str | int, str]]:
    """Read the ids and questions of a file.

    Raises:
        ExplainerError: the file cannot be read, or a line isn't of the form; names the line.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise ExplainerError(f"{path}: {error.strerror or error}.") from None
    records: list[tuple[str | int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = None
        fields = record if isinstance(record, dict) else {}
        id_, text = fields.get("id"), fields.get("question")
        if not isinstance(id_, str | int) or not isinstance(text, str):
            raise ExplainerError(f"{path}:{number}: not a JSON object with 'id' and 'question'.")
        records.append((id_, text))
    return records


@contextmanager
def _written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its place only when it is complete."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ExplainerError(f"{path}: {error.strerror or error}.") from None


def _quiet(console: Console) -> bool:
    return not console.is_terminal
