"""The local Slack refuses what the real one refuses."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.platforms.slack_rules import pings, refusal, view_refusal, visible_text
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_views import TRIGGER_SECONDS

Json = dict[str, Any]


async def call(server: SlackServer, method: str, token: str, **payload: Any) -> Json:
    """Call a method as a client does."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(server.api_url + method, json=payload) as response,
    ):
        answer: Json = await response.json()
        return answer


async def connect(session: aiohttp.ClientSession, url: str) -> aiohttp.ClientWebSocketResponse:
    """Open a socket and take its greeting."""
    socket = await session.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


def markdown(size: int) -> Json:
    return {"type": "markdown", "text": "m" * size}


def section(size: int) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "s" * size}}


def context(count: int, size: int = 1) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "c" * size}] * count}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(name: str = "a", label: int = 5, **fields: Any) -> Json:
    return {"type": "button", "action_id": name, "text": plain("l" * label), "value": "v"} | fields


def actions(*buttons: Json) -> Json:
    return {"type": "actions", "elements": list(buttons)}


def thumbs(value: str = "v") -> Json:
    thumb = {"text": plain("Good"), "value": value}
    pair = {"positive_button": thumb, "negative_button": thumb}
    element = {"type": "feedback_buttons", "action_id": "t", **pair}
    return {"type": "context_actions", "elements": [element]}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"blocks": [actions(*(button(str(n)) for n in range(25)))]}, None),
        ({"blocks": [actions(*(button(str(n)) for n in range(26)))]}, "invalid_blocks"),
        ({"blocks": [actions()]}, "invalid_blocks"),
        ({"blocks": [actions(button(), button())]}, "invalid_blocks"),
        ({"blocks": [actions(button()), actions(button())]}, "invalid_blocks"),
        ({"blocks": [actions(button(label=75))]}, None),
        ({"blocks": [actions(button(label=76))]}, "invalid_blocks"),
        ({"blocks": [actions(button(value="v" * 2_001))]}, "invalid_blocks"),
        ({"blocks": [actions(button(style="blue"))]}, "invalid_blocks"),
        ({"blocks": [thumbs()]}, None),
        ({"blocks": [thumbs("")]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": plain("h" * 150)}]}, None),
        ({"blocks": [{"type": "header", "text": plain("h" * 151)}]}, "invalid_blocks"),
        ({"text": "t", "metadata": {"event_type": "e", "event_payload": {}}}, None),
        ({"text": "t", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
        ({"blocks": [markdown(12_000)]}, None),
        ({"blocks": [markdown(12_001)]}, "msg_too_long"),
        ({"blocks": [markdown(6_000), markdown(6_001)]}, "msg_too_long"),
        ({"blocks": [section(3_000)] * 4}, None),
        ({"blocks": [section(3_000)] * 5}, "msg_blocks_too_long"),
        ({"blocks": [section(3_001)]}, "invalid_blocks"),
        ({"blocks": [context(10)]}, None),
        ({"blocks": [context(11)]}, "invalid_blocks"),
        ({"blocks": [context(1, 3_001)]}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 50}, None),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "fantasy"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "markdown", "text": "# h\n" * 50}]}, None),
        ({"blocks": [{"type": "markdown", "text": "# h\n" * 51}]}, "invalid_blocks"),
        ({"blocks": [markdown(0)]}, "invalid_blocks"),
        ({"text": "t", "markdown_text": "m"}, "markdown_text_conflict"),
        ({"text": ""}, "no_text"),
        ({"text": "t" * 40_001}, "msg_too_long"),
    ],
)
def test_messages_beyond_the_limits_are_refused(payload: Json, code: str | None) -> None:
    assert refusal(payload) == code


def test_an_update_has_less_room_for_text() -> None:
    assert refusal({"text": "t" * 4_001}, update=True) == "msg_too_long"


@pytest.mark.parametrize(
    ("payload", "called"),
    [
        ({"text": "<!channel> <@U1>", "parse": "none"}, ["<!channel>", "<@U1>"]),
        ({"blocks": [{"type": "markdown", "text": "`<!here|here>`"}]}, ["<!here|here>"]),
        ({"text": "&lt;!channel&gt; <https://example.org|there> @here"}, []),
        ({"text": "@here", "link_names": True}, ["@here"]),
        ({"text": "@here", "parse": "full"}, ["@here"]),
        ({"blocks": [actions(button(text=plain("<!here>")))]}, ["<!here>"]),
    ],
)
def test_calls_are_found(payload: Json, called: list[str]) -> None:
    assert pings(payload) == called


def test_people_read_the_blocks_decoded() -> None:
    link = {"type": "mrkdwn", "text": "[1] <https://example.org|Title>"}
    blocks = [{"type": "markdown", "text": "1 &lt; 2"}, {"type": "context", "elements": [link]}]
    assert visible_text({"text": "fallback", "blocks": blocks}) == "1 < 2\n[1] Title"


@pytest.mark.parametrize(
    ("method", "token", "code"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("auth.test", "xapp-local-app-token", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-local-bot-token", "not_allowed_token_type"),
        ("chat.shout", "xoxb-local-bot-token", "unknown_method"),
    ],
)
async def test_tokens_and_methods_are_checked(
    server: SlackServer, method: str, token: str, code: str
) -> None:
    assert await call(server, method, token) == {"ok": False, "error": code}


async def test_an_unknown_message_is_not_updated(server: SlackServer) -> None:
    answer = await call(server, "chat.update", server.bot_token, ts="1.2", text="t")
    assert answer["error"] == "message_not_found"


async def test_an_unknown_channel_is_not_posted_to(server: SlackServer) -> None:
    answer = await call(server, "chat.postMessage", server.bot_token, channel="C0", text="t")
    assert answer["error"] == "channel_not_found"


async def test_a_sockets_address_opens_one_connection(server: SlackServer) -> None:
    url = (await call(server, "apps.connections.open", server.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        await connect(session, url)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


@pytest.mark.parametrize(("seconds", "late"), [(3.0, False), (3.1, True)])
async def test_a_late_acknowledgement_is_noticed(
    server: SlackServer, seconds: float, late: bool
) -> None:
    url = (await call(server, "apps.connections.open", server.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        socket = await connect(session, url)
        said = server.say(f"{server.bot.mention} Hello")
        envelope = await socket.receive_json()
        server.clock.advance(seconds)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        [delivery] = await server.acknowledged(said)
    assert delivery.late is late


async def test_the_address_of_a_command_is_used_up(server: SlackServer) -> None:
    used = server.command("ask", "What is attention?")
    url = used.response_url
    async with aiohttp.ClientSession() as session:
        answers = [await session.post(url, json={"text": "t"}) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [404]
    assert len(server.posts) == 5


async def test_the_address_of_a_command_expires(server: SlackServer) -> None:
    used = server.command("ask", "What is attention?")
    server.clock.advance(1_801)
    async with aiohttp.ClientSession() as session:
        answer = await session.post(used.response_url, json={"text": "t"})
        assert (await answer.json())["error"] == "expired_url"


async def test_what_never_comes_is_an_error(
    server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.platforms.slack_server.PATIENCE", 0.0)
    with pytest.raises(AssertionError, match="never came"):
        await server.posted()


async def announced(server: SlackServer, length: int = 3) -> Json:
    return await call(
        server, "files.getUploadURLExternal", server.bot_token, filename="a.png", length=length
    )


async def uploaded(server: SlackServer, content: bytes) -> tuple[str, int]:
    """The id of a file whose bytes were sent, and how that was answered."""
    told = await announced(server)
    async with (
        aiohttp.ClientSession() as session,
        session.post(told["upload_url"], data=content) as response,
    ):
        return told["file_id"], response.status


async def share(server: SlackServer, file: str, channel: str) -> Json:
    files = json.dumps([{"id": file, "title": "A way"}])
    return await call(
        server,
        "files.completeUploadExternal",
        server.bot_token,
        files=files,
        channel_id=channel,
    )


async def test_a_file_is_announced_uploaded_and_shared(server: SlackServer) -> None:
    file, status = await uploaded(server, b"PNG")
    answer = await share(server, file, server.direct(server.ada).id)
    assert (status, answer) == (200, {"ok": True, "files": [{"id": file, "title": "A way"}]})
    [post] = server.posts
    assert (post.channel, post.files[0].content) == (server.direct(server.ada), b"PNG")


async def test_bytes_that_were_not_announced_are_refused(server: SlackServer) -> None:
    assert (await uploaded(server, b"longer"))[1] == 400


@pytest.mark.parametrize("times", [0, 2])
async def test_a_file_is_shared_once_and_after_its_upload(server: SlackServer, times: int) -> None:
    file = (await uploaded(server, b"PNG"))[0] if times else (await announced(server))["file_id"]
    answers = [await share(server, file, server.general.id) for _ in range(max(times, 1))]
    assert answers[-1]["error"] == "file_not_found"


async def test_a_file_is_shared_in_a_conversation_and_with_no_person(server: SlackServer) -> None:
    file, _ = await uploaded(server, b"PNG")
    assert (await share(server, file, server.ada.id))["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"alt_txt": "x" * 1_001}, "alt_txt_too_large"),
        ({"length": 0}, "invalid_arguments"),
        ({"filename": ""}, "invalid_arguments"),
    ],
)
async def test_what_cannot_be_a_file_is_refused(
    server: SlackServer, change: Json, code: str
) -> None:
    given = {"filename": "a.png", "length": 3} | change
    answer = await call(server, "files.getUploadURLExternal", server.bot_token, **given)
    assert answer["error"] == code


async def test_a_direct_conversation_is_opened_with_a_person(server: SlackServer) -> None:
    opened = await call(server, "conversations.open", server.bot_token, users=server.ada.id)
    assert opened["channel"]["id"] == server.direct(server.ada).id
    nobody = await call(server, "conversations.open", server.bot_token, users="U0")
    assert nobody["error"] == "user_not_found"


class Caller:
    """A client of the pretended Slack's methods."""

    def __init__(self, server: SlackServer) -> None:
        self.server = server

    async def __call__(self, method: str, **payload: Any) -> Json:
        return await call(self.server, method, self.server.bot_token, **payload)

    async def start(self, **changes: Any) -> Json:
        """Start a stream in the channel."""
        given = {"channel": self.server.general.id, "thread_ts": "1.2", "markdown_text": "One."}
        whose = {"recipient_user_id": self.server.ada.id, "recipient_team_id": self.server.team}
        return await self("chat.startStream", **(given | whose | changes))


@pytest.fixture
def ask(server: SlackServer) -> Caller:
    return Caller(server)


async def test_a_stream_grows_until_it_is_stopped(ask: Caller) -> None:
    ts = (await ask.start())["ts"]
    where = {"channel": ask.server.general.id, "ts": ts}
    task = {"type": "task_update", "id": "1", "title": "Reading", "status": "complete"}
    await ask("chat.appendStream", **where, chunks=[task])
    await ask("chat.appendStream", **where, markdown_text=" Two.")
    await ask("chat.stopStream", **where, markdown_text=" Three.", blocks=[context(1)])
    [post] = ask.server.posts
    assert post.text == "One. Two. Three.\nc"
    assert post.tasks == {"Reading": "complete"}
    for method in ("chat.appendStream", "chat.stopStream"):
        answer = await ask(method, **where, markdown_text="More.")
        assert answer["error"] == "message_not_in_streaming_state"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"thread_ts": ""}, "invalid_thread_ts"),
        ({"recipient_user_id": ""}, "missing_recipient_user_id"),
        ({"recipient_team_id": ""}, "missing_recipient_team_id"),
        ({"markdown_text": "m" * 12_001}, "msg_too_long"),
        ({"chunks": [{"type": "markdown_text", "text": "Two."}]}, "markdown_text_conflict"),
        ({"markdown_text": "", "chunks": [{"type": "fantasy"}]}, "invalid_chunks"),
        ({"task_display_mode": "fantasy"}, "invalid_arguments"),
        ({"channel": "C0"}, "channel_not_found"),
    ],
)
async def test_a_stream_that_cannot_be_is_refused(ask: Caller, changes: Json, code: str) -> None:
    assert (await ask.start(**changes))["error"] == code


async def test_in_a_direct_conversation_a_stream_needs_no_recipient(ask: Caller) -> None:
    direct = ask.server.direct(ask.server.ada).id
    answer = await ask.start(channel=direct, recipient_user_id="", recipient_team_id="")
    assert answer["ok"]


async def test_a_stream_belongs_to_who_started_it(ask: Caller) -> None:
    ts = (await ask.start())["ts"]
    ask.server.posts[0].owner = "xoxb-of-another-app"
    where = {"channel": ask.server.general.id, "ts": ts}
    answer = await ask("chat.appendStream", **where, markdown_text="Two.")
    assert answer["error"] == "message_not_owned_by_app"


async def test_a_stream_is_not_updated_while_it_lasts(ask: Caller) -> None:
    ts = (await ask.start())["ts"]
    answer = await ask("chat.update", channel=ask.server.general.id, ts=ts, text="t")
    assert answer["error"] == "streaming_state_conflict"


def modal(**changes: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "words"}
    field = {"type": "input", "block_id": "words", "label": plain("Why?"), "element": element}
    titles = {"title": plain("Why?"), "submit": plain("Send"), "close": plain("Cancel")}
    return {"type": "modal", "callback_id": "form", **titles, "blocks": [field]} | changes


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (modal(), None),
        (modal(title=plain("t" * 24)), None),
        (modal(title=plain("t" * 25)), "invalid_arguments"),
        (modal(private_metadata="m" * 3_001), "invalid_arguments"),
        (modal(blocks=[]), "invalid_arguments"),
        (modal(blocks=[markdown(1)]), "invalid_arguments"),
        ({"type": "home", "blocks": [{"type": "divider"}] * 100}, None),
        ({"type": "home", "blocks": [{"type": "divider"}] * 101}, "invalid_arguments"),
        ({"type": "home", "blocks": [markdown(1)]}, "invalid_arguments"),
        ({"type": "home", "blocks": [thumbs()]}, "invalid_arguments"),
    ],
)
def test_views_beyond_the_limits_are_refused(view: Json, code: str | None) -> None:
    assert view_refusal(view) == code


@pytest.mark.parametrize(
    ("seconds", "times", "code"),
    [
        (TRIGGER_SECONDS, 1, None),
        (TRIGGER_SECONDS + 0.1, 1, "expired_trigger_id"),
        (0.0, 2, "exchanged_trigger_id"),
    ],
)
async def test_a_trigger_opens_one_modal_and_soon(
    ask: Caller, seconds: float, times: int, code: str | None
) -> None:
    used = ask.server.command("ask")
    ask.server.clock.advance(seconds)
    answers = [await ask("views.open", trigger_id=used.id, view=modal()) for _ in range(times)]
    assert answers[-1].get("error") == code


async def test_a_message_with_a_button_is_replaced_unless_told_otherwise(ask: Caller) -> None:
    await ask("chat.postMessage", channel=ask.server.general.id, blocks=[actions(button())])
    [post] = ask.server.posts
    used = ask.server.press(post, "lllll")
    async with aiohttp.ClientSession() as session:
        await session.post(used.response_url, json={"text": "kept", "replace_original": False})
        await session.post(used.response_url, json={"text": "replaced"})
    assert [each.text for each in ask.server.posts] == ["replaced", "kept"]
