"""Whatever an answer says, it never pings anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from bot.core.action import Action, Form, Verb
from bot.core.commands import CATALOGUE
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
    SourceLine,
    Sources,
)
from tests.bot.discord.conftest import PacedResponder, says
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Call

Task = asyncio.Task[None]
MENTIONS = (
    "@everyone",
    "@here",
    "<@{person}>",
    "<@!{person}>",
    "<@&{role}>",
    "<#{channel}>",
    "</ask:{role}>",
    "<id:customize>",
    "<id:browse>",
    "<t:1700000000:R>",
    "<:smile:{role}>",
    "https://discord.gg/everyone",
)
DISGUISES = (
    "{0}",
    "\\{0}",
    "\\\\{0}",
    "\u200b{0}\u200b",
    "`{0}`",
    "**{0}**",
    "||{0}||",
    "[{0}]({0})",
    "> {0}",
    "```{0}```",
    "{0}{0}",
    "<{0}>",
    "@{0}",
    "a{0}b",
    "\u202e{0}",
    "\n{0}\n",
    "{0[0]}\u200b{0}",
    "{0[0]}\u00ad{0}",
    "{0[0]}\n{0}",
    "# {0}",
    "-# {0}",
    "- {0}",
    "({0})",
    "‘{0}’",
    "{0} " * 5,
)
FORM = Form("What was wrong?", "What was wrong or missing?")


def hostile(server: DiscordServer) -> list[str]:
    """300 texts that ping somebody where nothing is done against it."""
    ids = {"person": server.ada.id, "role": server.guild, "channel": server.general.id}
    mentions = [mention.format(**ids) for mention in MENTIONS]
    return [disguise.format(mention) for disguise in DISGUISES for mention in mentions]


def saying(texts: list[str], number: int) -> Message:
    """A message that says each of ten texts, in every kind of block in turn."""
    a, b, c, d, e, f, g, h, i, j = texts
    blocks: tuple[Block, ...] = (
        Heading(a),
        Paragraph(b),
        Bullets((c, d)),
        Code(e, "python"),
        Sources((SourceLine(1, f, g, "https://example.org/", h),)),
        Picture(b"PNG", "a.png", i),
        Note(j),
        Buttons((Button(a, Action(Verb.SIMPLER, str(number))),)),
        Buttons((Button(b[:75], Action(Verb.FOLLOW_UP, str(number))),), caption=c),
    )
    return Message(blocks)


def turned(texts: list[str]) -> Iterator[list[str]]:
    """All texts in tens, each text at another place in each of five rounds."""
    for shift in (0, 1, 2, 4, 7):
        for start in range(0, len(texts), 10):
            ten = texts[start : start + 10]
            yield list(islice(cycle(ten), shift, shift + 10))


async def test_nothing_ever_pings(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    texts = hostile(server)
    assert len(set(texts)) == 300
    messages = [saying(ten, number) for number, ten in enumerate(turned(texts))]
    rounds = [messages[start : start + 30] for start in range(0, len(messages), 30)]
    uses = (_mentioned, _in_direct, _by_command, _privately, _corrected)
    for use, shown in zip(uses, rounds, strict=True):
        for first, last in zip(shown[::2], shown[1::2], strict=True):
            await _show(server, responder, use, first, last)
    several_pages = (Paragraph(f"{texts[0]} " * 500), *saying(texts[:10], 1).blocks)
    responder.script = (Message(several_pages),)
    await _pressed(server, responder)
    await server.complete("summary", "topic", "@everyone")
    _assert_nothing_pings(server.calls)
    written = "\n".join("\n".join(post.history) for post in server.posts)
    assert all(" ".join(text.split()) in " ".join(written.split()) for text in texts[:12])


async def _show(
    server: DiscordServer, responder: PacedResponder, use: Any, first: Message, last: Message
) -> None:
    responder.script = (Message(first.blocks, progress=True), last)
    responder.pace = asyncio.Semaphore(1)
    shown = len(server.calls)
    use(server)
    await server.until(lambda: any(_is_shown(call) for call in server.calls[shown:]))
    responder.pace.release()
    responder.pace.release()
    await server.until(lambda: responder.posts)
    responder.posts.clear()
    responder.pace = None


def _mentioned(server: DiscordServer) -> None:
    server.say(f"{server.bot.mention} What is attention?")


def _in_direct(server: DiscordServer) -> None:
    server.say("What is attention?", channel=server.direct(server.ada))


def _by_command(server: DiscordServer) -> None:
    server.command("ask", {"question": "What is attention?"})


def _privately(server: DiscordServer) -> None:
    server.command("ask", {"question": "What is attention?", "private": True})


def _corrected(server: DiscordServer) -> None:
    question = next(said for said in server.said if said.channel == server.general)
    server.edit(question, f"{server.bot.mention} What else?")


async def _pressed(server: DiscordServer, responder: PacedResponder) -> None:
    post = next(post for post in server.posts if post.labels)
    [first, second, *_] = post.labels
    server.press(post, first)
    await server.until(lambda: responder.posts)
    responder.forms = dict.fromkeys(post.codes, FORM)
    await server.submit(server.press(post, second), "@everyone")
    await server.until(lambda: len(responder.posts) == 2)


def _is_shown(call: Call) -> bool:
    return isinstance(call.payload, dict) and "components" in call.payload


def _assert_nothing_pings(calls: list[Call]) -> None:
    shown = [call for call in calls if _is_shown(call)]
    kinds = {(call.method, call.path.split("/")[1]) for call in shown}
    assert kinds == {(m, to) for m in ("POST", "PATCH") for to in ("channels", "webhooks")}
    assert {str(call.payload.get("allowed_mentions")) for call in shown} == {"{'parse': []}"}
    others = [c for c in calls if isinstance(c.payload, dict) and not _is_shown(c)]
    assert not any("allowed_mentions" in str(call.payload) for call in others)
    assert not any("content" in (call.payload.get("data") or {}) for call in others)


async def test_links_are_not_previewed(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    """Discord previews links of plain messages only, and the flag rules those out."""
    responder.script = (says("https://example.org"),)
    server.say(f"{server.bot.mention} Where?")
    server.command("ask", {"question": "Where?"})
    for post in await server.posted(2):
        assert post.flags & 1 << 15


async def test_only_what_is_cited_is_linked(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (
        Message(
            (
                Paragraph("It weighs [1]."),
                Sources((SourceLine(1, "Attention", url="https://example.org/attention"),)),
                Buttons((Button("Simpler", Action(Verb.SIMPLER)),)),
            )
        ),
    )
    server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    assert post.text.count("http") == 1
    assert "(https://example.org/attention)" in post.text


def test_no_description_of_a_command_mentions_anybody() -> None:
    assert not any("@" in f"{c.description} {c.options}" for c in CATALOGUE)
