"""Questions, summaries, topics, paths and searches on the command line."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shell import JsonOption, LevelOption, admit_words, err, out, print_json, ready
from bot.cli.showing import picture_format

commands = typer.Typer()


@commands.command()
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
    from bot.core.answers.answer import Question
    from bot.terminal.batch import answer_all
    from bot.terminal.chat import tell

    if questions:
        if question is not None or out_file is None:
            raise typer.BadParameter("--questions goes with --out, and without a QUESTION.")
        with ready() as parts:
            answer_all(parts.explainer, questions, out_file, level, err)
        return
    if question is None:
        raise typer.BadParameter("Give a QUESTION, or --questions with --out.")
    asked = Question(question, level=level)
    admit_words(question)
    with ready() as parts:
        if as_json:
            print_json(asdict(asyncio.run(parts.explainer.answer(asked))))
        else:
            asyncio.run(tell(parts.explainer, out, asked))


@commands.command()
def chat(level: LevelOption = None) -> None:
    """Hold a conversation; follow-up questions are understood."""
    from bot.terminal.chat import converse

    with ready() as parts:
        asyncio.run(converse(parts.explainer, out, level))


@commands.command()
def summary(
    topic: Annotated[str, typer.Argument(help="A topic, an alias or an abbreviation.")],
    level: LevelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Summarize a topic."""
    from bot.core.messages.phrasing import summary_message
    from bot.terminal.rendering import show

    admit_words(topic)
    with ready() as parts:
        found = asyncio.run(parts.explainer.summarize(topic, level))
    if as_json:
        print_json(asdict(found))
    else:
        show(out, summary_message(found))


@commands.command()
def topics(as_json: JsonOption = False) -> None:
    """List all topics."""
    from bot.terminal.rendering import topic_table

    with ready() as parts:
        found = list(asyncio.run(parts.explainer.topics()))
    if as_json:
        fields = ("id", "title", "aliases", "definition", "level", "prerequisites", "related")
        print_json([{name: getattr(topic, name) for name in fields} for topic in found])
    else:
        out.print(topic_table(found))


@commands.command()
def path(
    topic: Annotated[str, typer.Argument(help="A topic, an alias or an abbreviation.")],
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Draw it into this .png or .svg file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what to learn before a topic, in which order."""
    from bot.core.messages.phrasing import path_message
    from bot.terminal.rendering import show

    admit_words(topic)
    format_ = picture_format(out_file) if out_file else None
    with ready() as parts:
        found = asyncio.run(parts.explainer.path(topic))
    if out_file and format_:
        from bot.demonstrations.path import draw_path

        out_file.write_bytes(draw_path(found, format_))
    if as_json:
        print_json(
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


@commands.command()
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
        with ready() as parts:
            search_all(parts.knowledge, queries, run_file, err)
        return
    if query is None:
        raise typer.BadParameter("Give a QUERY, or --queries with --run.")
    admit_words(query)
    with ready() as parts:
        evidence = asyncio.run(parts.explainer.search(query, count))
    if as_json:
        print_json(asdict(evidence))
    else:
        out.print(evidence_table(evidence))
