"""Concepts at work: each demonstration, and the ways to go on from it."""

from __future__ import annotations

import pytest

from bot.core.demonstration import Kind
from bot.core.messages import wording
from bot.core.talk.showing import EXAMPLES
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE
from tests.contract.on_slack import OnSlack
from tests.contract.seeing import DIRECT, Seen

PNG = b"\x89PNG\r\n\x1a\n"
WORDS = {Kind.PATH: "BERT", Kind.RETRIEVAL: "How does an RNN work?"}
SENTENCE = "The quokka was tired."


@pytest.mark.parametrize("kind", Kind)
async def test_each_kind_is_shown_with_a_picture_that_is_told_in_words(
    chat: Chat, kind: Kind
) -> None:
    seen = await _shown(chat, kind, WORDS.get(kind, " | ".join(EXAMPLES[kind])))
    [picture] = chat.pictures
    assert picture.png.startswith(PNG)
    assert len(picture.png) < 300_000
    assert len(picture.alt) > 40
    assert len(seen.text) > 40


async def test_what_is_shown_are_the_words_of_who_asked(chat: Chat) -> None:
    await _shown(chat, Kind.TOKENS, "Quokkas")
    [picture] = chat.pictures
    assert "Quokkas" in picture.alt


async def test_what_is_seen_is_explained_with_sources(chat: Chat) -> None:
    seen = await _shown(chat, Kind.ATTENTION, SENTENCE)
    assert seen.sources


async def test_without_words_it_is_told_how_to_give_some(chat: Chat) -> None:
    seen = await chat.answered(chat.command("show", kind="tokens"))
    example = EXAMPLES[Kind.TOKENS][0]
    assert seen.lines == (wording.SHOW_HOW.format(kind="tokens", example=example),)
    assert seen.private


@EVERYWHERE
async def test_a_step_goes_on_with_the_same_words(chat: Chat) -> None:
    first = await _shown(chat, Kind.ATTENTION, SENTENCE)
    label = next(label for label in first.buttons if label != wording.OTHER_TEXT)
    seen = await chat.answered(chat.press(first, label))
    before, after = chat.pictures
    assert after.png != before.png
    assert wording.OTHER_TEXT in seen.buttons


@EVERYWHERE
async def test_another_text_is_shown_the_same_way(chat: Chat) -> None:
    first = await _shown(chat, Kind.TOKENS, SENTENCE)
    await chat.answered(await chat.fill(first, wording.OTHER_TEXT, "Wombats"))
    _, picture = chat.pictures
    assert "Wombats" in picture.alt


async def test_a_text_that_cannot_be_shown_is_told_how(chat: Chat) -> None:
    first = await _shown(chat, Kind.TOKENS, SENTENCE)
    seen = await chat.answered(await chat.fill(first, wording.OTHER_TEXT, " | "))
    assert seen.lines[0].startswith("Which words shall I show?")


async def test_a_private_demonstration_can_be_shared(chat: Chat) -> None:
    shown = await chat.answered(chat.command("show", kind="tokens", text=SENTENCE, private=True))
    seen = await chat.answered(chat.press(shown, wording.SHARE))
    assert (shown.private, seen.private) == (True, False)
    assert len(chat.pictures) == 2
    assert chat.pictures[1].place == "general"


async def test_the_picture_of_a_private_one_comes_directly_on_slack(slack: OnSlack) -> None:
    seen = await slack.answered(slack.command("show", kind="tokens", text=SENTENCE, private=True))
    [picture] = slack.pictures
    assert picture.place == DIRECT
    assert wording.PICTURE_APART in seen.lines


@pytest.mark.parametrize(
    "text", ["<!channel> @everyone <@1>", "x" * 1_900, "🦘🦘🦘", "注意力机制", "**bold** `code`"]
)
async def test_any_text_is_shown_or_refused_in_a_line(chat: Chat, text: str) -> None:
    seen = await _shown(chat, Kind.TOKENS, text)
    assert seen.lines
    assert wording.OUT_OF_ORDER not in seen.lines
    assert chat.pings == []


async def _shown(chat: Chat, kind: Kind, text: str) -> Seen:
    return await chat.answered(chat.command("show", kind=kind.value, text=text))
