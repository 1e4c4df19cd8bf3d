"""Whatever a text contains, nobody is called."""

from __future__ import annotations

import pytest

from bot.core.message import (
    Block,
    Bullets,
    Code,
    Heading,
    Message,
    Note,
    Paragraph,
    SourceLine,
    Sources,
)
from bot.slack.rendering import render
from tests.bot.slack.conftest import Listener, Live, Serve
from tests.platforms.slack_rules import pings
from tests.platforms.slack_server import SlackServer

HOSTILE = [
    "<!channel>",
    "<!here>",
    "<!everyone>",
    "<!channel|channel>",
    "<!here|here>",
    "<!CHANNEL>",
    "< !channel>",
    "<\n!channel>",
    "<! channel>",
    "<!group>",
    "<!subteam^S012AB3CD>",
    "<!subteam^S012AB3CD|@team>",
    "<!date^1392734382^{date}^https://example.org|soon>",
    "<@U012AB3CD>",
    "<@W012AB3CD>",
    "<@U012AB3CD|ada>",
    "< @U012AB3CD>",
    "<#C012AB3CD>",
    "<#C012AB3CD|general>",
    "@channel",
    "@here and @everyone",
    "`<!channel>`",
    "``<!channel>``",
    "``` <!channel> ```",
    "```\n<!channel>\n```",
    "` <!channel>",
    "`` ` <!channel>",
    "\\`<!channel>\\`",
    "\\<!channel\\>",
    "[<!channel>](https://example.org)",
    "[a](<!channel>)",
    "[a](https://example.org/<!channel>)",
    "[a](https://example.org '<!channel>')",
    "![<!channel>](https://example.org/a.png)",
    "<https://example.org|<!channel>>",
    "<<!channel>>",
    "<<<@U012AB3CD>>>",
    "**<!channel>**",
    "~~<@U012AB3CD>~~",
    "> <!channel>",
    "| <!channel> |\n|---|\n| <@U012AB3CD> |",
    "&lt;!channel&gt; <!channel>",
    "<!channel>" * 2_000,
    "x" * 5_249 + "<!channel>",
    "`" + "x" * 10_480 + "<!channel>`",
]


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
    )


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:24])
@pytest.mark.parametrize("place", range(6))
def test_no_text_calls_anybody(text: str, place: int) -> None:
    for page in render(Message((blocks_with(text)[place],))):
        payload = {"text": page.text, "blocks": list(page.blocks), "parse": "none"}
        assert pings(payload) == []


async def test_no_message_calls_anybody(server: SlackServer, serve: Serve) -> None:
    responder = Live()
    async with serve(responder, pause=0.0):
        for answered, text in enumerate(HOSTILE, 1):
            server.say(f"{server.bot.mention} Repeat after me.")
            responder.say(Message((Paragraph(f"@here: looking for {answered} …"),), progress=True))
            await server.reading(f"@here: looking for {answered} …")
            responder.say(Message(blocks_with(text)), None)
            await server.until(lambda: len(responder.posts) == len(responder.heard))
    assert len(responder.posts) == len(HOSTILE)
    assert [post.pings for post in server.posts] == [[]] * len(server.posts)


async def test_no_answer_to_a_command_calls_anybody(server: SlackServer, serve: Serve) -> None:
    responder = Listener(script=(Message(blocks_with("<!channel> @here <@U012AB3CD>")),))
    async with serve(responder):
        server.command("reindex")
        [post] = await server.posted()
    assert "<!channel>" in post.text
    assert post.pings == []
