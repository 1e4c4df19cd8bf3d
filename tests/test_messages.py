"""The page of all messages in the documents."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.core.action import Action, Verb
from bot.core.messages.message import Button, Buttons, Message, Paragraph
from docs.messages.examples import Example, examples
from docs.messages.page import discord_shows, page, slack_shows

EXAMPLES = examples()
HOSTILE = "<script>alert(1)</script> & <!channel>"


@pytest.fixture
def hostile() -> Example:
    button = Button(HOSTILE, Action(Verb.SIMPLER, "1"))
    return Example("hostile", HOSTILE, Message((Paragraph(HOSTILE), Buttons((button,)))))


async def test_every_example_is_shown_on_both_platforms() -> None:
    drawn = await page(EXAMPLES)
    sections = dict(re.findall(r'<section id="([\w-]+)">(.*?)</section>', drawn, re.DOTALL))
    for example in EXAMPLES:
        assert '<div class="discord">' in sections[example.name]
        assert '<div class="slack">' in sections[example.name]
    assert {"forms", "home"} <= sections.keys()


async def test_the_page_needs_nothing_but_itself() -> None:
    drawn = await page(EXAMPLES)
    assert not re.search(r'<(script|link|iframe)|src="(?!data:image/png;)|url\(|@import', drawn)


async def test_words_are_words_and_no_tags(hostile: Example) -> None:
    for drawn in (await discord_shows(hostile), await slack_shows(hostile)):
        assert drawn.count("alert(1)") == 3
        assert "<script" not in drawn
        assert "<!channel" not in drawn


async def test_a_private_message_says_so(hostile: Example) -> None:
    for shows in (discord_shows, slack_shows):
        assert "Only visible to you" not in await shows(hostile)
        assert "Only visible to you" in await shows(replace(hostile, private=True))
