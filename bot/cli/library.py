"""The library on the command line: reindexing, sources, editions."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.shell import JsonOption, built, err, out, print_json, reindexed, settings

commands = typer.Typer()


@commands.command()
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

    with built() as parts:
        report = reindexed(parts, Order(dry_run=dry_run, force=force, only=tuple(source or ())))
    if as_json:
        diff = report.diff
        print_json(
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


@commands.command()
def prepare() -> None:
    """Make the packaged models ready to run, so that nothing is exported later."""
    from knowledge.embedding import models_folder
    from knowledge.onnx_embedder import OnnxEmbedder
    from knowledge.onnx_reader import OnnxReader

    chosen = settings()
    folder = models_folder(chosen.data_dir, chosen.models_dir)
    with err.status("Exporting…"):
        OnnxEmbedder(folder).prepare()
        OnnxReader(folder).prepare()
    out.print(f"The packaged models are ready in {folder}.", soft_wrap=True)


@commands.command()
def sources(as_json: JsonOption = False) -> None:
    """List the sources: when each was read, and what could not be."""
    from bot.terminal.reports import sources_table
    from knowledge.reindexing.overview import overview

    with built() as parts:
        found = overview(parts.reindexer.declared.source, parts.knowledge.library)
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        out.print(sources_table(found))


@commands.command()
def editions(as_json: JsonOption = False) -> None:
    """List the editions that are kept: what is in each, who made it and why."""
    from bot.terminal.reports import editions_table
    from knowledge.library import Library

    chosen = settings()
    with closing(Library.open(chosen.data_dir, chosen.database)) as library:
        kept = library.overview()
    if as_json:
        print_json([asdict(each) for each in kept])
    else:
        out.print(editions_table(kept))


@commands.command()
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
    with built() as parts:
        if release:
            parts.reindexer.release()
            out.print("Reindexes may publish again.")
            return
        record = parts.reindexer.roll_back(edition)
    out.print(
        f"Edition {record.id} of {record.created:%Y-%m-%d %H:%M} serves and is pinned: no reindex "
        "publishes over it until `explainer rollback --release`."
    )
