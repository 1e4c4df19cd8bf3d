"""People see what is kept of them, and have it deleted, on both platforms alike."""

from __future__ import annotations

from bot.core.messages import wording
from tests.contract.chat import Chat
from tests.contract.seeing import Who

QUESTION = "What is BERT?"


async def test_what_is_kept_is_told_privately(chat: Chat) -> None:
    await chat.answered(chat.mention(QUESTION))
    told = await chat.answered(chat.command("privacy"))
    assert told.private
    assert told.lines[-1].endswith("Of you I keep 1 question.")


async def test_what_is_deleted_is_gone(chat: Chat) -> None:
    await chat.answered(chat.mention(QUESTION))
    asked = await chat.answered(chat.command("forget-me"))
    done = await chat.answered(chat.press(asked, wording.FORGET_ME))
    assert done.private
    assert done.lines[0].startswith("I have deleted 1 question of yours.")
    again = await chat.answered(chat.command("forget-me"))
    assert again.lines == (wording.KNOWS_NOTHING,)


async def test_who_was_never_seen_is_told_so(chat: Chat) -> None:
    await chat.answered(chat.mention(QUESTION))
    seen = await chat.answered(chat.command("forget-me", by=Who.GRACE))
    assert seen.lines == (wording.KNOWS_NOTHING,)
    assert seen.private
