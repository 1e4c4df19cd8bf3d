"""The command line. Each command parses, calls the core and prints; nothing else."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import orjson
import typer
from rich.console import Console

from bot.core.conversation import Level
from bot.core.errors import ExplainerError, QuestionRefused, SettingsError, UnknownTopic
from knowledge.errors import IndexMissing, KnowledgeError

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
PICTURES = (".png", ".svg")

LevelOption = Annotated[
    Level | None, typer.Option(help="Whom the answer is for.", case_sensitive=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def check_settings() -> None:
    """Explains AI concepts from articles and cites every sentence."""
    # First of all: libraries that are imported later read the same .env, less politely.
    _settings()


def main() -> None:
    """Run the command line; every error is one line on stderr."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except typer.TyperException as error:
        _fail(f"{error.format_message()} Try `explainer --help`.", WRONG_USE)
    except (QuestionRefused, UnknownTopic, SettingsError) as error:
        _fail(str(error), WRONG_USE)
    except (ExplainerError, KnowledgeError) as error:
        _fail(str(error), FAILURE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}.", FAILURE)
    if code == INTERRUPTED:
        _fail("Stopped; nothing was lost.", INTERRUPTED)
    raise SystemExit(code or 0)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    level: LevelOption = None,
    as_json: JsonOption = False,
    questions: Annotated[
        Path | None, typer.Option(help="JSON lines with 'id' and 'question'.")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Where the answers to --questions go.")
    ] = None,
) -> None:
    """Answer a question, or every question of a file."""
    from bot.core.answer import Question
    from bot.terminal.batch import answer_all
    from bot.terminal.chat import tell

    if questions:
        if question is not None or out_file is None:
            raise typer.BadParameter("--questions goes with --out, and without a QUESTION.")
        with _ready() as parts:
            answer_all(parts.explainer, questions, out_file, level, err)
        return
    if question is None:
        raise typer.BadParameter("Give a QUESTION, or --questions with --out.")
    asked = Question(question, level=level)
    _admit(question)
    with _ready() as parts:
        if as_json:
            _print_json(asdict(asyncio.run(parts.explainer.answer(asked))))
        else:
            asyncio.run(tell(parts.explainer, out, asked))


@app.command()
def chat(level: LevelOption = None) -> None:
    """Hold a conversation; follow-up questions are understood."""
    from bot.terminal.chat import converse

    with _ready() as parts:
        asyncio.run(converse(parts.explainer, out, level))


@app.command()
def summary(
    topic: Annotated[str, typer.Argument(help="A topic, an alias or an abbreviation.")],
    level: LevelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Summarize a topic."""
    from bot.core.phrasing import summary_message
    from bot.terminal.rendering import show

    _admit(topic)
    with _ready() as parts:
        found = asyncio.run(parts.explainer.summarize(topic, level))
    if as_json:
        _print_json(asdict(found))
    else:
        show(out, summary_message(found))


@app.command()
def topics(as_json: JsonOption = False) -> None:
    """List all topics."""
    from bot.terminal.rendering import topic_table

    with _ready() as parts:
        found = list(asyncio.run(parts.explainer.topics()))
    if as_json:
        fields = ("id", "title", "aliases", "definition", "level", "prerequisites", "related")
        _print_json([{name: getattr(topic, name) for name in fields} for topic in found])
    else:
        out.print(topic_table(found))


@app.command()
def path(
    topic: Annotated[str, typer.Argument(help="A topic, an alias or an abbreviation.")],
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Draw it into this .png or .svg file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what to learn before a topic, in which order."""
    from bot.core.phrasing import path_message
    from bot.terminal.rendering import show

    _admit(topic)
    if out_file and out_file.suffix.lower() not in PICTURES:
        raise typer.BadParameter("--out takes a file that ends in .png or .svg.")
    with _ready() as parts:
        found = asyncio.run(parts.explainer.path(topic))
    if out_file:
        from bot.core.demonstration import ImageFormat
        from bot.demonstrations.path import draw_path

        out_file.write_bytes(draw_path(found, ImageFormat(out_file.suffix.lower()[1:])))
    if as_json:
        _print_json(
            {
                "topic": found.goal.id,
                "steps": [
                    {"id": step.topic.id, "title": step.topic.title, "level": step.topic.level}
                    | {"needs": step.needs}
                    for step in found.steps
                ],
                "onwards": [following.id for following in found.onwards],
            }
        )
    else:
        show(out, path_message(found))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    count: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 5,
    as_json: JsonOption = False,
    queries: Annotated[
        Path | None, typer.Option(help="JSON lines with 'id' and 'question'.")
    ] = None,
    run_file: Annotated[
        Path | None, typer.Option("--run", help="TREC run file for --queries.")
    ] = None,
) -> None:
    """Show the passages found for a query, or write a TREC run of many."""
    from bot.terminal.batch import search_all
    from bot.terminal.rendering import evidence_table

    if queries:
        if query is not None or run_file is None:
            raise typer.BadParameter("--queries goes with --run, and without a QUERY.")
        with _ready() as parts:
            search_all(parts.knowledge, queries, run_file, err)
        return
    if query is None:
        raise typer.BadParameter("Give a QUERY, or --queries with --run.")
    _admit(query)
    with _ready() as parts:
        evidence = asyncio.run(parts.explainer.search(query, count))
    if as_json:
        _print_json(asdict(evidence))
    else:
        out.print(evidence_table(evidence))


@app.command()
def reindex(
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
    force: Annotated[
        bool, typer.Option(help="Publish even if many articles are lost or nothing changed.")
    ] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Read only this source; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the index up to date with the sources."""
    from bot.terminal.reports import print_report
    from knowledge.reindexing import Order

    with _build() as parts:
        report = _reindex(parts, Order(dry_run=dry_run, force=force, only=tuple(source or ())))
    if as_json:
        diff = report.diff
        _print_json(
            {
                "added": len(diff.added),
                "changed": len(diff.changed),
                "removed": len(diff.removed),
                "unchanged": diff.unchanged,
                "repeated": diff.repeated,
                "titles": diff.titles,
                "embedded": report.embedded,
                "seconds": round(report.seconds, 3),
                "edition": report.edition,
                "published": report.published,
                "problems": report.problems,
            }
        )
    else:
        print_report(out, report)


@app.command()
def sources(as_json: JsonOption = False) -> None:
    """List the sources: when each was read, and what could not be."""
    from bot.terminal.reports import sources_table
    from knowledge.reindexing.overview import overview

    with _build() as parts:
        found = overview(parts.reindexer.declared.source, parts.knowledge.library)
    if as_json:
        _print_json([asdict(each) for each in found])
    else:
        out.print(sources_table(found))


@app.command()
def editions(as_json: JsonOption = False) -> None:
    """List the editions that are kept: what is in each, who made it and why."""
    from bot.terminal.reports import editions_table
    from knowledge.library import Library

    with closing(Library.open(_settings().data_dir)) as library:
        kept = library.overview()
    if as_json:
        _print_json([asdict(each) for each in kept])
    else:
        out.print(editions_table(kept))


@app.command()
def rollback(
    edition: Annotated[
        int | None, typer.Argument(help="Which one; the one before if not given.")
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Let reindexes publish over it again.")
    ] = False,
) -> None:
    """Let an earlier edition serve again, and pin it until it is released."""
    if release and edition is not None:
        raise typer.BadParameter("--release goes without an EDITION.")
    with _build() as parts:
        if release:
            parts.reindexer.release()
            out.print("Reindexes may publish again.")
            return
        record = parts.reindexer.roll_back(edition)
    out.print(
        f"Edition {record.id} of {record.created:%Y-%m-%d %H:%M} serves and is pinned: no reindex "
        "publishes over it until `explainer rollback --release`."
    )


@app.command()
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
    with _ready() as parts:
        run = evaluating.evaluate(labels, parts.explainer, parts.knowledge, parts.verifier, err)
    if as_json:
        _print_json(asdict(run))
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


@app.command()
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
    with _ready() as parts:
        found = fit(questions, parts.knowledge.current())
        where = calibration.save(
            parts.settings.data_dir, parts.knowledge.embedder.identity, found.calibration
        )
    if as_json:
        _print_json(asdict(found))
    else:
        out.print(
            f"Fitted on {found.questions:,} questions: {found.kept:.0%} of the answerable ones "
            f"are covered, {found.rejected:.0%} of the others are not. Kept in {where}."
        )


@app.command()
def doctor() -> None:
    """Check settings, tokens, model and index; say what to do."""
    from bot.doctor import examine

    if not examine(_settings(), out):
        raise typer.Exit(FAILURE)


@app.command()
def run() -> None:
    """Start every surface that has its tokens."""
    from bot.app import surfaces
    from bot.core.journal import Journal
    from bot.serving import only_one, serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = _settings()
    with only_one(settings.data_dir), _ready() as parts:
        parts.knowledge.probe()
        journal = Journal.open(settings.data_dir)
        try:
            dialogue = parts.dialogue(journal)
            schedule = parts.schedule(dialogue.prepare)
            asyncio.run(serve(dialogue, surfaces(settings, dialogue), schedule))
        finally:
            journal.close()


def _settings() -> Settings:
    from bot.settings import load_settings

    return load_settings()


@contextmanager
def _build() -> Iterator[App]:
    with err.status("Starting…"):
        from bot.app import build

        parts = build(_settings())
    with parts:
        yield parts


@contextmanager
def _ready() -> Iterator[App]:
    """The wired app with an index; the first use of a data directory makes it."""
    from knowledge.reindexing import Order

    with _build() as parts:
        try:
            if not parts.knowledge.made_from(parts.reindexer.declared.source):
                err.print(
                    "The index was made from other sources than EXPLAINER_SOURCES names now; "
                    "run `explainer reindex` to read these.",
                    style="yellow",
                )
        except IndexMissing:
            err.print("Nothing is indexed yet; reading the articles once.")
            report = _reindex(parts, Order(why="first use"))
            for problem in report.problems:
                err.print(problem, style="yellow", markup=False)
        yield parts


def _reindex(parts: App, order: Order) -> Report:
    from bot.terminal.reports import progress_bar

    with progress_bar(err) as tell:
        return parts.reindex(order, tell)


def _admit(text: str) -> None:
    """Refuse what cannot be a question before anything slow is loaded."""
    from bot.core.gate import admit

    admit(text)


def _print_json(value: object) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def _fail(reason: str, code: int) -> NoReturn:
    err.print(" ".join(reason.split()), style="red", markup=False, soft_wrap=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
