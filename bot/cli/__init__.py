"""The command line. Each command parses, calls the core and prints; nothing else."""

from __future__ import annotations

import sys

import typer

from bot.cli import asking, library, measuring, running, showing
from bot.cli.shell import FAILURE, INTERRUPTED, WRONG_USE, app, fail
from bot.core.errors import (
    DemonstrationRefused,
    ExplainerError,
    QuestionRefused,
    SettingsError,
    UnknownTopic,
)
from knowledge.errors import KnowledgeError

for part in (asking, showing, library, measuring, running):
    app.add_typer(part.commands)


def main() -> None:
    """Run the command line; every error is one line on stderr."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except typer.TyperException as error:
        fail(f"{error.format_message()} Try `explainer --help`.", WRONG_USE)
    except (QuestionRefused, DemonstrationRefused, UnknownTopic, SettingsError) as error:
        fail(str(error), WRONG_USE)
    except (ExplainerError, KnowledgeError) as error:
        fail(str(error), FAILURE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or error}.", FAILURE)
    if code == INTERRUPTED:
        fail("Stopped; nothing was lost.", INTERRUPTED)
    raise SystemExit(code or 0)
