"""Slack's notation and events, read."""

from __future__ import annotations

import pytest

from bot.slack.access import Bot
from bot.slack.parsing import Payload, parse_message, readable

BOT = Bot(team="T1", user="U1BOT", id="B1")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("<@U1BOT> What is attention?", "What is attention?"),
        ("<@U1BOT|explainer>, what is attention?", "what is attention?"),
        ("What is <@U1BOT> attention?", "What is attention?"),
        ("What is attention? <@U1BOT>", "What is attention?"),
        ("<@U1BOT>", ""),
        ("<@U1BOTTLE> said so", "@U1BOTTLE said so"),
        ("<@U2> and <@U3|grace>", "@U2 and @grace"),
        ("in <#C1|general> or <#C2>", "in #general or #C2"),
        ("<!here> <!channel> <!everyone|everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@team> <!subteam^S1>", "@team @S1"),
        ("<!date^1700000000^{date}|14 November>", "14 November"),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"),
        ("see <https://example.org|the paper>", "see the paper"),
        ("<mailto:ada@example.org|ada@example.org>", "ada@example.org"),
        ("<mailto:ada@example.org>", "ada@example.org"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt; is an entity", "&lt; is an entity"),
        ("&lt;@U1BOT&gt; as text", "<@U1BOT> as text"),
        ("<@U1BOT> why?\n```\nif a:\n    b()\n```", "why?\n```\nif a:\n    b()\n```"),
    ],
)
def test_texts_are_read_as_they_were_typed(raw: str, words: str) -> None:
    assert readable(raw, BOT) == words


def event(**fields: object) -> Payload:
    plain = {"type": "message", "user": "U2", "text": "Hi", "ts": "1.2", "channel": "C1"}
    return plain | fields


def test_the_workspace_that_the_app_is_in_names_a_message_of_a_shared_channel() -> None:
    heard = parse_message(event(team="T2", user_team="T2"), BOT)
    assert heard is not None
    assert heard.said.key == "slack:T1:C1:1.2"
    assert heard.address.team == "T2"


def test_an_app_mention_is_addressed_however_it_is_written() -> None:
    heard = parse_message(event(type="app_mention"), BOT)
    assert heard is not None
    assert heard.said.addressed


@pytest.mark.parametrize("user", [None, "USLACKBOT", "U1BOT"])
def test_only_people_are_heard(user: str | None) -> None:
    assert parse_message(event(user=user, channel="D1"), BOT) is None
