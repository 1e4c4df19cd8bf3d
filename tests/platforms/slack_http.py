"""Slack's HTTP mode for tests: the same Slack, which signs requests and sends them to the app.

A workspace is a ``SlackServer`` whose events come as requests::

    async with HttpSlack() as slack:
        workspace = await slack.workspace("Acme")
        # settings: slack_mode="http", slack_api_url=slack.api_url, slack_signing_secret=SECRET;
        # then start the surface as a task
        slack.reach("http://127.0.0.1:PORT")
        workspace.say(f"{workspace.bot.mention} What is attention?")
        await workspace.posted()

Several workspaces share the address of the Web API; the token in a call tells whose it is. An
installation by OAuth is played with ``slack.authorize(workspace)``, which makes the code that
Slack would send people back with. With ``slack.granted``, answers tell which scopes a token has.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from http import HTTPStatus
from typing import Self
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import BasicAuth, ClientError, ClientSession, web

from tests.platforms.slack_files import UPLOAD_BYTES
from tests.platforms.slack_server import SlackServer
from tests.platforms.slack_socket import ACK_SECONDS, Socket
from tests.platforms.slack_world import Delivery, Json, World

SECRET = "local-signing-secret"
CLIENT_ID, CLIENT_SECRET = "123.456", "local-client-secret"
EVENTS = "/slack/events"


def signature(secret: str, body: bytes, timestamp: str) -> str:
    """Sign a request as Slack does."""
    signed_text = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed_text, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes, timestamp: str = "") -> dict[str, str]:
    """The headers that make a request Slack's."""
    timestamp = timestamp or str(int(time.time()))
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, body, timestamp),
    }


class Requests(Socket):
    """In the place of the socket: what would go down it is sent as a signed request.

    Args:
        world: what exists.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._session: ClientSession | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._address = ""
        self.answers: list[tuple[int, str]] = []

    def reach(self, address: str) -> None:
        """From now on, send to an app at this address."""
        self._address = address
        self.connected += 1
        self._world.changes.notify()

    def publish(self, kind: str, payload: Json, retry: int = 0) -> Delivery:
        """Send a request; a repetition tells in its headers that it is one."""
        envelope: Json = {"envelope_id": uuid4().hex, "type": kind, "payload": payload}
        delivery = Delivery(envelope, self._world.clock.now)
        self.deliveries.append(delivery)
        task = asyncio.get_running_loop().create_task(self._send(delivery, retry))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return delivery

    async def close(self) -> None:
        """Give up what was not answered yet."""
        for task in tuple(self._sending):
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def _send(self, delivery: Delivery, retry: int) -> None:
        body, kind = _encoded(delivery.envelope)
        headers = {"Content-Type": kind, **signed(SECRET, body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        self._session = self._session or ClientSession()
        try:
            async with self._session.post(
                self._address + EVENTS, data=body, headers=headers
            ) as response:
                self.answers.append((response.status, await response.text()))
        except ClientError as error:
            self.answers.append((0, type(error).__name__))
        delivery.acknowledged = self.answers[-1][0] == HTTPStatus.OK
        delivery.late = self._world.clock.now - delivery.sent > ACK_SECONDS
        self._world.changes.notify()


class Workspace(SlackServer):
    """A workspace whose events come as requests.

    Args:
        name: its name.
        number: tells it from others.
        bot_token: the bot's token that is accepted; one of its own by default.
    """

    def __init__(self, name: str, number: int, bot_token: str = "") -> None:
        super().__init__(bot_token=bot_token or f"xoxb-local-bot-token-of-{name}")
        self.name = name
        self.requests = Requests(self._world)
        self._socket = self.requests
        self._world.team = f"T{number:010}"

    async def answers(self, count: int = 1) -> list[tuple[int, str]]:
        """Wait until so many requests were answered, and return their statuses and bodies."""
        await self.until(lambda: len(self.requests.answers) >= count)
        return self.requests.answers

    async def requests_answered(self, count: int = 1) -> list[int]:
        """Wait until so many requests were answered, and return their statuses."""
        return [status for status, _ in await self.answers(count)]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer a call of the Web API."""
        return await self._api.handle(request)

    def leave(self) -> None:
        """Uninstall the app, which Slack tells it in two ways."""
        self.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot.id]}})
        self.tell({"type": "app_uninstalled"})

    def tell(self, event: Json) -> Delivery:
        """Send any event."""
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "event": event,
            "event_id": f"Ev{uuid4().hex}",
            "event_time": int(time.time()),
        }
        return self.requests.publish("events_api", payload)


class HttpSlack:
    """Slack with any number of workspaces."""

    def __init__(self) -> None:
        self._workspaces: dict[str, Workspace] = {}
        self._codes: dict[str, Workspace] = {}
        self._runner: web.AppRunner | None = None
        self.api_url = ""
        self.revoked: set[str] = set()
        self.refusals = 0
        self.granted: list[str] | None = None
        self.silent = False

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=UPLOAD_BYTES)
        application.router.add_route("*", "/api/{method}", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.api_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"
        return self

    async def __aexit__(self, *error: object) -> None:
        for workspace in self._workspaces.values():
            await workspace.__aexit__(*error)
        if self._runner is not None:
            await self._runner.cleanup()

    async def workspace(self, name: str, bot_token: str = "") -> Workspace:
        """Make a workspace with a channel, a person and a bot."""
        made = Workspace(name, len(self._workspaces) + 1, bot_token)
        await made.__aenter__()
        self._workspaces[made.bot_token] = made
        return made

    def reach(self, address: str) -> None:
        """From now on, send events to an app at this address."""
        for workspace in self._workspaces.values():
            workspace.requests.reach(address)

    def notify(self) -> None:
        """Let everything that waits look again, after what the server doesn't see."""
        for workspace in self._workspaces.values():
            workspace.notify()

    def authorize(self, workspace: Workspace) -> str:
        """Let a workspace allow the app, and return the code that it may get its token for."""
        code = uuid4().hex
        self._codes[code] = workspace
        return code

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self.silent and request.transport is not None:
            request.transport.close()
        if request.match_info["method"] == "oauth.v2.access":
            return web.json_response(await self._access(request))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        workspace = self._workspaces.get(token)
        if workspace is None or token in self.revoked:
            self.refusals += 1
            self.notify()
            error = "account_inactive" if workspace else "invalid_auth"
            return web.json_response({"ok": False, "error": error})
        response = await workspace.call(request)
        if self.granted is not None and not response.prepared:
            response.headers["X-OAuth-Scopes"] = ",".join(self.granted)
        return response

    async def _access(self, request: web.Request) -> Json:
        app = BasicAuth.decode(request.headers["Authorization"])
        if (app.login, app.password) != (CLIENT_ID, CLIENT_SECRET):
            return {"ok": False, "error": "bad_client_secret"}
        workspace = self._codes.pop(str((await request.post()).get("code")), None)
        if workspace is None:
            return {"ok": False, "error": "invalid_code"}
        return {
            "ok": True,
            "app_id": "A1",
            "access_token": workspace.bot_token,
            "token_type": "bot",
            "scope": "chat:write,commands",
            "bot_user_id": workspace.bot.id,
            "team": {"id": workspace.team, "name": workspace.name},
            "enterprise": None,
            "authed_user": {"id": workspace.ada.id},
        }


def _encoded(envelope: Json) -> tuple[bytes, str]:
    """The body of a request and its type: events are JSON, everything else is a form."""
    payload = envelope["payload"]
    if envelope["type"] == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if envelope["type"] == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"
