"""Whatever a text contains, nobody is called."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from bot.core.action import Action, Form, Verb
from bot.core.messages.message import (
    Block,
    Bullets,
    Button,
    Buttons,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    Picture,
    Rating,
    SourceLine,
    Sources,
)
from bot.slack.interactions import Pressed
from bot.slack.parsing import Address
from bot.slack.rendering import render
from bot.slack.views import form_view, home_view
from tests.bot.slack.serving import Listener, Live, Serve, paragraph
from tests.platforms.slack_rules import blocks_refusal, called, pings, view_refusal
from tests.platforms.slack_server import SlackServer

TOKENS = [
    "<!channel>",
    "<!here>",
    "<!everyone>",
    "<!channel|channel>",
    "<!here|@here>",
    "<!CHANNEL>",
    "<!subteam^S012AB3CD>",
    "<!subteam^S012AB3CD|@team>",
    "<@U012AB3CD>",
    "<@W012AB3CD>",
    "<@U012AB3CD|ada>",
    "<#C012AB3CD|general>",
]
PLACES = [
    "{}",
    "Look, {}!",
    "`{}`",
    "``{}``",
    "``` {} ```",
    "```\n{}\n```",
    "` {}",
    "`` ` {}",
    "\\`{}\\`",
    "**{}**",
    "~~{}~~",
    "*{}*",
    "> {}",
    "| {} |\n|---|\n| {} |",
    "[{}](https://example.org)",
    "[a]({})",
    "[a](https://example.org/{})",
    "[a](https://example.org '{}')",
    "![{}](https://example.org/a.png)",
    "<https://example.org|{}>",
    "<{}>",
    "<<{}>>",
    "&lt;{}&gt; {}",
    "# {}",
]
OTHERS = [
    "< !channel>",
    "<\n!channel>",
    "<! channel>",
    "<!group>",
    "<!date^1392734382^{date}^https://example.org|soon>",
    "< @U012AB3CD>",
    "@channel",
    "@here and @everyone",
    "\\<!channel\\>",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;",
    "&#60;!channel&#62;",
    "<!chan\u200bnel>",
    "＜!channel＞",
    "<!channel>" * 2_000,
    "x" * 5_249 + "<!channel>",
    "`" + "x" * 10_480 + "<!channel>`",
]
HOSTILE = [place.replace("{}", token) for place, token in product(PLACES, TOKENS)] + OTHERS


def test_there_are_at_least_three_hundred_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 300


def blocks_with(text: str) -> tuple[Block, ...]:
    """The text in every place where a text can stand."""
    line = SourceLine(1, text, text, f"https://example.org/{text}", text, f"http://e.org/{text}")
    return (
        Heading(text),
        Paragraph(text),
        Bullets((text, f"a {text} b")),
        Code(text, text),
        Note(text),
        Sources((line, SourceLine(2, text, url=text))),
        Buttons((Button(text, Action(Verb.FOLLOW_UP, "7", "1")),), text),
        Picture(b"PNG", "a.png", text),
        Rating(Action(Verb.GOOD), Action(Verb.BAD)),
    )


def strings(value: object) -> Iterator[str]:
    """Every string in a view, of rich text only what is no mere text."""
    match value:
        case {"type": "text" | "link"}:
            return
        case dict():
            for each in value.values():
                yield from strings(each)
        case list() | tuple():
            for each in value:
                yield from strings(each)
        case str():
            yield value


def calls_of(view: dict[str, Any]) -> list[str]:
    """Whatever in a view calls somebody."""
    return called(list(strings(view))) + pings(view)


@pytest.mark.parametrize("place", range(9))
def test_no_text_of_a_message_calls_anybody(place: int) -> None:
    for text in HOSTILE:
        for page in render(Message((blocks_with(text)[place],))):
            blocks = list(page.blocks)
            payload = {"text": page.text, "blocks": blocks, "parse": "none"}
            assert (pings(payload), blocks_refusal(blocks)) == ([], None), text[:99]


def test_no_text_of_a_growing_message_calls_anybody() -> None:
    for text in HOSTILE:
        grown = [page.opening for n in range(len(text[:400]) + 1)
                 for page in render(Message((Paragraph(text[:n]),)))[:1]]  # fmt: skip
        assert called(grown) == [], text


def test_no_text_at_home_calls_anybody() -> None:
    for text in HOSTILE:
        view = home_view(Message(blocks_with(text)))
        assert (calls_of(view), view_refusal(view)) == ([], None), text[:99]


def test_no_text_of_a_form_calls_anybody() -> None:
    pressed = Pressed(Action(Verb.BAD, "7"), "1", Address("C1", "U1", "T1"))
    for text in HOSTILE:
        view = form_view(Form(text, text, text), pressed)
        assert (calls_of(view), view_refusal(view)) == ([], None), text[:99]


@pytest.mark.parametrize("streaming", [True, False])
async def test_no_answer_calls_anybody(server: SlackServer, serve: Serve, streaming: bool) -> None:
    if not streaming:
        server.refuse("chat.startStream", "unknown_method")
        server.refuse("assistant.threads.setStatus", "unknown_method")
    responder = Live()
    async with serve(responder, pause=0.0):
        for answered, text in enumerate(HOSTILE[::12], 1):
            server.say(f"{server.bot.mention} Repeat after me.")
            responder.say(paragraph(f"{text[:60]} looking for {answered} …", progress=True))
            await server.until(responder.lines.empty)
            responder.say(Message((Paragraph(f"{answered}: {text}"),)))
            await server.reading(f"{answered}: ")
            responder.say(Message((Paragraph(f"{answered}: {text}"), *blocks_with(text))), None)
            await server.until(lambda: len(responder.posts) == len(responder.heard))
    assert [post.pings for post in server.posts] == [[]] * len(server.posts)
    assert called([status for *_, status in server.statuses]) == []
    alts = [file.alt for post in server.posts for file in post.files]
    assert (len(alts), called(alts)) == (len(HOSTILE[::12]), [])


async def test_no_answer_to_a_command_calls_anybody(server: SlackServer, serve: Serve) -> None:
    responder = Listener(script=(Message(blocks_with("<!channel> @here <@U012AB3CD>")),))
    async with serve(responder):
        server.command("ask")
        [post, *_] = await server.posted(2)
    assert "<!channel>" in post.text
    assert [each.pings for each in server.posts] == [[], []]
