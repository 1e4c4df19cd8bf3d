"""The pretended Slack's Web API, and the addresses at which interactions are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.platforms.slack_files import Files
from tests.platforms.slack_history import History
from tests.platforms.slack_rules import SlackRefusalError, pings, refusal, visible_text
from tests.platforms.slack_socket import Socket
from tests.platforms.slack_streams import Streams
from tests.platforms.slack_views import Views
from tests.platforms.slack_world import Call, Channel, Invocation, Json, Post, World

RESPONSE_USES = 5
RESPONSE_SECONDS = 1_800.0


@dataclass(frozen=True)
class Fault:
    """What happens to the next call of a method instead of what it asks for.

    Args:
        method: the method, ``response_url`` for answers to interactions, ``upload`` for the bytes
            of a file.
        status: the HTTP status; ``None`` cuts the connection.
        retry_after: the header of that name.
        late: whether the call is obeyed all the same, and only its answer is lost.
    """

    method: str
    status: int | None
    retry_after: str | None = None
    late: bool = False


class Api:
    """The HTTP side.

    Args:
        world: what exists.
        socket: for which addresses are given out.
        tokens: the bot's and the app's, which are accepted.
    """

    def __init__(self, world: World, socket: Socket, tokens: tuple[str, str]) -> None:
        self._world = world
        self._socket = socket
        self._bot_token, self._app_token = tokens
        self.files = Files(world)
        self._streams = Streams(world, self._channel)
        views = Views(world)
        history = History(world, self._channel)
        self._methods: dict[str, Callable[[Json], Json]] = {
            "apps.connections.open": self._open_connection,
            "assistant.threads.setStatus": views.set_status,
            "assistant.threads.setSuggestedPrompts": views.set_prompts,
            "assistant.threads.setTitle": views.set_title,
            "auth.test": self._test,
            "chat.appendStream": self._append,
            "chat.startStream": self._start,
            "chat.stopStream": self._stop,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.history": history.history,
            "conversations.open": self._open_direct,
            "conversations.replies": history.replies,
            "files.getUploadURLExternal": self.files.announce,
            "files.completeUploadExternal": self._share,
            "users.info": views.person,
            "views.open": views.open,
            "views.publish": views.publish,
        }
        self.refused: dict[str, str] = {}
        self.socket_url = ""
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.listeners: list[Callable[[Post], None]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a call of a method."""
        name = request.match_info["method"]
        payload = await _payload(request)
        fault = await self._noted(name, payload)
        if fault is not None and not fault.late:
            return _failed(fault, request)
        try:
            self._authenticate(name, request.headers.get("Authorization", ""))
            if name not in self._methods or name in self.refused:
                raise SlackRefusalError(self.refused.get(name, "unknown_method"))
            answer = {"ok": True, **self._methods[name](payload)}
        except SlackRefusalError as error:
            answer = {"ok": False, "error": str(error)}
        self._world.changes.notify()
        return web.json_response(answer) if fault is None else _failed(fault, request)

    async def respond(self, request: web.Request) -> web.Response:
        """Take an answer to an interaction."""
        payload = await _payload(request)
        if (fault := await self._noted("response_url", payload)) is not None:
            return _failed(fault, request)
        invocation = self._world.invocations.get(request.match_info["trigger"])
        error = _response_refusal(invocation, self._world.clock.now) or refusal(payload)
        if invocation is None or error is not None:
            return web.json_response({"ok": False, "error": error}, status=404)
        invocation.uses += 1
        private = payload.get("response_type", "ephemeral") == "ephemeral"
        if invocation.source is not None and payload.get("replace_original", True):
            self._write(invocation.source, payload, "none")
        else:
            self._stand(payload, invocation.channel, ephemeral=private)
        self._world.changes.notify()
        return web.Response(text="ok")

    async def receive(self, request: web.Request) -> web.Response:
        """Take the bytes of a file."""
        if (fault := await self._noted("upload", {})) is not None:
            return _failed(fault, request)
        return await self.files.receive(request)

    async def _noted(self, method: str, payload: Json) -> Fault | None:
        self.calls.append(Call(method, payload))
        self._world.changes.notify()
        if method in self.gates:
            await self.gates[method].wait()
        fault = next((fault for fault in self.faults if fault.method == method), None)
        if fault is not None:
            self.faults.remove(fault)
        return fault

    def _authenticate(self, method: str, header: str) -> None:
        right, wrong = self._bot_token, self._app_token
        if method == "apps.connections.open":
            right, wrong = wrong, right
        token = header.removeprefix("Bearer ")
        if not token:
            raise SlackRefusalError("not_authed")
        if token == wrong:
            raise SlackRefusalError("not_allowed_token_type")
        if token != right:
            raise SlackRefusalError("invalid_auth")

    def _test(self, payload: Json) -> Json:
        bot = self._world.bot
        answer = {"team_id": self._world.team, "user_id": bot.id}
        is_bot = self._bot_token.startswith("xoxb-")
        return answer | {"bot_id": bot.bot_id} if is_bot else answer

    def _open_connection(self, payload: Json) -> Json:
        return {"url": f"{self.socket_url}?ticket={self._socket.issue_ticket()}"}

    def _post(self, payload: Json) -> Json:
        _check(payload)
        channel = self._channel(payload)
        if not channel.joined:
            raise SlackRefusalError("not_in_channel")
        post = self._stand(payload, channel, thread=payload.get("thread_ts"))
        return self._published(post)

    def _start(self, payload: Json) -> Json:
        return self._published(self._streams.start(payload, self._bot_token))

    def _append(self, payload: Json) -> Json:
        post = self._streams.append(payload, self._bot_token)
        return {"channel": post.channel.id, "ts": post.id}

    def _stop(self, payload: Json) -> Json:
        post = self._streams.stop(payload, self._bot_token)
        return {"channel": post.channel.id, "ts": post.id}

    def _published(self, post: Post) -> Json:
        if post.thread is not None:
            self._world.statuses.append((post.channel.id, post.thread, ""))
        for listener in self.listeners:
            listener(post)
        return {"channel": post.channel.id, "ts": post.id}

    def _whisper(self, payload: Json) -> Json:
        _check(payload)
        if not payload.get("user") or not self._channel(payload).joined:
            raise SlackRefusalError("user_not_in_channel")
        post = self._stand(
            payload, self._channel(payload), thread=payload.get("thread_ts"), ephemeral=True
        )
        return {"message_ts": post.id}

    def _update(self, payload: Json) -> Json:
        _check(payload, update=True)
        post = self._world.posts.get(payload.get("ts", ""))
        if post is None or post.deleted or post.ephemeral:
            raise SlackRefusalError("message_not_found")
        if post.streaming:
            raise SlackRefusalError("streaming_state_conflict")
        if payload.get("channel") != post.channel.id:
            raise SlackRefusalError("channel_not_found")
        self._write(post, payload, "client")
        return {"channel": post.channel.id, "ts": post.id}

    def _delete(self, payload: Json) -> Json:
        post = self._world.posts.get(payload.get("ts", ""))
        if post is None or post.deleted or post.ephemeral:
            raise SlackRefusalError("message_not_found")
        post.deleted = True
        return {"channel": post.channel.id, "ts": post.id}

    def _open_direct(self, payload: Json) -> Json:
        person = self._world.people.get(payload.get("users") or "")
        if person is None:
            raise SlackRefusalError("user_not_found")
        return {"channel": {"id": self._world.direct_channel(person).id}}

    def _share(self, payload: Json) -> Json:
        post, answer = self.files.share(payload)
        for listener in self.listeners:
            listener(post)
        return answer

    def _channel(self, payload: Json) -> Channel:
        place = payload.get("channel", "")
        if person := self._world.people.get(place):
            return self._world.direct_channel(person)
        channel = self._world.channels.get(place)
        if channel is None:
            raise SlackRefusalError("channel_not_found")
        return channel

    def _stand(
        self, payload: Json, channel: Channel, thread: str | None = None, ephemeral: bool = False
    ) -> Post:
        post = Post(self._world.ts(), channel, self._world.bot, thread, ephemeral)
        self._write(post, payload, "none")
        self._world.posts[post.id] = post
        return post

    def _write(self, post: Post, payload: Json, parsed: str) -> None:
        post.payload = payload
        post.text = visible_text(payload)
        post.history.append(post.text)
        post.pings += pings(payload, parsed)


def _check(payload: Json, update: bool = False) -> None:
    if (error := refusal(payload, update)) is not None:
        raise SlackRefusalError(error)


def _response_refusal(invocation: Invocation | None, now: float) -> str | None:
    if invocation is None:
        return "no_such_url"
    if invocation.uses >= RESPONSE_USES:
        return "used_url"
    return "expired_url" if now - invocation.issued > RESPONSE_SECONDS else None


def _failed(fault: Fault, request: web.Request) -> web.Response:
    if fault.status is None:
        assert request.transport is not None
        request.transport.close()
        return web.Response()
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    code = "ratelimited" if fault.status == 429 else "internal_error"
    body = {"ok": False, "error": code}
    return web.json_response(body, status=fault.status, headers=headers)


async def _payload(request: web.Request) -> Json:
    if request.content_type == "application/json":
        payload: Json = await request.json()
        return payload
    return {**request.query, **await request.post()}
