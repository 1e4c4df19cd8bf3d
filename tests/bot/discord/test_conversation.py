"""What people say to the bot, and what it says back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.core.conversation import Place
from tests.bot.discord.conftest import PacedResponder, says, serving
from tests.platforms.discord_server import DiscordServer

Task = asyncio.Task[None]


async def test_a_mention_is_answered_as_a_reply(server: DiscordServer, surface: Task) -> None:
    said = server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    assert (post.text, post.reply_to, post.channel) == ("Scripted.", said.id, server.general)


async def test_an_utterance_says_who_said_what_where(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    message = server.say(f"{server.bot.mention} What is attention?")
    await server.posted()
    [(_, said)] = responder.heard
    assert said.text == "What is attention?"
    assert said.key == f"discord:{message.id}"
    assert said.asker == f"discord:{server.ada.id}"
    assert said.place == Place("discord", server.guild, server.general.id)
    assert said.addressed
    assert said.reply_to is None


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("<@{bot}> What is a token?", "What is a token?"),
        ("<@!{bot}>, what is a token?", "what is a token?"),
        ("So <@{bot}>, what is a token?", "So, what is a token?"),
        ("What is a token <@{bot}>", "What is a token"),
        ("<@{bot}>", ""),
        ("<@{bot}> does <@{ada}> know? <@!{ada}>", "does @Ada know? @Ada"),
        ("<@{bot}> as said in <#{general}>", "as said in #general"),
        ("<@{bot}> who is <@1>?", "who is <@1>?"),
    ],
)
async def test_mentions_become_words(
    written: str,
    heard: str,
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
) -> None:
    ids = {"bot": server.bot.id, "ada": server.ada.id, "general": server.general.id}
    server.say(written.format(**ids))
    await server.posted()
    assert responder.heard[0][1].text == heard


async def test_a_direct_message_is_answered(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    direct = server.direct(server.ada)
    said = server.say("What is attention?", channel=direct)
    [post] = await server.posted()
    assert (post.channel, post.reply_to) == (direct, said.id)
    assert responder.heard[0][1].place == Place("discord", "", direct.id, direct=True)


async def test_what_is_hidden_is_not_even_heard(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.say("Lunch, anyone?")
    server.say(f"{server.bot.mention} What is attention?")
    await server.posted()
    assert [said.text for _, said in responder.heard] == ["What is attention?"]


async def test_what_is_not_addressed_is_heard_with_the_intent_and_not_answered() -> None:
    async with DiscordServer(message_content=True) as server:
        responder = PacedResponder(noticed=server.notify)
        async with serving(server, responder, discord_message_content=True):
            server.say("Lunch, anyone?")
            said = server.say(f"{server.bot.mention} What is attention?")
            [post] = await server.posted()
    assert post.reply_to == said.id
    assert [said.addressed for _, said in responder.heard] == [False, True]


async def test_a_mention_in_a_thread_is_answered_there_and_tells_both_places(
    server: DiscordServer, responder: PacedResponder
) -> None:
    known = server.thread("known from the beginning")
    async with serving(server, responder):
        new = server.thread("opened later")
        for number, thread in enumerate((known, new), 1):
            server.say(f"{server.bot.mention} What is attention?", channel=thread)
            posts = await server.posted(number)
            assert posts[-1].channel == thread
    assert [said.place for _, said in responder.heard] == [
        Place("discord", server.guild, server.general.id, thread.id) for thread in (known, new)
    ]


@pytest.mark.parametrize(
    ("text", "fields", "to_others"),
    [
        ("<@{bot}> What is a token?", {}, False),
        ("<@{bot}> <@{eve}> What is a token?", {}, True),
        ("<@{bot}> so I, <@{ada}>, ask", {}, False),
        ("<@{bot}> and @everyone", {"mention_everyone": True}, True),
    ],
)
async def test_what_mentions_others_is_said_to_them_too(
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
    text: str,
    fields: dict[str, Any],
    to_others: bool,
) -> None:
    eve = server.person("Eve")
    server.say("Hi", by=eve)
    ids = {"bot": server.bot.id, "ada": server.ada.id, "eve": eve.id}
    server.say(text.format(**ids), **fields)
    await server.posted()
    assert responder.heard[0][1].to_others is to_others


@pytest.mark.parametrize("ping", [True, False])
@pytest.mark.parametrize(("author", "to_others"), [("eve", True), ("ada", False), ("bot", False)])
async def test_a_reply_to_somebody_else_is_said_to_them(
    server: DiscordServer,
    responder: PacedResponder,
    surface: Task,
    author: str,
    to_others: bool,
    ping: bool,
) -> None:
    server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    people = {"eve": server.person("Eve"), "ada": server.ada}
    answered = post if author == "bot" else server.say("It weighs.", by=people[author])
    fields: dict[str, Any] = {} if ping else {"mentions": [server.bot.json()]}
    server.say(f"{server.bot.mention} is that so?", reply_to=answered, **fields)
    await server.posted(2)
    assert responder.heard[-1][1].to_others is to_others


async def test_what_nobody_asked_for_is_answered_without_a_sign_of_the_work() -> None:
    async with DiscordServer(message_content=True) as server:
        responder = PacedResponder(noticed=server.notify, unasked=True)
        responder.script = (says("Searching…", progress=True), says("Found."))
        responder.pace = asyncio.Semaphore(1)
        async with serving(server, responder, discord_message_content=True):
            said = server.say("What is attention?")
            await server.until(lambda: responder.heard)
            await server.complete("summary", "topic", "")  # A round trip: time enough for a sign.
            responder.pace.release()
            responder.pace.release()
            [post] = await server.posted()
    assert (post.history, post.reply_to, server.typing) == (["Found."], said.id, [])


async def test_bots_webhooks_and_system_messages_are_ignored(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    text = f"{server.bot.mention} What is attention?"
    server.say(text, by=server.person("Robot", bot=True))
    server.say(text, webhook_id="1")
    server.say(text, by=server.bot)
    server.say(text, type=7)
    server.say("welcome", channel=server.direct(server.ada), type=6)
    person = server.say(text)
    [post] = await server.posted()
    assert post.reply_to == person.id
    assert len(responder.heard) == 1


async def test_a_reply_to_the_bot_names_the_post_that_it_replies_to(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    server.say("Simpler, please", reply_to=post)
    await server.posted(2)
    said = responder.heard[1][1]
    assert (said.text, said.addressed, said.reply_to) == ("Simpler, please", True, post.id)


async def test_a_reply_to_a_person_names_no_post(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    person = server.say("Attention is about weights.")
    server.say(f"{server.bot.mention} is that so?", reply_to=person)
    await server.posted()
    assert responder.heard[0][1].reply_to is None


async def test_a_reply_without_the_ping_is_not_addressed() -> None:
    async with DiscordServer(message_content=True) as server:
        responder = PacedResponder(noticed=server.notify)
        async with serving(server, responder, discord_message_content=True):
            server.say(f"{server.bot.mention} What is attention?")
            [post] = await server.posted()
            server.say("I see", reply_to=post, mentions=[])
            await server.until(lambda: len(responder.heard) == 2)
    said = responder.heard[1][1]
    assert (said.addressed, said.reply_to) == (False, post.id)


async def test_a_message_delivered_twice_is_heard_twice_under_one_key_and_posted_once(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = server.say(f"{server.bot.mention} What is attention?")
    server.deliver(said)
    await server.until(lambda: len(responder.posts) == 2)
    assert [heard.key for _, heard in responder.heard] == [f"discord:{said.id}"] * 2
    assert len(server.posts) == 1


async def test_other_words_for_the_same_message_are_posted_too(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = (says("Searching…"),)
    said = server.say(f"{server.bot.mention} What is attention?")
    await server.reading("Searching…")
    responder.script = (says("Found."),)
    server.deliver(said)
    await server.reading("Found.")


async def test_the_core_learns_under_which_id_the_reply_stands(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    said = server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    await server.until(lambda: responder.posts)
    assert responder.posts == [(f"discord:{said.id}", (post.id,))]


async def test_nothing_is_posted_if_there_is_nothing_to_say(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.script = ()
    server.say(f"{server.bot.mention} again?")
    await server.until(lambda: responder.heard)
    responder.script = (says("Something."),)
    server.say(f"{server.bot.mention} What is attention?")
    await server.reading("Something.")
    assert len(server.posts) == 1


async def test_people_see_that_the_bot_is_typing(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    server.say(f"{server.bot.mention} What is attention?")
    await server.until(lambda: server.typing == [server.general.id])
    assert not server.posts


async def test_a_failure_to_show_typing_is_no_failure(server: DiscordServer, surface: Task) -> None:
    server.fail("POST", "/typing", status=403)
    server.say(f"{server.bot.mention} What is attention?")
    assert (await server.posted())[0].text == "Scripted."


async def test_a_private_reply_to_a_mention_is_a_direct_message(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.private = True
    server.say(f"{server.bot.mention} What is attention?")
    [post] = await server.posted()
    assert (post.channel, post.reply_to) == (server.direct(server.ada), None)


async def test_one_slow_reply_holds_up_nobody(
    server: DiscordServer, responder: PacedResponder, surface: Task
) -> None:
    responder.pace = asyncio.Semaphore(0)
    server.say(f"{server.bot.mention} slow")
    await server.until(lambda: len(server.typing) == 1)
    responder.pace = None
    quick = server.say(f"{server.bot.mention} quick", channel=server.direct(server.ada))
    [post] = await server.posted()
    assert post.reply_to == quick.id
