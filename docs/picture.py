"""Draws the pictures of the README: a real answer in a real terminal's colours, and a real path.

Run by ``make picture``; needs an index, which ``make ask`` makes.
"""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bot.app import build
from bot.core.answers.answer import Question
from bot.core.demonstration import ImageFormat
from bot.core.messages.phrasing import answer_message
from bot.demonstrations.path import draw_path
from bot.settings import load_settings
from bot.terminal.rendering import render

QUESTION = "What is self-attention?"
TOPIC = "speculative decoding"
FOLDER = Path(__file__).parent
WIDTH = 96


def main() -> None:
    """Ask, and save the terminal as SVG, with fonts that every machine has."""
    with build(load_settings()) as app:
        answer = asyncio.run(app.explainer.answer(Question(QUESTION)))
        path = asyncio.run(app.explainer.path(TOPIC))
    (FOLDER / "path.svg").write_bytes(draw_path(path, ImageFormat.SVG))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble(("$ ", "green"), f'make ask Q="{QUESTION}"'), "")
    console.print(render(answer_message(answer)))
    svg = console.export_svg(title="Explainer", theme=MONOKAI)
    start, end = svg.index("@font-face"), svg.index(".terminal-", svg.index("@font-face"))
    svg = svg[:start] + svg[svg.rindex("\n", 0, end) + 1 :]
    (FOLDER / "answer.svg").write_text(
        svg.replace("Fira Code", "DejaVu Sans Mono"), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
