"""Running the bot, and checking what it needs."""

from __future__ import annotations

import asyncio
import logging

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
