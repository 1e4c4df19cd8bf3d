"""Explainer over the shipped articles, and what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.corpus import Corpus, made_questions
from bot.app import NO_MODEL, App, build
from bot.settings import SHIPPED_ARTICLES, Settings
from knowledge.reindexing import Order
from knowledge.reindexing.progress import nobody


@contextmanager
def shipped_app(data_dir: Path) -> Iterator[App]:
    """Explainer with the extractive composer, its models made and the articles indexed.

    Args:
        data_dir: an empty folder.
    """
    settings = Settings(
        data_dir=data_dir, sources=(SHIPPED_ARTICLES,), model=NO_MODEL, _env_file=None
    )
    with build(settings) as app:
        app.reindex(Order(), nobody)
        yield app


def shipped_questions(count: int) -> list[str]:
    """Different questions about the shipped articles, alike in every run."""
    return made_questions(Corpus(Path(SHIPPED_ARTICLES)), count)[:count]
