"""Messages: what is heard, and where it is answered."""

from __future__ import annotations

import pytest

from bot.core.conversation import Place, Utterance
from bot.core.reply import Reply
from bot.core.request import Address
from tests.bot.slack.serving import Listener, Live, Serve, paragraph
from tests.platforms.slack_server import SlackServer
from tests.scripted_responder import NOWHERE


async def test_a_mention_is_answered_in_its_thread(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        said = server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
    assert (post.text, post.channel, post.thread) == ("Scripted.", server.general, said.id)


async def test_a_mention_in_a_thread_is_answered_there(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        root = server.say("Let us talk about attention.")
        server.say(f"{server.bot.mention} What is it?", reply_to=root)
        [post] = await server.posted()
    assert post.thread == root.id


async def test_a_direct_message_is_answered_below_it(server: SlackServer, serve: Serve) -> None:
    direct = server.direct(server.ada)
    async with serve(Listener()):
        said = server.say("What is attention?", channel=direct)
        [post] = await server.posted()
    assert (post.channel, post.thread) == (direct, said.id)


async def test_a_message_becomes_an_utterance(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    async with serve(responder):
        said = server.say(f"{server.bot.mention}: Is A < B & C?")
        await server.posted()
    [(verb, utterance)] = responder.heard
    assert verb == "hear"
    assert utterance.key == f"slack:{server.team}:{server.general.id}:{said.id}"
    assert utterance.text == "Is A < B & C?"
    assert utterance.asker == f"slack:{server.team}:{server.ada.id}"
    assert utterance.place == Place("slack", server.team, server.general.id, said.id)
    assert utterance.addressed


async def test_a_direct_conversation_is_one_place(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    direct = server.direct(server.ada)
    async with serve(responder):
        said = server.say("What is attention?", channel=direct)
        server.say("And self-attention?", channel=direct, reply_to=said)
        await server.posted(2)
    places = {utterance.text: utterance.place for _, utterance in responder.heard}
    whole = Place("slack", server.team, direct.id, direct=True)
    thread = Place("slack", server.team, direct.id, said.id, direct=True)
    assert places == {"What is attention?": whole, "And self-attention?": thread}


async def test_both_events_of_a_mention_are_heard_under_one_key(
    server: SlackServer, serve: Serve
) -> None:
    server.subscriptions.add("message.channels")
    responder = Listener()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        await server.posted(2)
    first, second = (utterance for _, utterance in responder.heard)
    assert first == second
    assert first.addressed


async def test_a_repeated_delivery_is_heard_again(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    async with serve(responder):
        said = server.say(f"{server.bot.mention} What is attention?")
        server.deliver(said, retry=1)
        await server.posted(2)
    assert len({utterance.key for _, utterance in responder.heard}) == 1


async def test_a_message_of_which_only_a_repetition_arrives_is_answered(
    server: SlackServer, serve: Serve
) -> None:
    server.subscriptions = set()
    async with serve(Listener()):
        said = server.say(f"{server.bot.mention} What is attention?")
        server.subscriptions = {"app_mention"}
        server.deliver(said, retry=3)
        assert await server.posted()


async def test_what_is_not_addressed_is_heard_and_not_answered(
    server: SlackServer, serve: Serve
) -> None:
    server.subscriptions = {"message.channels"}
    responder = Listener()
    async with serve(responder):
        server.say("Lunch?")
        server.say(f"{server.bot.mention} What is attention?")
        posts = await server.posted()
        await server.until(lambda: len(responder.heard) == 2)
    assert [utterance.addressed for _, utterance in responder.heard] == [False, True]
    assert len(posts) == 1


async def test_a_reply_to_the_bot_names_what_it_replies_to(
    server: SlackServer, serve: Serve
) -> None:
    server.subscriptions.add("message.channels")
    responder = Listener()
    async with serve(responder):
        server.command("topics")
        [post] = await server.posted()
        server.say("Thank you!", reply_to=post)
        await server.until(lambda: "Thank you!" in responder.words)
    assert responder.last.reply_to == post.id


@pytest.mark.parametrize(
    "subtype", ["message_changed", "message_deleted", "channel_join", "bot_message", "me_message"]
)
async def test_other_kinds_of_messages_are_ignored(
    server: SlackServer, serve: Serve, subtype: str
) -> None:
    responder = Listener()
    direct = server.direct(server.ada)
    async with serve(responder):
        server.say("What is attention?", channel=direct, subtype=subtype)
        server.say("What is a token?", channel=direct)
        await server.posted()
    assert responder.words == ["What is a token?"]


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
async def test_plain_kinds_of_messages_are_answered(
    server: SlackServer, serve: Serve, subtype: str
) -> None:
    async with serve(Listener()):
        server.say("What is attention?", channel=server.direct(server.ada), subtype=subtype)
        assert await server.posted()


async def test_other_bots_are_ignored(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    other = server.person("Other", bot=True)
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?", by=other)
        server.say(f"{server.bot.mention} What is a token?")
        await server.posted()
    assert responder.words == ["What is a token?"]


async def test_the_bot_does_not_hear_itself(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    direct = server.direct(server.ada)
    async with serve(responder):
        server.say("What is attention?", channel=direct)
        await server.posted()
        server.say("What is a token?", channel=direct)
        await server.posted(2)
    assert responder.words == ["What is attention?", "What is a token?"]


async def test_the_core_learns_where_the_answer_stands(server: SlackServer, serve: Serve) -> None:
    responder = Listener()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
        await server.until(lambda: responder.posts)
    [(_, utterance)] = responder.heard
    assert responder.posts == [(utterance.key, (post.id,))]


async def test_a_reply_without_a_message_says_nothing(server: SlackServer, serve: Serve) -> None:
    responder = Listener(script=())
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        await server.until(lambda: responder.posts)
    assert not server.posts
    assert [ids for _, ids in responder.posts] == [()]


async def test_a_private_reply_is_seen_by_the_asker_alone(
    server: SlackServer, serve: Serve
) -> None:
    responder = Listener(private=True)
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
        await server.until(lambda: responder.posts)
    assert post.ephemeral
    assert post.payload["user"] == server.ada.id
    assert responder.posts[0][1] == ()


async def test_a_private_reply_in_a_direct_conversation_is_a_plain_one(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(Listener(private=True)):
        server.say("What is attention?", channel=server.direct(server.ada))
        [post] = await server.posted()
    assert not post.ephemeral


@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
async def test_messages_of_every_kind_of_channel_are_heard(
    server: SlackServer, serve: Serve, kind: str
) -> None:
    server.subscriptions = {"message.channels", "message.groups", "message.mpim"}
    responder = Listener()
    async with serve(responder):
        server.say("Lunch?", channel=server.channel("lunch", kind))
        await server.until(lambda: responder.heard)
    assert (responder.last.addressed, responder.last.place.direct) == (False, False)


@pytest.mark.parametrize(
    ("text", "to_others"),
    [
        ("<@U1BOT> What is attention?", False),
        ("<@U1BOT> What does <@U2> mean?", True),
        ("<@U2> What do you think?", True),
        ("<@U2|grace>: lunch?", True),
        ("<!subteam^S1|@team> look", True),
        ("<!here> look", True),
        ("<#C1|general> and <https://example.org>", False),
    ],
)
async def test_what_mentions_other_people_is_said_to_others(
    server: SlackServer, serve: Serve, text: str, to_others: bool
) -> None:
    server.subscriptions = {"message.channels"}
    responder = Listener()
    async with serve(responder):
        server.say("", text=text.replace("U1BOT", server.bot.id))
        await server.until(lambda: responder.heard)
    assert responder.last.to_others is to_others


async def test_what_nobody_asked_for_is_answered_without_a_sign_of_work(
    server: SlackServer, serve: Serve
) -> None:
    class Unasked(Live):
        async def hear(self, said: Utterance, address: Address = NOWHERE) -> Reply | None:
            await super().hear(said, address)
            return Reply(self._messages(), unasked=True)

    server.subscriptions = {"message.channels"}
    responder = Unasked()
    async with serve(responder, pause=0.0):
        server.say("Does anybody know what attention is?")
        responder.say(paragraph("Looking …", progress=True), paragraph("An"))
        await server.until(responder.lines.empty)
        responder.say(paragraph("An answer."), None)
        [post] = await server.posted()
    assert post.history == ["An answer."]
    assert [call.method for call in server.calls if "chat" in call.method] == ["chat.postMessage"]
    assert server.statuses == [(server.general.id, post.thread, "")]


async def test_an_answer_carries_the_key_of_what_it_answers(
    server: SlackServer, serve: Serve
) -> None:
    responder = Listener()
    async with serve(responder):
        server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
    told = {"event_type": "explainer_answer", "event_payload": {"key": responder.last.key}}
    assert post.payload["metadata"] == told


async def test_a_thread_is_never_read_from_slack(server: SlackServer, serve: Serve) -> None:
    server.subscriptions.add("message.channels")
    async with serve(Listener()):
        said = server.say(f"{server.bot.mention} What is attention?")
        server.say(f"{server.bot.mention} And self-attention?", reply_to=said)
        [post, *_] = await server.posted(4)
        server.use_menu(post, "explain")
        await server.posted(5)
    methods = {call.method for call in server.calls}
    assert methods <= {"auth.test", "apps.connections.open", "chat.postMessage"}


async def test_nothing_is_unfurled_or_linked_by_name(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        server.say(f"{server.bot.mention} What is attention?")
        [post] = await server.posted()
    payload = post.payload
    assert (payload["unfurl_links"], payload["unfurl_media"]) == (False, False)
    assert (payload["link_names"], payload["parse"]) == (False, "none")


async def test_events_are_acknowledged_before_the_work(server: SlackServer, serve: Serve) -> None:
    with server.holding("chat.postMessage"):
        async with serve(Listener()):
            said = server.say(f"{server.bot.mention} What is attention?")
            [delivery] = await server.acknowledged(said)
            assert not delivery.late
            assert not server.posts


async def test_a_new_socket_takes_over_when_slack_asks_for_it(
    server: SlackServer, serve: Serve
) -> None:
    async with serve(Listener()):
        server.ask_to_reconnect()
        await server.connected(2)
        server.say(f"{server.bot.mention} What is attention?")
        assert await server.posted()


async def test_a_lost_socket_is_replaced(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        await server.cut()
        await server.connected(2)
        server.say(f"{server.bot.mention} What is attention?")
        assert await server.posted()


async def test_the_socket_is_closed_at_the_end(server: SlackServer, serve: Serve) -> None:
    async with serve(Listener()):
        assert server.online
    await server.until(lambda: not server.online)
