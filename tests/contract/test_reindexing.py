"""An operator lets the bot read its articles again; a stranger can't.

Reindexing takes seconds, so all that happens is played once a platform and then looked at.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import build
from bot.core import wording
from knowledge.embedding import Embedder
from knowledge.library import EditionRecord
from tests.contract.conftest import ARTICLES, settings_for
from tests.contract.surfaces import Chat, OnSlack, Seen

QUESTION = "What is the quokka operator?"
NEWS = "The quokka operator is an old nickname of self-attention."


@dataclass(frozen=True)
class Played:
    """What was seen, in this order.

    Args:
        unread: the answer to the question when an article holds it, but isn't indexed yet.
        refused: what a stranger got who asked for a reindex.
        served: the editions that served before and after that.
        done: what the operator got.
        read: the answer to the question now.
    planned: what the operator got who only asked what would change.
        forced: what the operator got who asked to publish all the same.
    again: what the operator got the next time.
        failed: what the operator got when the articles were gone.
        kept: the answer to the question after that.
    """

    unread: Seen
    refused: Seen
    served: tuple[EditionRecord, EditionRecord]
    done: Seen
    read: Seen
    planned: Seen
    forced: Seen
    again: Seen
    failed: Seen
    kept: Seen


@pytest.fixture(scope="module")
def played(
    platform: type[Chat],
    indexed: Path,
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Played:
    """The whole play, on one platform."""
    folder = tmp_path_factory.mktemp(platform.name) / "own"
    shutil.copytree(indexed, folder)
    return asyncio.run(_play(platform, folder, embedder))


def test_an_edited_article_is_not_known_before_it_is_indexed(played: Played) -> None:
    assert played.unread.text.startswith(wording.NOT_COVERED)


def test_a_stranger_is_refused(played: Played) -> None:
    assert played.refused.lines == (wording.OPERATORS_ONLY,)


def test_the_refusal_is_private(played: Played) -> None:
    assert played.refused.private


def test_a_refusal_changes_nothing(played: Played) -> None:
    before, after = played.served
    assert after == before


def test_an_operator_sees_the_progress(played: Played) -> None:
    told = played.done.progress
    assert any(line.startswith(("Reading the sources", "Reindexing")) for line in told)


def test_the_operator_sees_what_has_changed(played: Played) -> None:
    assert re.fullmatch(
        rf"Edition 2 is published: 0 added, 1 changed, 0 removed, {len(ARTICLES) - 1} unchanged; "
        r"[12] passages embedded in \d+\.\d s\.",
        played.done.text,
    )


def test_the_new_sentence_is_answered_with(played: Played) -> None:
    assert NEWS in played.read.text


def test_the_new_sentence_is_cited(played: Played) -> None:
    assert played.read.sources[0].startswith("[1] Self-attention › How it works")


def test_a_dry_run_tells_what_would_change(played: Played) -> None:
    first, *titles = played.planned.lines
    assert first.startswith("Would be published: 0 added, 1 changed, 0 removed")
    assert titles == ["Changed:", "• BERT"]


def test_force_publishes_all_the_same(played: Played) -> None:
    assert played.forced.text.startswith("Edition 3 is published: 0 added, 1 changed")


@pytest.mark.parametrize("told", ["done", "planned", "forced", "again", "failed"])
def test_only_the_operator_sees_what_a_reindex_tells(played: Played, told: str) -> None:
    assert getattr(played, told).private


async def test_nonsense_behind_the_command_is_told_what_may_stand_there(
    indexed: Path, embedder: Embedder, tmp_path: Path
) -> None:
    async with OnSlack() as chat:
        settings = settings_for(indexed, operators=(chat.grace,))
        with build(settings, embedder=embedder) as app:
            async with chat.served_by(app, tmp_path):
                seen = await chat.answered(chat.command("reindex", by_grace=True, how="at once"))
    assert seen.lines == (wording.REINDEX_HOW.format(choices="“dry run” or “force”"),)
    assert seen.private


def test_reindexing_again_says_that_nothing_changed(played: Played) -> None:
    assert re.fullmatch(
        rf"Nothing changed: {len(ARTICLES)} articles are up to date \(\d+\.\d s\)\.",
        played.again.text,
    )


def test_a_reindex_that_fails_says_so(played: Played) -> None:
    assert played.failed.text.startswith(wording.REINDEX_FAILED.format(reason="").strip())


def test_after_a_failure_the_last_edition_still_answers(played: Played) -> None:
    assert played.kept.lines == played.read.lines


async def _play(platform: type[Chat], folder: Path, embedder: Embedder) -> Played:
    async with platform() as chat:
        settings = settings_for(folder, operators=(chat.grace,))
        with build(settings, embedder=embedder) as app:
            async with chat.served_by(app, folder):
                _edit(folder / "articles" / "self-attention.md")
                before = app.knowledge.published()
                unread = await chat.answered(chat.mention(QUESTION))
                refused = await chat.answered(chat.command("reindex"))
                after = app.knowledge.published()
                done = await chat.answered(chat.command("reindex", by_grace=True))
                read = await chat.answered(chat.mention(QUESTION))
                _append(folder / "articles" / "bert.md")
                planned = await chat.answered(chat.command("reindex", by_grace=True, how="dry run"))
                forced = await chat.answered(chat.command("reindex", by_grace=True, how="force"))
                again = await chat.answered(chat.command("reindex", by_grace=True))
                shutil.rmtree(folder / "articles")
                failed = await chat.answered(chat.command("reindex", by_grace=True))
                kept = await chat.answered(chat.mention(QUESTION))
    return Played(
        unread, refused, (before, after), done, read, planned, forced, again, failed, kept
    )


def _edit(article: Path) -> None:
    heading = "## How it works\n\n"
    article.write_text(article.read_text().replace(heading, f"{heading}{NEWS} ", 1))


def _append(article: Path) -> None:
    article.write_text(f"{article.read_text()}\nBERT was published in 2018.\n")
