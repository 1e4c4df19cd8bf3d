"""The HTTP API of the pretended Discord."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.platforms.discord_command_rules import check_choices, check_commands
from tests.platforms.discord_components import Json
from tests.platforms.discord_gateway import Gateway
from tests.platforms.discord_rules import (
    UPLOAD_BYTES,
    ApiError,
    check_attachments,
    check_form,
    check_message,
    check_nonce,
)
from tests.platforms.discord_world import (
    EPHEMERAL,
    Attachment,
    Call,
    Channel,
    Interaction,
    Post,
    Said,
    World,
    deletion_json,
)

ACKNOWLEDGE_WITHIN = 3
TOKEN_LASTS = 15 * 60
ANSWERS = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}
"""Which types of answers fit which kind of interaction."""
PAYLOAD: web.RequestKey[Any] = web.RequestKey("payload", object)
FILES = web.RequestKey("files", dict[str, FileField])
_FILE = re.compile(r"^files\[(\d+)\]$")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Fault:
    """An error for the next request whose method and path fit."""

    method: str
    path_part: str
    error: ApiError


class Api:
    """Serves the HTTP API.

    Args:
        world: what exists.
        gateway: tells the client what came of its requests.
        token: the only token that is accepted.
    """

    def __init__(self, world: World, gateway: Gateway, token: str) -> None:
        self._world, self._gateway, self._token = world, gateway, token
        self.calls: list[Call] = []
        self.typing: list[str] = []
        self.faults: list[Fault] = []
        self.unanswered: list[tuple[str, str]] = []
        self.forbidden: set[str] = set()
        self.takes_files = True

    def application(self) -> web.Application:
        """The routes, behind everything that concerns all of them."""
        application = web.Application(middlewares=[self._guard], client_max_size=4 * UPLOAD_BYTES)
        own = "/webhooks/{application}/{token}"
        application.add_routes(
            [
                web.get("/users/@me", self._me),
                web.get("/oauth2/applications/@me", self._application_info),
                web.get("/applications/@me", self._application_info),
                web.get("/gateway", self._gateway_info),
                web.get("/gateway/bot", self._gateway_info),
                web.put("/applications/{application}/commands", self._put_commands),
                web.post("/users/@me/channels", self._open_direct),
                web.post("/channels/{channel}/typing", self._type),
                web.get("/channels/{channel}/messages", self._history),
                web.post("/channels/{channel}/messages", self._create),
                web.patch("/channels/{channel}/messages/{message}", self._edit),
                web.delete("/channels/{channel}/messages/{message}", self._delete),
                web.post("/interactions/{id}/{token}/callback", self._callback),
                web.post(own, self._follow_up),
                web.patch(own + "/messages/{message}", self._edit_response),
                web.delete(own + "/messages/{message}", self._delete_response),
            ]
        )
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        payload, files = await _body(request)
        request[PAYLOAD], request[FILES] = payload, files
        path = request.path.removeprefix("/api/v10")
        self.calls.append(Call(request.method, path, payload))
        try:
            self._check(request, path)
            response = await handler(request)
            self._break_off(request, path)
            return response
        except ApiError as error:
            refused = answer({"message": error.message, "code": error.code, "retry_after": 0})
            refused.set_status(error.status)
            return refused
        finally:
            self._world.changes.notify()

    def _check(self, request: web.Request, path: str) -> None:
        for fault in self.faults:
            if fault.method == request.method and fault.path_part in path:
                self.faults.remove(fault)
                raise fault.error
        # The token in the path of these is all the authentication that they need.
        anonymous = path.startswith(("/interactions/", "/webhooks/"))
        if not anonymous and request.headers.get("Authorization") != f"Bot {self._token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _break_off(self, request: web.Request, path: str) -> None:
        for method, path_part in self.unanswered:
            if method == request.method and path_part in path and request.transport is not None:
                self.unanswered.remove((method, path_part))
                request.transport.abort()
                return

    async def _me(self, request: web.Request) -> web.Response:
        return answer(self._world.bot.json())

    async def _application_info(self, request: web.Request) -> web.Response:
        return answer(
            {
                "id": self._world.application,
                "name": self._world.bot.name,
                "description": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": self._world.bot.json(),
                "flags": self._gateway.application_flags,
            }
        )

    async def _gateway_info(self, request: web.Request) -> web.Response:
        return answer(self._gateway.info)

    async def _put_commands(self, request: web.Request) -> web.Response:
        commands = request[PAYLOAD]
        check_commands(commands)
        registered = {"application_id": self._world.application, "version": "1"}
        self._world.commands = [
            {"description": ""} | command | registered | {"id": self._world.snowflake()}
            for command in commands
        ]
        return answer(self._world.commands)

    async def _open_direct(self, request: web.Request) -> web.Response:
        channel = self._world.direct_channel(str(request[PAYLOAD]["recipient_id"]))
        return answer(channel.json())

    async def _type(self, request: web.Request) -> web.Response:
        self.typing.append(self._channel(request).id)
        return web.Response(status=204)

    async def _create(self, request: web.Request) -> web.Response:
        channel, payload = self._channel(request), request[PAYLOAD]
        nonce = payload.get("nonce") if payload.get("enforce_nonce") else None
        check_nonce(payload.get("nonce"))
        for post in self._world.posts.values():
            if nonce is not None and post.nonce == nonce and post.channel == channel:
                if post.deleted:
                    raise ApiError(404, 10008, "Unknown Message")
                return answer(self._world.message_json(post))
        post = self._new_post(channel, request, reply_to=self._reference(payload))
        post.nonce = payload.get("nonce")
        self._gateway.publish("MESSAGE_CREATE", self._world.message_json(post))
        return answer(self._world.message_json(post))

    async def _history(self, request: web.Request) -> web.Response:
        """The messages after another one, the newest first."""
        channel, query = self._channel(request), request.query
        after, limit = int(query.get("after", 0)), int(query.get("limit", 50))
        messages: list[Said | Post] = [
            said for said in self._world.said.values() if said.channel == channel
        ]
        posts = self._world.posts.values()
        messages += [post for post in posts if post.channel == channel and not post.deleted]
        messages = [message for message in messages if int(message.id) > after]
        messages.sort(key=lambda message: int(message.id))
        return answer([self._world.message_json(message) for message in messages[:limit][::-1]])

    async def _edit(self, request: web.Request) -> web.Response:
        return self._rewrite(self._own(request), request)

    async def _delete(self, request: web.Request) -> web.Response:
        return self._removed(self._own(request))

    async def _callback(self, request: web.Request) -> web.Response:
        interaction = self._world.interactions.get(request.match_info["token"])
        if (
            interaction is None
            or interaction.id != request.match_info["id"]
            or self._world.clock.now - interaction.issued > ACKNOWLEDGE_WITHIN
        ):
            raise ApiError(404, 10062, "Unknown interaction")
        if interaction.response is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        payload = request[PAYLOAD]
        self._respond(interaction, request)
        interaction.response = payload["type"]
        post = interaction.original
        told: Json = {"id": interaction.id, "type": interaction.kind}
        if post is not None:
            told["response_message_id"] = post.id
            told["response_message_loading"] = post.thinking
            told["response_message_ephemeral"] = post.ephemeral
        return answer({"interaction": told})

    def _respond(self, interaction: Interaction, request: web.Request) -> None:
        kind, data = request[PAYLOAD]["type"], request[PAYLOAD].get("data") or {}
        clicked = interaction.message
        if kind not in ANSWERS[interaction.kind] or (kind in {6, 7} and clicked is None):
            raise ApiError(400, 50035, "Invalid Form Body: this type of response does not fit")
        if kind == 8:
            check_choices(data["choices"])
            interaction.choices = data["choices"]
        elif kind == 9:
            check_form(data)
            interaction.form = data
        elif clicked is not None and kind in {6, 7}:
            interaction.original = clicked
            if kind == 7:
                self._write(clicked, data, request[FILES])
        elif kind == 4:
            interaction.original = self._new_post(interaction.channel, request, data)
        else:
            self._think(interaction, bool((data.get("flags") or 0) & EPHEMERAL))

    def _think(self, interaction: Interaction, ephemeral: bool) -> None:
        answered = interaction.message.id if interaction.message else None
        post = Post(self._world.snowflake(), interaction.channel, answered, ephemeral)
        post.thinking = True
        interaction.original = self._world.add_post(post)

    async def _follow_up(self, request: web.Request) -> web.Response:
        interaction = self._answered(request)
        if not interaction.channel.with_bot and len(interaction.followups) >= 5:
            raise ApiError(400, 40094, "No more follow-up messages for this interaction")
        post = self._new_post(interaction.channel, request)
        interaction.followups.append(post)
        return answer(self._world.message_json(post))

    async def _edit_response(self, request: web.Request) -> web.Response:
        return self._rewrite(self._response(request), request)

    async def _delete_response(self, request: web.Request) -> web.Response:
        return self._removed(self._response(request))

    def _new_post(
        self,
        channel: Channel,
        request: web.Request,
        data: Json | None = None,
        reply_to: str | None = None,
    ) -> Post:
        payload = request[PAYLOAD] if data is None else data
        flags = payload.get("flags") or 0
        post = Post(self._world.snowflake(), channel, reply_to, bool(flags & EPHEMERAL))
        self._write(post, payload, request[FILES])
        return self._world.add_post(post)

    def _rewrite(self, post: Post, request: web.Request) -> web.Response:
        self._write(post, request[PAYLOAD], request[FILES])
        if not post.ephemeral:
            self._gateway.publish("MESSAGE_UPDATE", self._world.message_json(post))
        return answer(self._world.message_json(post))

    def _removed(self, post: Post) -> web.Response:
        post.deleted = True
        if not post.ephemeral:
            self._gateway.publish("MESSAGE_DELETE", deletion_json(post.id, post.channel))
        return web.Response(status=204)

    def _write(self, post: Post, payload: Json, files: dict[str, FileField]) -> None:
        content = payload.get("content", post.content) or ""
        components = payload.get("components", post.components)
        check_message(content, components, post.flags | (payload.get("flags") or 0))
        if files and not self.takes_files:
            raise ApiError(403, 50013, "Missing Permissions")
        attachments = self._attached(post, payload, files)
        check_attachments(attachments, components)
        post.attachments = attachments
        post.write(payload)

    def _attached(self, post: Post, payload: Json, files: dict[str, FileField]) -> list[Attachment]:
        """The files that a message has afterwards: those of its own that are named, and new ones.

        What is named with the number of a part of the request is a new one.
        """
        named = payload.get("attachments")
        if named is None:
            named = [*({"id": kept.id} for kept in post.attachments), *({"id": n} for n in files)]
        kept = {attachment.id: attachment for attachment in post.attachments}
        attached = []
        for each in named:
            key = str(each["id"])
            if key not in files and key not in kept:
                raise ApiError(400, 50035, f"Invalid Form Body: there is no attachment {key}")
            attached.append(self._new_file(files[key], each) if key in files else kept[key])
        return attached

    def _new_file(self, file: FileField, said: Json) -> Attachment:
        name = said.get("filename") or file.filename
        description = said.get("description") or ""
        return Attachment(self._world.snowflake(), name, file.file.read(), description)

    def _channel(self, request: web.Request) -> Channel:
        channel = self._world.channels.get(request.match_info["channel"])
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if not channel.with_bot:
            raise ApiError(403, 50001, "Missing Access")
        if channel.id in self.forbidden:
            raise ApiError(403, 50013, "Missing Permissions")
        return channel

    def _reference(self, payload: Json) -> str | None:
        reference = payload.get("message_reference")
        if reference is None:
            return None
        message_id = str(reference["message_id"])
        if message_id in self._world.said or message_id in self._world.posts:
            return message_id
        if reference.get("fail_if_not_exists", True):
            raise ApiError(400, 50035, "Invalid Form Body: Unknown message")
        return None

    def _own(self, request: web.Request) -> Post:
        channel, message_id = self._channel(request), request.match_info["message"]
        if message_id in self._world.said:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        post = self._world.posts.get(message_id)
        if post is None or post.deleted or post.ephemeral or post.channel != channel:
            raise ApiError(404, 10008, "Unknown Message")
        return post

    def _answered(self, request: web.Request) -> Interaction:
        interaction = self._world.interactions.get(request.match_info["token"])
        if interaction is None or interaction.response is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self._world.clock.now - interaction.issued > TOKEN_LASTS:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _response(self, request: web.Request) -> Post:
        interaction = self._answered(request)
        wanted = request.match_info["message"]
        for post in filter(None, [interaction.original, *interaction.followups]):
            original = post is interaction.original
            if (post.id == wanted or (original and wanted == "@original")) and not post.deleted:
                return post
        raise ApiError(404, 10008, "Unknown Message")


async def _body(request: web.Request) -> tuple[Any, dict[str, FileField]]:
    """What a request says, and the files that it brings along by their numbers."""
    if not request.content_type.startswith("multipart/"):
        body = await request.read()
        return json.loads(body) if body else None, {}
    form = await request.post()
    said = form["payload_json"]
    assert not isinstance(said, FileField)
    files = {_FILE.sub(r"\1", name): part for name, part in form.items()}
    return json.loads(said), {n: part for n, part in files.items() if isinstance(part, FileField)}


def answer(body: Any) -> web.Response:
    """An answer as the real API gives it; discord.py wants the type without a charset."""
    return web.Response(body=json.dumps(body).encode(), content_type="application/json")
