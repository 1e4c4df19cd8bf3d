"""What administrators set up, what they and operators are told, and who else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.core.messages import wording
from tests.contract.chat import Chat
from tests.contract.conftest import ARTICLES, EVERYWHERE
from tests.contract.seeing import Who

FOR_OPERATORS = ["reindex", "explainer sources", "explainer editions", "explainer rollback"]
FOR_ADMINISTRATORS = ["explainer status", "explainer channel", "explainer gaps"]
DECLINED = "best sourdough recipe"


@pytest.mark.parametrize("who", [Who.ADA, Who.ADMINISTRATOR])
@pytest.mark.parametrize("command", FOR_OPERATORS)
async def test_nobody_but_operators_touches_the_library(chat: Chat, command: str, who: Who) -> None:
    seen = await chat.answered(chat.command(command, by=who))
    assert (seen.lines, seen.private) == ((wording.OPERATORS_ONLY,), True)


@pytest.mark.parametrize("command", FOR_ADMINISTRATORS)
async def test_nobody_but_administrators_sets_a_channel_up(chat: Chat, command: str) -> None:
    seen = await chat.answered(chat.command(command))
    assert (seen.lines, seen.private) == ((wording.ADMINISTRATORS_ONLY,), True)


@EVERYWHERE
@pytest.mark.parametrize("who", [Who.ADMINISTRATOR, Who.OPERATOR])
@pytest.mark.parametrize("command", FOR_ADMINISTRATORS)
async def test_administrators_and_operators_are_told_privately(
    chat: Chat, command: str, who: Who
) -> None:
    seen = await chat.answered(chat.command(command, by=who))
    assert wording.ADMINISTRATORS_ONLY not in seen.lines
    assert seen.private


async def test_the_administrators_of_a_home_are_operators(
    platform: type[Chat], app: App, tmp_path: Path
) -> None:
    async with platform() as chat, chat.served_by(app, tmp_path, home=(chat.home,)):
        told = await chat.answered(chat.command("explainer sources", by=Who.ADMINISTRATOR))
        refused = await chat.answered(chat.command("explainer sources"))
    assert told.lines != refused.lines == (wording.OPERATORS_ONLY,)


async def test_the_status_tells_which_edition_serves(chat: Chat) -> None:
    seen = await chat.answered(chat.command("explainer status", by=Who.ADMINISTRATOR))
    assert seen.text.startswith("Edition 1 of ")
    assert f"serving: {len(ARTICLES)} articles" in seen.text
    assert wording.SOURCES_READ.format(count=1) in seen.lines


async def test_the_sources_are_listed_with_their_articles(chat: Chat) -> None:
    [line] = (await chat.answered(chat.command("explainer sources", by=Who.OPERATOR))).lines
    assert f"(folder): {len(ARTICLES)} articles, read 20" in line


async def test_the_editions_are_listed(chat: Chat) -> None:
    seen = await chat.answered(chat.command("explainer editions", by=Who.OPERATOR))
    heading, edition = seen.lines
    assert heading == wording.EDITIONS
    assert edition.startswith("• Edition 1 of ")


async def test_without_an_earlier_edition_there_is_no_way_back(chat: Chat) -> None:
    seen = await chat.answered(chat.command("explainer rollback", by=Who.OPERATOR))
    assert seen.lines == (wording.NO_EARLIER_EDITION,)


async def test_a_channel_tells_how_it_is_set_up(chat: Chat) -> None:
    options = {"answer": "always", "level": "beginner"}
    seen = await chat.answered(chat.command("explainer channel", by=Who.ADMINISTRATOR, **options))
    assert seen.lines == (
        wording.CHANNEL,
        f"• {wording.CHANNEL_ANSWERS['always']}",
        f"• {wording.CHANNEL_LEVEL.format(level='beginner')}",
        f"• {wording.CHANNEL_SOURCES.format(sources=wording.CHANNEL_ALL_SOURCES)}",
    )


async def test_one_channel_is_set_up_and_no_other(chat: Chat) -> None:
    await chat.answered(chat.command("explainer channel", by=Who.ADMINISTRATOR, level="expert"))
    chat.begin()
    seen = await chat.answered(chat.command("explainer channel", by=Who.ADMINISTRATOR))
    assert f"• {wording.CHANNEL_LEVEL.format(level=wording.CHANNEL_NO_LEVEL)}" in seen.lines


async def test_a_source_that_there_is_not_is_told_with_those_that_are(chat: Chat) -> None:
    seen = await chat.answered(
        chat.command("explainer channel", by=Who.ADMINISTRATOR, sources="quokkas")
    )
    assert seen.text.startswith("There is no source “quokkas”. The sources are ")


@EVERYWHERE
async def test_what_was_asked_in_vain_is_a_gap_of_that_channel(chat: Chat) -> None:
    await chat.answered(chat.mention(DECLINED))
    await chat.answered(chat.mention(DECLINED, by=Who.GRACE))
    here = await chat.answered(chat.command("explainer gaps", by=Who.ADMINISTRATOR))
    chat.begin()
    elsewhere = await chat.answered(chat.command("explainer gaps", by=Who.ADMINISTRATOR))
    line = wording.GAP_LINE.format(question=DECLINED, times=2, why=wording.GAP_DECLINED)
    assert here.lines == (wording.GAPS, f"• {line}")
    assert elsewhere.lines == (wording.NO_GAPS,)
