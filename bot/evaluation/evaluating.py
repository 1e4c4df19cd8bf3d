"""The use case: label files -> a run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from bot.core.answers.explainer import Explainer
from bot.core.answers.verification import Verifier
from bot.evaluation.figures import Measured, Run, run_of
from bot.evaluation.labels import Labels
from bot.evaluation.measuring import ask, check, require_indexed
from knowledge.base import KnowledgeBase

_T = TypeVar("_T")


def evaluate(
    files: Sequence[Labels],
    explainer: Explainer,
    knowledge: KnowledgeBase,
    verifier: Verifier,
    console: Console,
) -> Run:
    """Measure everything that is labelled.

    Args:
        files: the labels.
        explainer: answers the questions, one after the other.
        knowledge: the published edition.
        verifier: decides on the verdict pairs.
        console: where the progress is shown.

    Raises:
        ExplainerError: the labels of a file are about articles that are not indexed.
        KnowledgeError: the index cannot be used.
    """

    def watched(rows: Sequence[_T], what: str) -> Iterable[_T]:
        return track(
            rows, what, console=console, transient=True, disable=not (rows and console.is_terminal)
        )

    for labels in files:
        require_indexed(labels, knowledge)
    measured = {}
    for labels in files:
        asked = asyncio.run(ask(watched(labels.questions, "Asking"), explainer, knowledge))
        checked = check(watched(labels.pairs, "Checking"), verifier, knowledge)
        measured[str(labels.file)] = Measured(tuple(asked), tuple(checked))
    return run_of(knowledge.published().id, measured)
