"""Measuring and calibrating on the command line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shell import FAILURE, JsonOption, err, out, print_json, ready

commands = typer.Typer()


@commands.command()
def evaluate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="JSON lines: questions, verdict pairs.")
    ],
    baseline: Annotated[
        Path | None, typer.Option(help="Fail if a figure is worse than in this --json output.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0, max=1, help="By how much a figure may be worse.")
    ] = 0.02,
    as_json: JsonOption = False,
) -> None:
    """Measure how good the answers to labelled questions are."""
    from bot.evaluation import evaluating
    from bot.evaluation.baseline import compare, read_run
    from bot.evaluation.labels import read_labels
    from bot.evaluation.report import tables

    labels = [read_labels(file) for file in files]
    before = read_run(baseline) if baseline else None
    with ready() as parts:
        run = evaluating.evaluate(labels, parts.explainer, parts.knowledge, parts.verifier, err)
    if as_json:
        print_json(asdict(run))
    else:
        for table in tables(run):
            out.print(table)
    if before:
        comparison = compare(before, run, tolerance)
        for line in comparison.differences:
            err.print(line, style="yellow", markup=False, soft_wrap=True)
        for line in comparison.drops:
            err.print(line, style="red", markup=False, soft_wrap=True)
        if comparison.drops:
            raise typer.Exit(FAILURE)


@commands.command()
def calibrate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="JSON lines: labelled questions.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Fit the coverage decision to labelled questions, for the embedding model that is set."""
    from bot.evaluation.calibrating import fit
    from bot.evaluation.labels import read_labels
    from knowledge import calibration

    questions = [asked for file in files for asked in read_labels(file, fitting=True).questions]
    with ready() as parts:
        found = fit(questions, parts.knowledge.current())
        where = calibration.save(
            parts.settings.data_dir, parts.knowledge.embedder.identity, found.calibration
        )
    if as_json:
        print_json(asdict(found))
    else:
        out.print(
            f"Fitted on {found.questions:,} questions: {found.kept:.0%} of the answerable ones "
            f"are covered, {found.rejected:.0%} of the others are not. Kept in {where}."
        )
