"""Running the bot, and checking what it needs."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shell import FAILURE, JsonOption, out, print_json, ready, settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.core.journal import Journal
    from bot.observing.metrics import Metrics
    from bot.settings import Settings

commands = typer.Typer()


@commands.command()
def doctor(as_json: JsonOption = False) -> None:
    """Check settings, tokens, databases, models and index; say what to do."""
    from bot.doctor import examine, findings

    if as_json:
        found = list(findings(settings()))
        print_json(found)
        well = all(finding.well for finding in found)
    else:
        well = examine(settings(), out)
    if not well:
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
    from bot.app import journal_of
    from bot.observing.logs import logged
    from bot.observing.metrics import Metrics
    from bot.observing.pricing import Price
    from bot.serving import only_one

    chosen = settings()
    metrics = Metrics(Price.of(chosen.model_price))
    with logged(chosen), _traced(chosen), only_one(chosen.data_dir), ready() as made:
        parts = replace(made, observer=metrics)
        parts.knowledge.probe()
        metrics.serves(parts.knowledge.current().record.id)
        journal = journal_of(chosen)
        try:
            asyncio.run(_served(parts, journal, metrics))
        finally:
            journal.close()


async def _served(parts: App, journal: Journal, metrics: Metrics) -> None:
    """Serve, seen from outside."""
    from bot.app import surfaces
    from bot.core.talk.recovering import Recovery
    from bot.observing.checks import checks_of
    from bot.observing.health import seen
    from bot.serving import forget_in_time, serve, stay_current

    dialogue = parts.dialogue(journal)
    schedule = parts.schedule(dialogue.prepare)
    places = surfaces(parts.settings, dialogue)
    checks = checks_of(parts.knowledge, journal, dialogue, places)
    async with seen(parts.settings, metrics, checks):
        beside = (
            schedule.run(),
            Recovery(journal, dialogue, places).run(),
            stay_current(dialogue),
            forget_in_time(journal, parts.settings.retention_days),
        )
        await serve(dialogue, places, beside)


def _traced(chosen: Settings) -> AbstractContextManager[None]:
    """OpenTelemetry's SDK is loaded for those only who want traces."""
    if not chosen.otlp_endpoint:
        return nullcontext()
    from bot.observing.tracing import traced

    return traced(chosen)
