"""``python -m benchmarks.stages``: what each stage of an answer costs, in milliseconds.

Each question is also embedded by torch, in turns, so that the machine is the same for both.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from benchmarks.commands import positive, show, told_in_one_line
from benchmarks.corpus import Corpus, made_questions, read_records
from benchmarks.tables import plain_table
from bot.app import NO_MODEL, App, build
from bot.core.answers.answer import Question, Status
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge.embedding import Vectors
from knowledge.onnx_embedder import OnnxEmbedder
from knowledge.onnx_reader import OnnxReader
from knowledge.reading import Answering

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TOPICS, SPECIFIC, DECLINED = "topics: nothing is read", "specific: passages are read", "declined"
TORCH = "torch embeds the question"
EMBEDDING, READING, SEARCHING = "embeds it", "reads passages", "searches, and all else"
STAGES = ("gate", "retrieve", EMBEDDING, READING, SEARCHING, "compose", "verify", "total")
SHARE = "total / torch"

_WITHIN_RETRIEVE = (EMBEDDING, READING, SEARCHING)
_WARM_UP = 10

Spent = dict[str, float]
"""Milliseconds by stage."""


class Stopwatch:
    """Adds up what one question spends in the models."""

    def __init__(self) -> None:
        self.spent: Spent = defaultdict(float)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Time what is done inside."""
        started = time.perf_counter()
        yield
        self.spent[stage] += (time.perf_counter() - started) * 1000


class TimedEmbedder(OnnxEmbedder):
    """The packaged embedder under a stopwatch."""

    def __init__(self, folder: Path, watch: Stopwatch) -> None:
        super().__init__(folder)
        self._watch = watch

    def embed_question(self, text: str) -> Vectors:
        """Embed one question."""
        with self._watch.time(EMBEDDING):
            return super().embed_question(text)


class TimedReader(OnnxReader):
    """The packaged reader under a stopwatch."""

    def __init__(self, folder: Path, watch: Stopwatch) -> None:
        super().__init__(folder)
        self._watch = watch

    def answering(self, question: str, text: str) -> Answering:
        """Whether a text answers a question, and where."""
        with self._watch.time(READING):
            return super().answering(question, text)


async def ask(app: App, watch: Stopwatch, question: str) -> tuple[str, Spent]:
    """Answer a question; returns what kind it turned out to be, and what each stage took."""
    watch.spent.clear()
    answer = await app.explainer.answer(Question(question))
    spent = {**answer.timings_ms, **watch.spent}
    models = sum(watch.spent.values())
    spent[SEARCHING] = spent["retrieve"] - models
    if answer.status is Status.ABSTAINED:
        return DECLINED, spent
    return SPECIFIC if READING in spent else TOPICS, spent


def torch_milliseconds(question: str) -> float:
    """What torch takes to embed a question; runs in a process of its own."""
    model = _torch_model()
    started = time.perf_counter()
    model.encode(question, show_progress_bar=False)
    return (time.perf_counter() - started) * 1000


@cache
def _torch_model() -> SentenceTransformer:
    from benchmarks.contenders.torch_model import packaged  # noqa: PLC0415 - only in the child

    return packaged()


async def measure(app: App, watch: Stopwatch, questions: Sequence[str]) -> dict[str, list[Spent]]:
    """Ask one question after the other, each of torch and of Explainer in turn.

    Returns:
        Milliseconds of each question, by its kind.
    """
    kinds: dict[str, list[Spent]] = defaultdict(list)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as torch:
        await app.explainer.warm_up()
        for number, question in enumerate(questions):
            bare = torch.submit(torch_milliseconds, question).result()
            kind, spent = await ask(app, watch, question)
            if number >= _WARM_UP:
                kinds[kind].append({TORCH: bare, **spent, SHARE: spent["total"] / bare})
    return kinds


def stage_table(kinds: dict[str, list[Spent]]) -> Table:
    """Median and 95th percentile of each stage, for each kind of question."""
    order = [kind for kind in (TOPICS, SPECIFIC, DECLINED) if kind in kinds]
    heads = [h for kind in order for h in (f"{kind} ({len(kinds[kind])})", "95th percentile")]
    table = plain_table("Milliseconds a question, median", *heads)
    for stage in (TORCH, *STAGES, SHARE):
        title = f"– {stage}" if stage in _WITHIN_RETRIEVE else stage
        table.add_row(title, *(cell for kind in order for cell in _cells(kinds[kind], stage)))
    return table


def _cells(samples: Sequence[Spent], stage: str) -> tuple[str, str]:
    figures = [spent[stage] for spent in samples if stage in spent]
    if not figures:
        return "–", "–"
    return f"{np.median(figures):.2f}", f"{np.percentile(figures, 95):.2f}"


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: show(_measured(options), options.markdown))


def _measured(options: argparse.Namespace) -> Iterator[Table]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder, watch = Path(name), Stopwatch()
        settings = Settings(
            data_dir=folder, sources=(SHIPPED_ARTICLES,), model=NO_MODEL, _env_file=None
        )
        embedder = TimedEmbedder(folder / "models", watch)
        reader = TimedReader(folder / "models", watch)
        with build(settings, embedder=embedder, reader=reader) as app:
            app.reindexer.run()
            yield stage_table(asyncio.run(measure(app, watch, _questions(options))))


def _questions(options: argparse.Namespace) -> list[str]:
    """Different questions in an order that is the same in every run."""
    records = [record for file in options.questions for record in read_records(file)]
    labelled = [str(record["question"]) for record in records]
    made = made_questions(Corpus(Path(SHIPPED_ARTICLES)), options.asks)
    questions = list(dict.fromkeys([*labelled, *made]))
    random.Random(0).shuffle(questions)  # noqa: S311 - alike in every run
    return questions[: options.asks + _WARM_UP]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.stages", description=__doc__)
    add = parser.add_argument
    add("questions", nargs="*", type=Path, help="JSON lines with 'question', beside made ones")
    add("--asks", type=positive, default=300, help="questions, all of them different (300)")
    add("--markdown", type=Path, metavar="FILE", help="write the table to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
