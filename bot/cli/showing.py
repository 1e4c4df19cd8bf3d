"""Demonstrations on the command line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.shell import out, ready
from bot.core.demonstration import ImageFormat, Kind

commands = typer.Typer()

PICTURES = (".png", ".svg")


@commands.command()
def show(
    kind: Annotated[Kind, typer.Argument(help="What to see.", case_sensitive=False)],
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT...",
            help="Your words, one or several texts; options such as layer=3 may stand among them.",
        ),
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Draw it into this .png or .svg file.")
    ] = None,
) -> None:
    """See a concept at work on your own words."""
    from bot.core.messages.phrasing import demonstration_in_words
    from bot.core.talk.demonstrating import material_for
    from bot.core.talk.showing import remark_on, understood
    from bot.demonstrations.kinds import demonstrate
    from bot.terminal.rendering import show as print_message

    format_ = picture_format(out_file) if out_file else ImageFormat.PNG
    showing = understood(kind, "\n".join(_options_last(texts or [])))
    with ready() as parts:
        material = asyncio.run(material_for(showing, parts.explainer))
        shown = demonstrate(showing, material, format_)
        because = asyncio.run(parts.explainer.ground(shown.question))
        other = remark_on(kind, parts.settings.embedding_model)
    if out_file:
        out_file.write_bytes(shown.picture)
    noted = replace(shown, note=f"{shown.note} {other}".strip())
    print_message(out, demonstration_in_words(noted, because))


def picture_format(file: Path) -> ImageFormat:
    """What a picture is written as, by the name of its file.

    Raises:
        BadParameter: it is neither .png nor .svg.
    """
    if file.suffix.lower() not in PICTURES:
        raise typer.BadParameter("--out takes a file that ends in .png or .svg.")
    return ImageFormat(file.suffix.lower()[1:])


def _options_last(texts: list[str]) -> list[str]:
    """Texts, with the arguments that are options behind the last one, where they are understood."""
    options = [text for text in texts if "=" in text and " " not in text]
    words = [text for text in texts if text not in options]
    return [*words[:-1], " ".join((*words[-1:], *options))] if texts else []
