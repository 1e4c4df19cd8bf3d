"""The bot over the shipped articles."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot import app as wiring
from bot.app import App, build
from bot.cli import main
from bot.core.answers.explainer import Explainer
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.onnx_reader import OnnxReader
from tests.bot.commands import Cli, Ended
from tests.bot.core.making import without_a_model

_PREFIXES = ("EXPLAINER_", "OPENAI_", "ANTHROPIC_", "OLLAMA_", "FORCE_COLOR", "COLUMNS")


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the tests alone."""
    for name in os.environ:
        if name.startswith(_PREFIXES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shipped(shipped_index: Path) -> Path:
    """The data directory of the shipped articles."""
    return shipped_index


@pytest.fixture(scope="session")
def app(shipped: Path, embedder: Embedder, reader: OnnxReader) -> Iterator[App]:
    """The bot without a language model over the shipped articles."""
    settings = Settings(_env_file=None, data_dir=shipped, model="none")
    with build(settings, embedder=embedder, reader=reader) as wired:
        yield wired


@pytest.fixture(scope="session")
def explainer(app: App) -> Explainer:
    """The use cases over the shipped articles."""
    return app.explainer


@pytest.fixture
def cli(
    shipped: Path,
    embedder: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """Runs commands in this process, with the model that is already loaded."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLAINER_DATA_DIR", str(shipped))
    monkeypatch.setattr(wiring, "build", partial(build, embedder=embedder))

    def run(*arguments: str, typed: str = "") -> Ended:
        monkeypatch.setattr("sys.argv", ["explainer", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], None]:
    """Sets a setting."""
    return lambda name, value: monkeypatch.setenv(f"EXPLAINER_{name}", str(value))


@pytest.fixture
def small(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, set_to: Callable[[str, object], None]
) -> Path:
    """A folder of two articles that is not indexed yet, and no model; made the source."""
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "kite.md").write_text("---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n")
    (articles / "top.md").write_text("---\ntitle: Top\n---\n\nA top is a toy that spins.\n")
    set_to("DATA_DIR", tmp_path / "data")
    set_to("SOURCES", articles)
    monkeypatch.setattr(wiring, "build", without_a_model)
    return articles
