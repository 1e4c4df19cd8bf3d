"""Makes docs/demonstrations.md: one picture of each demonstration, with what it tells.

Run by ``make gallery``. With ``--check`` nothing is written: it fails if the page isn't what it
would be now. Pictures are not compared, as another version of a font library draws them a little
differently; the numbers in them are, as the page tells them in words.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from bot.app import App, build
from bot.core.answers.answer import Answer
from bot.core.demonstration import Demonstration, Kind, Showing
from bot.core.talk.demonstrating import material_for
from bot.core.talk.showing import EXAMPLES
from bot.demonstrations.kinds import demonstrate
from bot.settings import load_settings
from knowledge.model import Evidence

FOLDER = Path(__file__).parent
PAGE = FOLDER / "demonstrations.md"
PICTURES = FOLDER / "demonstrations"
RIVER = ("She sat on the bank of the river.", "The bank approved the loan.")

INTRODUCTION = """# Demonstrations

`/show` on Discord and Slack, *Show me* under an answer, and `explainer show` in the terminal let
the packaged model, a transformer of six layers, explain itself on anybody's own words. All that
is to be seen is computed when it is asked for. This page is made by `make gallery`.
"""

SHOWN = {
    "tokens": Showing(Kind.TOKENS, EXAMPLES[Kind.TOKENS]),
    "attention": Showing(Kind.ATTENTION, EXAMPLES[Kind.ATTENTION]),
    "attention-of-all-heads": Showing(Kind.ATTENTION, EXAMPLES[Kind.ATTENTION], {"view": "all"}),
    "similarity": Showing(Kind.SIMILARITY, EXAMPLES[Kind.SIMILARITY]),
    "similarity-of-a-word": Showing(
        Kind.SIMILARITY, (*RIVER, "They fished from the bank at dawn."), {"word": "bank"}
    ),
    "layers": Showing(Kind.LAYERS, EXAMPLES[Kind.LAYERS]),
    "retrieval": Showing(Kind.RETRIEVAL, EXAMPLES[Kind.RETRIEVAL]),
    "path": Showing(Kind.PATH, EXAMPLES[Kind.PATH]),
    "training": Showing(Kind.TRAINING, EXAMPLES[Kind.TRAINING]),
    "quantization": Showing(Kind.QUANTIZATION, EXAMPLES[Kind.QUANTIZATION]),
    "sampling": Showing(Kind.SAMPLING, EXAMPLES[Kind.SAMPLING]),
}
"""What is shown, by the name of its picture."""


def main() -> None:
    """Make the page, or check it."""
    checking = "--check" in sys.argv[1:]
    if not checking:
        PICTURES.mkdir(exist_ok=True)
    with build(load_settings()) as app:
        sections = [section(app, name, showing, checking) for name, showing in SHOWN.items()]
    page = "\n".join((INTRODUCTION, *sections))
    if not checking:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        sys.exit("docs/demonstrations.md is not what `make gallery` makes now: run it.")


def section(app: App, name: str, showing: Showing, checking: bool) -> str:
    """One demonstration on the page; draws its picture unless it is only checked."""
    material = asyncio.run(material_for(showing, app.explainer))
    if isinstance(material, Evidence):  # whose number tells only how often this index was made
        material = replace(material, edition=1)
    shown = demonstrate(showing, material)
    picture = PICTURES / f"{name}.png"
    if not checking:
        picture.write_bytes(shown.picture)
    elif not picture.exists():
        sys.exit(f"{picture} is missing: run `make gallery`.")
    return told(name, showing, shown, asyncio.run(app.explainer.ground(shown.question)))


def told(name: str, showing: Showing, shown: Demonstration, because: Answer | None) -> str:
    """What a demonstration tells, as Markdown."""
    words = " | ".join(showing.texts)
    options = " ".join(f"{option}={value}" for option, value in showing.options.items())
    command = " ".join(filter(None, (f"/show {showing.kind}", words, options)))
    parts = [
        f"## {name.replace('-', ' ').capitalize()}",
        f"`{command}`",
        f"![{shown.alt}](demonstrations/{name}.png)",
        f"**{shown.title}**",
        " ".join(shown.findings),
        " ".join(claim.text for claim in because.claims) if because else "",
        f"*{shown.note}*" if shown.note else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


if __name__ == "__main__":
    main()
