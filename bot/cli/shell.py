"""The frame of the command line: settings, parts, printing, and how errors end a command."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import orjson
import typer
from rich.console import Console

from bot.core.conversation import Level
from knowledge.errors import IndexMissing

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings
    from knowledge.reindexing import Order, Report

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
err = Console(stderr=True, highlight=False)

WRONG_USE, FAILURE, INTERRUPTED = 2, 1, 130

LevelOption = Annotated[
    Level | None, typer.Option(help="Whom the answer is for.", case_sensitive=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_LOOK_AGAIN = 1.0
"""Seconds until it is looked again whether another process has made the first index."""


@app.callback()
def check_settings() -> None:
    """Explains AI concepts from articles and cites every sentence."""
    # First of all: libraries that are imported later read the same .env, less politely.
    settings()


def settings() -> Settings:
    """The settings.

    Raises:
        SettingsError: a value is not valid.
    """
    from bot.settings import load_settings

    return load_settings()


@contextmanager
def built() -> Iterator[App]:
    """The wired app, for the length of a command."""
    with err.status("Starting…"):
        from bot.app import build

        parts = build(settings())
    with parts:
        yield parts


@contextmanager
def ready() -> Iterator[App]:
    """The wired app with an index; the first use of a data directory makes it."""
    with built() as parts:
        try:
            if not parts.knowledge.made_from(parts.reindexer.declared.source):
                err.print(
                    "The index was made from other sources than EXPLAINER_SOURCES names now; "
                    "run `explainer reindex` to read these.",
                    style="yellow",
                )
        except IndexMissing:
            err.print("Nothing is indexed yet; reading the articles once.")
            _index_first(parts)
        yield parts


def _index_first(parts: App) -> None:
    """Make the first index, unless another process that shares the library does so now."""
    from knowledge.errors import ReindexRunning
    from knowledge.reindexing import Order

    while parts.knowledge.library.published() is None:
        try:
            report = reindexed(parts, Order(why="first use"))
        except ReindexRunning:
            if not parts.knowledge.library.shared:
                raise
            time.sleep(_LOOK_AGAIN)
            continue
        for problem in report.problems:
            err.print(problem, style="yellow", markup=False)


def reindexed(parts: App, order: Order) -> Report:
    """Reindex, with a bar on a terminal."""
    from bot.terminal.reports import progress_bar

    with progress_bar(err) as tell:
        return parts.reindex(order, tell)


def admit_words(text: str) -> None:
    """Refuse what cannot be a question before anything slow is loaded."""
    from bot.core.answers.gate import admit

    admit(text)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def fail(reason: str, code: int) -> NoReturn:
    """End with one line on stderr."""
    err.print(" ".join(reason.split()), style="red", markup=False, soft_wrap=True)
    raise SystemExit(code)
