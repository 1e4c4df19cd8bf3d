"""The child process that measures one contender at one thing, so that its memory is its own."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.contenders import Contender, open_contender
from benchmarks.corpus import Corpus
from benchmarks.measuring import (
    Samples,
    milliseconds_each,
    own_peak_mib,
    seconds,
    with_longest_stall,
)

WARM_UP_PASSAGES = ["A sentence that warms the model up before anything is timed. " * 12] * 32
WARM_UP_QUESTIONS = 5
AT_ONCE = 32

_UNCHANGED_TIMES = 5
_CHANGED_TIMES = 3

Ask = Callable[[str], Awaitable[Mapping[str, float]]]


@dataclass(frozen=True)
class Task:
    """A contender and what it is given; the first questions warm it up."""

    contender: Contender
    corpus: Corpus
    questions: list[str]


def main(arguments: list[str]) -> None:
    """Measure, and write the figures as JSON.

    Args:
        arguments: contender, measurement, corpus, file of the questions, folder of the index,
            file of the figures.
    """
    name, measurement, corpus_path, questions, folder, figures = arguments
    corpus = Corpus(Path(corpus_path))
    started = time.perf_counter()
    contender = open_contender(name, corpus, Path(folder))
    contender.embed(["The first text."])
    loading = time.perf_counter() - started
    contender.embed(WARM_UP_PASSAGES)
    task = Task(contender, corpus, orjson.loads(Path(questions).read_bytes()))
    samples = MEASUREMENTS[measurement](task)
    samples |= {"seconds to load": [loading], "MiB": [own_peak_mib()]}
    Path(figures).write_bytes(orjson.dumps(samples))


def load(_task: Task) -> Samples:
    """Nothing more than to load: what is made once and kept is made now."""
    return {}


def index(task: Task) -> Samples:
    """Index everything, again with nothing changed, and with one article changed."""
    index = task.contender.index
    samples = {"seconds": [seconds(index)], "passages": [float(task.contender.passages())]}
    if task.contender.reindexes:
        samples["seconds unchanged"] = [seconds(index) for _ in range(_UNCHANGED_TIMES)]
        samples["seconds changed"] = []
        for number in range(_CHANGED_TIMES):
            with task.corpus.changed(f"The benchmark added sentence {number}."):
                samples["seconds changed"].append(seconds(index))
    return samples


def alone(task: Task) -> Samples:
    """Ask one question after the other."""

    async def work() -> Samples:
        await _warm_up(task, task.contender.ask_alone)
        return await _asked(task.contender.ask_alone, task.questions, 1)

    return asyncio.run(work())


def together(task: Task) -> Samples:
    """Ask many questions at a time, beside a task that only ticks."""

    async def work() -> Samples:
        await _warm_up(task, task.contender.ask)
        asking = _asked(task.contender.ask, task.questions, AT_ONCE)
        samples, stalled = await with_longest_stall(asking)
        return {**samples, "ms stalled": [stalled]}

    return asyncio.run(work())


async def _warm_up(task: Task, ask: Ask) -> None:
    await task.contender.warm_up()
    for question in task.questions[:WARM_UP_QUESTIONS]:
        await ask(question)


async def _asked(ask: Ask, questions: list[str], concurrency: int) -> Samples:
    samples = defaultdict(list)

    async def hear(question: str) -> None:
        for name, figure in (await ask(question)).items():
            samples[name].append(figure)

    started = time.perf_counter()
    samples["ms"] = await milliseconds_each(hear, questions[WARM_UP_QUESTIONS:], concurrency)
    samples["a second"] = [len(samples["ms"]) / (time.perf_counter() - started)]
    return samples


MEASUREMENTS: dict[str, Callable[[Task], Samples]] = {
    "load": load,
    "index": index,
    "alone": alone,
    "together": together,
}

if __name__ == "__main__":
    main(sys.argv[1:])
