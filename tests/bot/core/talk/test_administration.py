"""What operators and administrators do from the chat, and who may do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bot.app import App
from bot.core.conversation import Level, Place
from bot.core.journal import Journal
from bot.core.messages import wording
from bot.core.messages.message import Message
from bot.core.messages.phrasing import say
from bot.core.reply import Reply
from bot.core.talk.administration import Permissions
from bot.core.talk.dialogue import Dialogue
from tests.bot.core.making import bot_over, said
from tests.bot.core.talking import buttons, commanded, is_private, last, once, read, standing, text

OPERATOR = "slack:T1:BOSS"
CHANNEL = Place("slack", "T1", "C1")
KITE = "---\ntitle: Kite\n---\n\nA kite is a toy on a line.\n"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[App]:
    """The bot over one article that is not indexed yet; the administrators of H are operators."""
    with bot_over(tmp_path, {"kite.md": KITE}, operators=(OPERATOR,), home=("slack:H",)) as wired:
        yield wired


@pytest.fixture
def dialogue(small: App, journal: Journal) -> Dialogue:
    return small.dialogue(journal)


async def used(dialogue: Dialogue, name: str = "reindex", **options: str) -> Reply | None:
    return await dialogue.command(once(asker=OPERATOR), name, options)


async def confirmed(dialogue: Dialogue, message: Message, label: str) -> Message:
    action = buttons(message)[label].action
    return await standing(await dialogue.press(once(asker=OPERATOR), action))


async def published(dialogue: Dialogue) -> Message:
    return await confirmed(dialogue, await standing(await used(dialogue)), wording.REINDEX_NOW)


def test_operators_are_named_or_administer_a_home() -> None:
    permissions = Permissions((OPERATOR,), ("slack:H",))
    home = Place("slack", "H", "C1")
    assert permissions.operates(said("", asker=OPERATOR))
    assert permissions.operates(said("", place=home, administers=True))
    assert not permissions.operates(said("", place=home))
    assert not permissions.operates(said("", administers=True))


@pytest.mark.parametrize(
    "name", ["reindex", "explainer sources", "explainer editions", "explainer rollback"]
)
@pytest.mark.parametrize("asker", ["slack:T1:U1", "slack:T2:BOSS", "discord:BOSS", ""])
async def test_only_operators_change_or_see_the_library(
    small: App, dialogue: Dialogue, name: str, asker: str
) -> None:
    reply = await dialogue.command(once(asker=asker, administers=True), name, {})
    assert is_private(reply)
    assert await read(reply) == [say(wording.OPERATORS_ONLY)]
    assert small.knowledge.library.published() is None


async def test_a_button_that_a_stranger_presses_is_refused(small: App, dialogue: Dialogue) -> None:
    looked = await standing(await used(dialogue))
    action = buttons(looked)[wording.REINDEX_NOW].action
    assert (
        await last(await dialogue.press(once(asker="slack:T1:U1"), action))
        == wording.OPERATORS_ONLY
    )
    assert small.knowledge.library.published() is None


async def test_a_refused_press_leaves_the_button_to_the_operator(dialogue: Dialogue) -> None:
    looked = await standing(await used(dialogue))
    action = buttons(looked)[wording.REINDEX_NOW].action
    await read(await dialogue.press(once(asker="slack:T1:U1"), action))
    report = await last(await dialogue.press(once(asker=OPERATOR), action))
    assert report.startswith("Edition 1 is published")


async def test_a_reindex_first_tells_what_it_would_change(small: App, dialogue: Dialogue) -> None:
    reply = await used(dialogue)
    *earlier, report = await read(reply)
    assert is_private(reply)
    assert earlier[0] == say(wording.REINDEX_STARTS, progress=True)
    assert text(report).startswith("Would be published: 1 added")
    assert "Added:\n\n- Kite" in text(report)
    assert list(buttons(report)) == [wording.REINDEX_NOW]
    assert small.knowledge.library.published() is None


async def test_confirmed_it_tells_its_progress_and_publishes(
    small: App, dialogue: Dialogue
) -> None:
    looked = await standing(await used(dialogue))
    reply = await dialogue.press(once(asker=OPERATOR), buttons(looked)[wording.REINDEX_NOW].action)
    *earlier, report = await read(reply)
    assert is_private(reply)
    assert any("Reindexing" in text(message) for message in earlier)
    assert text(report).startswith("Edition 1 is published: 1 added")
    [edition] = small.knowledge.library.overview()
    assert edition.record.note.who == OPERATOR


async def test_confirmed_twice_it_runs_once(dialogue: Dialogue) -> None:
    looked = await standing(await used(dialogue))
    action = buttons(looked)[wording.REINDEX_NOW].action
    assert await read(await dialogue.press(once(asker=OPERATOR), action))
    assert await read(await dialogue.press(once(asker=OPERATOR), action)) == []


async def test_where_nothing_would_change_there_is_nothing_to_confirm(dialogue: Dialogue) -> None:
    await published(dialogue)
    looked = await standing(await used(dialogue))
    assert "Nothing would change" in text(looked)
    assert buttons(looked) == {}


async def test_after_a_reindex_questions_are_answered_and_topics_completed(
    dialogue: Dialogue,
) -> None:
    await published(dialogue)
    assert [choice.title for choice in dialogue.complete_topic("ki")] == ["Kite"]
    assert "A kite is a toy" in await last(await dialogue.hear(once("What is a kite?")))


async def test_a_loss_is_refused_until_it_is_forced(dialogue: Dialogue, tmp_path: Path) -> None:
    await published(dialogue)
    kite = tmp_path / "articles" / "kite.md"
    kite.rename(kite.with_name("top.md"))
    refusal = await published(dialogue)
    assert "1 of 1 articles would be lost" in text(refusal)
    assert text(refusal).endswith("press “Publish all the same”.")
    forced = await confirmed(dialogue, refusal, wording.FORCE_NOW)
    assert text(forced).startswith("Edition 2 is published")


async def test_a_reindex_that_fails_says_why_and_the_last_edition_answers(
    dialogue: Dialogue, tmp_path: Path
) -> None:
    await published(dialogue)
    (tmp_path / "articles" / "kite.md").unlink()
    (tmp_path / "articles").rmdir()
    failure = await last(await used(dialogue))
    assert "there is no such folder" in failure
    assert "the last edition still answers" in failure
    assert "A kite is a toy" in await last(await dialogue.hear(once("What is a kite?")))


async def test_a_second_reindex_at_the_same_time_is_refused(small: App, dialogue: Dialogue) -> None:
    with FileLock(small.settings.data_dir / "reindex.lock"):
        assert "already running" in await last(await used(dialogue))


async def test_status_tells_what_serves(dialogue: Dialogue) -> None:
    asked = once(administers=True)
    assert (
        await last(await dialogue.command(asked, "explainer status", {})) == wording.NOT_YET_READY
    )
    await published(dialogue)
    status = await last(await used(dialogue, "explainer status"))
    assert status.startswith("Edition 1 of ")
    assert "serving: 1 articles, 1 passages" in status


async def test_sources_are_listed(dialogue: Dialogue, tmp_path: Path) -> None:
    await published(dialogue)
    listed = (await last(await used(dialogue, "explainer sources"))).replace("\\", "")
    assert f"{tmp_path / 'articles'} (folder): 1 articles, read 2" in listed


async def test_an_earlier_edition_serves_again_and_the_rollback_is_ended(
    small: App, dialogue: Dialogue, tmp_path: Path
) -> None:
    await published(dialogue)
    (tmp_path / "articles" / "top.md").write_text("A top is a toy that spins.\n")
    await published(dialogue)
    which = await standing(await used(dialogue, "explainer rollback"))
    [label] = buttons(which)
    assert label.startswith("Edition 1 of ")
    rolled = await confirmed(dialogue, which, label)
    assert text(rolled).startswith("Edition 1 of ")
    assert small.knowledge.published().id == 1
    assert "is pinned since" in text(await published(dialogue))
    assert text(await confirmed(dialogue, rolled, wording.RELEASE)) == wording.RELEASED
    assert "pinned" not in await last(await used(dialogue, "explainer editions"))


async def test_without_an_earlier_edition_there_is_nothing_to_go_back_to(
    dialogue: Dialogue,
) -> None:
    await published(dialogue)
    assert await last(await used(dialogue, "explainer rollback")) == wording.NO_EARLIER_EDITION


async def test_an_edition_that_there_is_not_is_refused(dialogue: Dialogue) -> None:
    await published(dialogue)
    told = await last(await used(dialogue, "explainer rollback", edition="77"))
    assert "77" in told


@pytest.mark.parametrize("name", ["explainer channel", "explainer gaps", "explainer status"])
async def test_a_channel_belongs_to_its_administrators(dialogue: Dialogue, name: str) -> None:
    refused = await dialogue.command(once(), name, {})
    assert is_private(refused)
    assert await last(refused) == wording.ADMINISTRATORS_ONLY
    allowed = await dialogue.command(once(administers=True), name, {})
    assert is_private(allowed)
    assert await last(allowed) != wording.ADMINISTRATORS_ONLY


async def test_a_channel_is_told_how_to_behave(dialogue: Dialogue, journal: Journal) -> None:
    options = {"answer": "always", "level": "expert"}
    told = await last(await dialogue.command(once(administers=True), "explainer channel", options))
    assert wording.CHANNEL_ANSWERS["always"] in told
    habits = journal.habits(CHANNEL)
    assert (habits.answers, habits.level) == ("always", Level.EXPERT)


async def test_what_is_not_named_stays_as_it_is(dialogue: Dialogue, journal: Journal) -> None:
    for options in ({"answer": "always"}, {"level": "expert"}):
        await read(await dialogue.command(once(administers=True), "explainer channel", options))
    assert journal.habits(CHANNEL).answers == "always"


async def test_a_channel_may_answer_from_some_sources_only(
    dialogue: Dialogue, journal: Journal, tmp_path: Path
) -> None:
    await published(dialogue)
    source = str(tmp_path / "articles")
    chosen = await dialogue.command(
        once(administers=True), "explainer channel", {"sources": source}
    )
    assert source in (await last(chosen)).replace("\\", "")
    assert "A kite is a toy" in await last(await dialogue.hear(once("What is a kite?")))
    journal.set_channel(CHANNEL, sources=("another",))
    assert "A kite is a toy" not in await last(await dialogue.hear(once("What is a kite?")))
    every = await dialogue.command(once(administers=True), "explainer channel", {"sources": "all"})
    assert wording.CHANNEL_ALL_SOURCES in await last(every)


async def test_an_unknown_source_names_those_that_there_are(dialogue: Dialogue) -> None:
    told = await last(
        await dialogue.command(once(administers=True), "explainer channel", {"sources": "library"})
    )
    assert "There is no source “library”" in told


async def test_gaps_are_listed_for_their_channel_alone(dialogue: Dialogue) -> None:
    await published(dialogue)
    await read(await dialogue.hear(once("Which pizza is best?")))
    elsewhere = Place("slack", "T1", "C2")
    asked = await dialogue.command(once(administers=True), "explainer gaps", {})
    assert "Which pizza is best? (1×, not covered)" in await last(asked)
    other = await dialogue.command(once(administers=True, place=elsewhere), "explainer gaps", {})
    assert await last(other) == wording.NO_GAPS


async def test_an_operators_page_tells_the_state_and_reindexes(dialogue: Dialogue) -> None:
    await published(dialogue)
    page = await dialogue.home(once(asker=OPERATOR))
    assert wording.HOME_STATE in text(page)
    looked = await confirmed(dialogue, page, wording.REINDEX)
    assert "Nothing would change" in text(looked)


async def test_nobody_else_sees_the_state(dialogue: Dialogue) -> None:
    assert wording.HOME_STATE not in text(await dialogue.home(once()))


async def test_commands_are_told_privately(dialogue: Dialogue) -> None:
    assert (await commanded(dialogue, "help")).blocks
    assert is_private(await dialogue.command(once(), "help", {}))
