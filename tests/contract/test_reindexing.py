"""An operator lets the bot read its articles again; a stranger can't.

Reindexing takes seconds, so all that happens is played once a platform and then looked at.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import build
from bot.core.messages import wording
from knowledge.embedding import Embedder
from tests.contract.chat import Chat
from tests.contract.conftest import ARTICLES, settings_for
from tests.contract.on_discord import OnDiscord
from tests.contract.on_slack import OnSlack
from tests.contract.seeing import Seen, Who

QUESTION = "What is the quokka operator?"
NEWS = "The quokka operator is an old nickname of self-attention."
ADDED = "A wombat is a short marsupial.\n"


@dataclass(frozen=True)
class Played:
    """What was seen, in this order.

    Args:
        unread: the answer to the question when an article holds it, but isn't indexed yet.
        taken: what came of the button that confirms a reindex when somebody else pressed it.
        planned: what the operator got who asked for a reindex.
        unchanged: the answer to the question after that.
        done: what the operator got who pressed the button.
        read: the answer to the question now.
        again: what the operator got the next time.
        refused: what the operator got when most articles were gone.
        kept: the answer to the question after that.
        forced: what the operator got who published all the same.
        editions: the choice that the operator got who wanted to go back.
        rolled_back: what the operator got who chose the edition before.
        back: the answer to the question from that edition.
        pinned: what the operator got who wanted to reindex then.
        released: what the operator got who ended the rollback.
        failed: what the operator got when the articles were gone.
    """

    unread: Seen
    taken: Seen
    planned: Seen
    unchanged: Seen
    done: Seen
    read: Seen
    again: Seen
    refused: Seen
    kept: Seen
    forced: Seen
    editions: Seen
    rolled_back: Seen
    back: Seen
    pinned: Seen
    released: Seen
    failed: Seen


@pytest_asyncio.fixture(
    scope="module", loop_scope="session", params=[OnDiscord, OnSlack], ids=["discord", "slack"]
)
async def played(
    request: pytest.FixtureRequest,
    indexed: Path,
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Played:
    """The whole play, on one platform."""
    platform: type[Chat] = request.param
    folder = tmp_path_factory.mktemp(platform.name) / "own"
    shutil.copytree(indexed, folder)
    async with platform() as chat:
        with build(settings_for(folder), embedder=embedder) as app:
            async with chat.served_by(app, folder):
                return await _play(chat, folder / "articles")


def test_an_edited_article_is_not_known_before_it_is_indexed(played: Played) -> None:
    assert played.unread.text.startswith(wording.NOT_COVERED)


def test_first_it_is_told_what_would_change(played: Played) -> None:
    first, *titles = played.planned.lines
    assert first == wording.REINDEX_WOULD.format(
        added=1, changed=1, removed=0, unchanged=len(ARTICLES) - 1
    )
    assert titles == [
        wording.REINDEX_ADDED,
        "• Wombat",
        wording.REINDEX_CHANGED,
        "• Self-attention",
        wording.REINDEX_ASK,
    ]
    assert played.planned.buttons == (wording.REINDEX_NOW,)


def test_only_the_operator_may_confirm_it(played: Played) -> None:
    assert (played.taken.lines, played.taken.private) == ((wording.OPERATORS_ONLY,), True)


def test_until_it_is_confirmed_nothing_changes(played: Played) -> None:
    assert played.unchanged.lines == played.unread.lines


def test_the_operator_sees_the_progress(played: Played) -> None:
    told = played.done.progress
    assert any("Reading the sources" in line or "Reindexing" in line for line in told)


def test_the_operator_sees_what_has_changed(played: Played) -> None:
    assert re.fullmatch(
        rf"Edition 2 is published: 1 added, 1 changed, 0 removed, {len(ARTICLES) - 1} unchanged; "
        r"\d passages embedded in \d+\.\d s\.",
        played.done.text,
    )


def test_the_new_sentence_is_answered_with_and_cited(played: Played) -> None:
    assert NEWS in played.read.text
    assert played.read.sources[0].startswith("[1] Self-attention › How it works")


def test_when_nothing_would_change_there_is_nothing_to_confirm(played: Played) -> None:
    told = wording.REINDEX_WOULD_NOT.format(unchanged=len(ARTICLES) + 1)
    assert (played.again.lines, played.again.buttons) == ((told,), ())


def test_what_a_check_refuses_is_told_and_may_be_forced(played: Played) -> None:
    assert played.refused.text.startswith("The articles were not reindexed")
    assert played.refused.buttons == (wording.FORCE_NOW,)


def test_after_a_refusal_the_last_edition_still_answers(played: Played) -> None:
    assert played.kept.lines == played.read.lines


def test_force_publishes_all_the_same(played: Played) -> None:
    assert played.forced.text.startswith("Edition 3 is published: 0 added, 0 changed")


def test_the_way_back_is_a_button_for_each_earlier_edition(played: Played) -> None:
    assert played.editions.lines == (wording.ROLL_BACK_WHICH,)
    assert [label[:12] for label in played.editions.buttons] == ["Edition 2 of", "Edition 1 of"]


def test_a_rollback_lets_an_earlier_edition_answer(played: Played) -> None:
    assert played.rolled_back.text.startswith("Edition 2 of ")
    assert played.rolled_back.buttons == (wording.RELEASE,)
    assert played.back.lines == played.read.lines


def test_nothing_is_published_over_a_rollback(played: Played) -> None:
    assert "“explainer rollback release”" in played.pinned.text


def test_a_rollback_is_ended_with_a_button(played: Played) -> None:
    assert played.released.lines == (wording.RELEASED,)


def test_a_reindex_that_fails_says_so(played: Played) -> None:
    assert played.failed.text.startswith("The articles were not reindexed")


@pytest.mark.parametrize(
    "told", ["planned", "done", "again", "refused", "forced", "rolled_back", "released", "failed"]
)
def test_only_the_operator_sees_what_is_told(played: Played, told: str) -> None:
    assert getattr(played, told).private


async def _play(chat: Chat, articles: Path) -> Played:
    async def command(name: str, **options: str) -> Seen:
        return await chat.answered(chat.command(name, by=Who.OPERATOR, **options))

    async def press(seen: Seen, label: str, by: Who = Who.OPERATOR) -> Seen:
        return await chat.answered(chat.press(seen, label, by))

    async def ask() -> Seen:
        return await chat.answered(chat.command("ask", question=QUESTION))

    _edit(articles / "self-attention.md")
    (articles / "wombat.md").write_text(ADDED)
    unread = await ask()
    taken = await press(await command("reindex"), wording.REINDEX_NOW, by=Who.ADA)
    planned = await command("reindex")
    unchanged = await ask()
    done = await press(planned, wording.REINDEX_NOW)
    read = await ask()
    again = await command("reindex")
    for name in ("wombat", *ARTICLES[-4:]):
        (articles / f"{name}.md").unlink()
    refused = await press(await command("reindex"), wording.REINDEX_NOW)
    kept = await ask()
    forced = await press(refused, wording.FORCE_NOW)
    editions = await command("explainer rollback")
    rolled_back = await press(editions, editions.buttons[0])
    back = await ask()
    pinned = await press(await command("reindex"), wording.REINDEX_NOW)
    released = await press(rolled_back, wording.RELEASE)
    shutil.rmtree(articles)
    failed = await command("reindex")
    return Played(
        unread, taken, planned, unchanged, done, read, again, refused,
        kept, forced, editions, rolled_back, back, pinned, released, failed,
    )  # fmt: skip


def _edit(article: Path) -> None:
    heading = "## How it works\n\n"
    article.write_text(article.read_text().replace(heading, f"{heading}{NEWS} ", 1))
