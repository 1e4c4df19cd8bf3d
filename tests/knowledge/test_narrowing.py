"""An edition as if it held only the articles of some sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.settings import Settings
from tests.bot.core.making import without_a_model

TOYS = {
    "kite.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n",
    "top.md": "---\ntitle: Top\n---\n\nA top is a toy that spins.\n",
}
TOOLS = {
    "saw.md": "---\ntitle: Saw\n---\n\nA saw is a tool that cuts a line.\n",
    "again.md": "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Two folders, of which the second one repeats an article of the first."""
    folder = tmp_path_factory.mktemp("shelves")
    sources = []
    for shelf, articles in {"toys": TOYS, "tools": TOOLS}.items():
        (folder / shelf).mkdir()
        sources.append(str(folder / shelf))
        for name, text in articles.items():
            (folder / shelf / name).write_text(text)
    given = Settings(_env_file=None, data_dir=folder / "data", sources=tuple(sources))
    with without_a_model(given) as wired:
        wired.reindexer.run()
        yield wired


def found(app: App, *sources: Path) -> set[str]:
    edition = app.knowledge.current(tuple(map(str, sources)))
    return {hit.passage.title for hit in edition.retrieve("What is a toy on a line?").passages}


def folder(app: App, shelf: str) -> Path:
    return app.settings.data_dir.parent / shelf


def test_without_a_choice_everything_is_found(app: App) -> None:
    assert found(app) == {"Kite", "Top", "Saw"}


def test_of_a_source_only_its_articles_are_found(app: App) -> None:
    assert found(app, folder(app, "toys")) == {"Kite", "Top"}
    assert {topic.title for topic in app.knowledge.current((str(folder(app, "toys")),)).topics} == {
        "Kite",
        "Top",
    }


def test_an_article_that_a_source_repeats_is_its_own_too(app: App) -> None:
    assert found(app, folder(app, "tools")) == {"Kite", "Saw"}


def test_of_no_known_source_nothing_is_found(app: App) -> None:
    edition = app.knowledge.current(("nowhere",))
    evidence = edition.retrieve("What is a kite?")
    assert (evidence.passages, evidence.coverage.covered) == ((), False)


def test_a_part_is_made_once_for_an_edition(app: App) -> None:
    chosen = (str(folder(app, "toys")),)
    assert app.knowledge.current(chosen) is app.knowledge.current(chosen)


def test_a_part_moves_on_with_its_edition(app: App) -> None:
    chosen = (str(folder(app, "toys")),)
    before = app.knowledge.current(chosen)
    (folder(app, "toys") / "ball.md").write_text("A ball is a toy that bounces.\n")
    app.reindexer.run()
    after = app.knowledge.current(chosen)
    assert after.record.id == before.record.id + 1
    assert len(after.topics) == len(before.topics) + 1


def test_the_scores_in_a_part_are_those_of_the_whole(app: App) -> None:
    question = "What is a toy that spins?"
    whole = app.knowledge.current().retrieve(question)
    part = app.knowledge.current((str(folder(app, "toys")),)).retrieve(question)
    assert part.passages[0].dense == pytest.approx(whole.passages[0].dense)
