"""``python -m benchmarks.demonstrations``: what pictures cost, and whom they slow down.

Each kind is drawn in fresh processes and again; then many are drawn at once while questions are
answered, which are asked again with nothing beside them; then so many that leaks would show.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice, pairwise, product, repeat, takewhile
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.commands import positive, show, told_in_one_line
from benchmarks.measuring import milliseconds_each, resident_mib
from benchmarks.shipped import shipped_app, shipped_questions
from benchmarks.tables import plain_table
from bot.app import App
from bot.core.answers.answer import Question
from bot.core.demonstration import Demonstration, Kind, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.talk.demonstrating import material_for
from bot.core.talk.showing import example
from bot.demonstrations.studio import QUEUE, Studio

ASKERS = (1, 8)
"""How many people ask questions while pictures are drawn: a quiet hour, and a busy one."""

_QUESTIONS = 300
_GAUGED = 10


@dataclass
class Cost:
    """What one kind costs.

    Args:
        cold: milliseconds of the first picture of each process.
        warm: milliseconds of those that follow.
        kilobytes: the sizes of the pictures.
    """

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    kilobytes: list[float] = field(default_factory=list)


@dataclass
class Company:
    """Questions while pictures are drawn, and the same ones with nothing beside them.

    Args:
        beside: milliseconds of each question while pictures are drawn.
        alone: milliseconds of the same questions afterwards.
        seconds: how long each batch of pictures took.
        refused: how many pictures were refused.
    """

    beside: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


async def costs(app: App, processes: int, times: int) -> dict[Kind, Cost]:
    """Draw the example of each kind in fresh processes.

    Args:
        app: knows the articles.
        processes: how many for each kind.
        times: how often each of them draws it once it is warm.
    """
    found = {kind: Cost() for kind in Kind}
    for _, kind in product(range(processes), Kind):
        async with _studio() as studio:
            cost = found[kind]
            for spent in (cost.cold, *repeat(cost.warm, times)):
                started = time.perf_counter()
                shown = await _drawn(app, studio, example(kind))
                spent.append((time.perf_counter() - started) * 1000)
                cost.kilobytes.append(len(shown.picture) / 1000)
    return found


async def company(app: App, questions: Sequence[str], askers: int, rounds: int) -> Company:
    """Ask questions while as many pictures are drawn as may wait, and again without.

    Args:
        app: answers.
        questions: what is asked, from the beginning in each round.
        askers: how many people ask, each one question after the other.
        rounds: how often.
    """
    found = Company()

    async def ask(question: str) -> None:
        await app.explainer.answer(Question(question))

    async with _studio() as studio:
        await asyncio.gather(*(_drawn(app, studio, example(kind)) for kind in Kind))
        await milliseconds_each(ask, questions, askers)
        for _ in range(rounds):
            drawing = asyncio.create_task(_batch(app, studio, found))
            meanwhile = takewhile(lambda _: not drawing.done(), cycle(questions))  # noqa: B023
            beside = await milliseconds_each(ask, meanwhile, askers)
            await drawing
            found.beside += beside
            found.alone += await milliseconds_each(
                ask, islice(cycle(questions), len(beside)), askers
            )
    return found


async def memory(app: App, count: int) -> dict[int, float]:
    """The memory of the process that draws, in MiB, by how many pictures it has drawn."""
    found: dict[int, float] = {}
    others = {child.pid for child in multiprocessing.active_children()}
    async with _studio() as studio:
        for number, showing in enumerate(islice(various(), count), 1):
            await _drawn(app, studio, showing)
            if number % max(1, count // _GAUGED) == 0:
                [own] = {child.pid for child in multiprocessing.active_children()} - others
                found[number] = resident_mib(own or 0)
    return found


def various() -> Iterator[Showing]:
    """Demonstrations of all kinds without end, on ever other words."""
    words = cycle(pairwise(shipped_questions(_QUESTIONS)))
    for number, kind in enumerate(cycle(Kind)):
        match kind:
            case Kind.PATH:
                yield example(kind)
            case Kind.TRAINING:
                yield Showing(kind, (f"{0.01 + number % 97 / 100:.2f}",))
            case _:
                first, second = next(words)  # both texts have the first one's words
                yield Showing(kind, (first, f"{second} {first}"))


@asynccontextmanager
async def _studio() -> AsyncIterator[Studio]:
    """A studio whose process has not started yet, and has ended afterwards."""
    studio = Studio()
    try:
        yield studio
    finally:
        studio.close()


async def _drawn(app: App, studio: Studio, showing: Showing) -> Demonstration:
    return await studio.show(showing, await material_for(showing, app.explainer))


async def _is_refused(app: App, studio: Studio, showing: Showing) -> bool:
    try:
        await _drawn(app, studio, showing)
    except DemonstrationRefused:
        return True
    return False


async def _batch(app: App, studio: Studio, found: Company) -> None:
    """As many pictures at once as may wait."""
    started = time.perf_counter()
    wishes = (_is_refused(app, studio, example(kind)) for kind in islice(cycle(Kind), QUEUE))
    found.refused += sum(await asyncio.gather(*wishes))
    found.seconds.append(time.perf_counter() - started)


def cost_table(costs: dict[Kind, Cost]) -> Table:
    """What each kind costs."""
    heads = ("fresh process", "warm", "95th percentile", "kB at most")
    table = plain_table("Milliseconds until a picture is there, median", *heads)
    for kind, cost in costs.items():
        times = (np.median(cost.cold), np.median(cost.warm), np.percentile(cost.warm, 95))
        table.add_row(kind, *(f"{ms:,.0f}" for ms in times), f"{max(cost.kilobytes):.0f}")
    return table


def company_table(found: dict[int, Company]) -> Table:
    """How much longer questions take while pictures are drawn."""
    heads = (f"{askers} at a time" for askers in found)
    table = plain_table(f"Questions while {QUEUE} pictures are drawn", *heads)
    rows: dict[str, Callable[[Company], str]] = {
        "questions": lambda each: f"{len(each.beside):,}",
        "ms, alone": lambda each: f"{np.median(each.alone):.1f}",
        "ms, beside pictures": lambda each: f"{np.median(each.beside):.1f}",
        "beside / alone": lambda each: f"{_ratio(each, 50):.2f}",
        "ms, 95th percentile, alone": lambda each: f"{np.percentile(each.alone, 95):.1f}",
        "ms, 95th percentile, beside pictures": lambda each: (
            f"{np.percentile(each.beside, 95):.1f}"
        ),
        "beside / alone, 95th percentile": lambda each: f"{_ratio(each, 95):.2f}",
        "s until all pictures are there": lambda each: f"{np.median(each.seconds):.1f}",
        "refused": lambda each: f"{each.refused}",
    }
    for title, cell in rows.items():
        table.add_row(title, *map(cell, found.values()))
    return table


def _ratio(company: Company, percentile: float) -> float:
    beside, alone = (np.percentile(ms, percentile) for ms in (company.beside, company.alone))
    return float(beside / alone)


def memory_table(found: dict[int, float]) -> Table:
    """How the process that draws grows."""
    first = next(iter(found.values()))
    table = plain_table("Memory of the process that draws", "MiB", "since the first row")
    for number, mib in found.items():
        table.add_row(f"after {number:,} pictures", f"{mib:.0f}", f"{mib / first - 1:+.1%}")
    return table


def main() -> int:
    """Measure and print."""
    options = _options()
    return told_in_one_line(lambda: show(_measured(options), options.markdown))


def _measured(options: argparse.Namespace) -> Iterator[Table]:
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as name,
        shipped_app(Path(name)) as app,
        asyncio.Runner() as runner,
    ):
        runner.run(app.explainer.warm_up())
        yield cost_table(runner.run(costs(app, options.processes, options.times)))
        questions = shipped_questions(_QUESTIONS)
        yield company_table(
            {
                askers: runner.run(company(app, questions, askers, options.rounds))
                for askers in ASKERS
            }
        )
        yield memory_table(runner.run(memory(app, options.pictures)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.demonstrations", description=__doc__)
    add = parser.add_argument
    add("--processes", type=positive, default=3, help="fresh processes for each kind (3)")
    add("--times", type=positive, default=10, help="warm pictures in each process (10)")
    add("--rounds", type=positive, default=2, help="batches of pictures beside questions (2)")
    add("--pictures", type=positive, default=1000, help="pictures while memory is watched (1,000)")
    add("--markdown", type=Path, metavar="FILE", help="write the tables to this file, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
