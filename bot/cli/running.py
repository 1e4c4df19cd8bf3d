"""Running the bot, and checking what it needs."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Annotated

import typer

from bot.cli.shell import FAILURE, out, ready, settings

commands = typer.Typer()


@commands.command()
def doctor() -> None:
    """Check settings, tokens, model and index; say what to do."""
    from bot.doctor import examine

    if not examine(settings(), out):
        raise typer.Exit(FAILURE)


@commands.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="Where Slack reaches the bot, in HTTP mode: https://….")
    ] = "",
    several: Annotated[
        bool, typer.Option(help="For an app that many workspaces install by OAuth.")
    ] = False,
) -> None:
    """Print the manifest to make the Slack app from, with the prefix that is set."""
    from bot.slack.manifest import manifest_yaml

    prefix = settings().slack_command_prefix
    sys.stdout.write(manifest_yaml(prefix=prefix, url=url, several=several))


@commands.command()
def run() -> None:
    """Start every surface that has its tokens."""
    from bot.app import surfaces
    from bot.core.journal import Journal
    from bot.serving import only_one, serve

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    chosen = settings()
    with only_one(chosen.data_dir), ready() as parts:
        parts.knowledge.probe()
        journal = Journal.open(chosen.data_dir)
        try:
            dialogue = parts.dialogue(journal)
            schedule = parts.schedule(dialogue.prepare)
            asyncio.run(serve(dialogue, surfaces(chosen, dialogue), schedule))
        finally:
            journal.close()
