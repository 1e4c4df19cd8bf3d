"""The gateway of the pretended Discord: sessions that survive their connections."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.platforms.discord_world import Json, World

GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
HIDDEN: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


class Connection:
    """One WebSocket, with what is still to be sent on it."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.socket = web.WebSocketResponse()
        self.outbox: asyncio.Queue[Json | int] = asyncio.Queue()
        self.session: Session | None = None

    async def write(self) -> None:
        """Send what is in the outbox; a number closes the connection with that code."""
        while True:
            frame = await self.outbox.get()
            if isinstance(frame, int):
                await self.socket.close(code=frame)
                return
            await self.socket.send_json(frame)

    def abort(self) -> None:
        """Break the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass
class Session:
    """What one identified client is told, over all its connections."""

    id: str
    intents: int
    connection: Connection | None
    events: list[Json] = field(default_factory=list)

    def tell(self, event: str, data: Json) -> None:
        """Note an event and send it; without a connection it waits for a resume."""
        frame = {"op": 0, "t": event, "s": len(self.events) + 1, "d": data}
        self.events.append(frame)
        if self.connection is not None:
            self.connection.outbox.put_nowait(frame)


class Gateway:
    """Serves the gateway protocol.

    Args:
        world: what exists.
        token: the only token that is accepted.
        url: where clients connect; known once the server listens.
        privileged: the privileged intents that are enabled for the application.
    """

    def __init__(self, world: World, token: str, privileged: int) -> None:
        self._world, self._token, self._privileged = world, token, privileged
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.intents: int | None = None
        self.ready = 0
        self.resumed = 0
        self._connections: set[Connection] = set()

    @property
    def application_flags(self) -> int:
        """What the application says of the intents that are enabled for it."""
        return 1 << 18 if self._privileged & MESSAGE_CONTENT else 0

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        connection = Connection(request)
        await connection.socket.prepare(request)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.outbox.put_nowait({"op": 10, "d": {"heartbeat_interval": 41250}})
        try:
            async for frame in connection.socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(connection, frame.json())
        finally:
            writer.cancel()
            self._connections.discard(connection)
            self._detach(connection)
        return connection.socket

    def publish(self, event: str, data: Json) -> None:
        """Tell every session that may know."""
        for session in self.sessions.values():
            if event != "MESSAGE_CREATE":
                session.tell(event, data)
            elif session.intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES):
                session.tell(event, self._seen_by(session, data))

    def cut(self, code: int | None = None) -> None:
        """End every connection, with a close code or without a word; sessions stay."""
        for connection in list(self._connections):
            self._detach(connection)
            if code is None:
                connection.abort()
            else:
                connection.outbox.put_nowait(code)

    def ask_to_reconnect(self) -> None:
        """Send op 7: the client is to come back and resume."""
        self._send_to_all({"op": 7, "d": None})

    def invalidate(self) -> None:
        """Send op 9: the sessions are gone, the client is to identify again."""
        self.sessions.clear()
        self._send_to_all({"op": 9, "d": False})

    async def close(self) -> None:
        """End all connections."""
        for connection in list(self._connections):
            await connection.socket.close(code=1001)

    def _send_to_all(self, frame: Json) -> None:
        for connection in self._connections:
            connection.outbox.put_nowait(frame)

    def _detach(self, connection: Connection) -> None:
        if connection.session is not None and connection.session.connection is connection:
            connection.session.connection = None
            self._world.changes.notify()

    def _receive(self, connection: Connection, frame: Json) -> None:
        match frame["op"]:
            case 1:
                connection.outbox.put_nowait({"op": 11, "d": None})
            case 2:
                self._identify(connection, frame["d"])
            case 6:
                self._resume(connection, frame["d"])

    def _identify(self, connection: Connection, data: Json) -> None:
        self.intents = data["intents"]
        if data["token"] != self._token:
            connection.outbox.put_nowait(4004)
        elif data["intents"] & PRIVILEGED & ~self._privileged:
            connection.outbox.put_nowait(4014)
        else:
            session = Session(self._world.snowflake(), data["intents"], connection)
            self.sessions = {session.id: session}
            connection.session = session
            session.tell("READY", self._ready(session, data.get("shard")))
            session.tell("GUILD_CREATE", self._guild())
            self.ready += 1
            self._world.changes.notify()

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            connection.outbox.put_nowait({"op": 9, "d": False})
            return
        connection.session, session.connection = session, connection
        for missed in session.events[data["seq"] :]:
            connection.outbox.put_nowait(missed)
        session.tell("RESUMED", {})
        self.resumed += 1
        self._world.changes.notify()

    def _ready(self, session: Session, shard: list[int] | None) -> Json:
        ready: dict[str, Any] = {
            "v": 10,
            "user": self._world.bot.json(),
            "guilds": [{"id": self._world.guild, "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self._world.application, "flags": 0},
        }
        return ready | ({"shard": shard} if shard else {})

    def _guild(self) -> Json:
        inside = [c for c in self._world.channels.values() if c.guild == self._world.guild]
        return {
            "id": self._world.guild,
            "name": "Guild",
            "owner_id": self._world.guild,
            "member_count": 2,
            "large": False,
            "unavailable": False,
            "channels": [channel.json() for channel in inside],
            "threads": [],
            "members": [],
            "roles": [],
            "emojis": [],
            "stickers": [],
            "features": [],
            "voice_states": [],
            "presences": [],
        }

    def _seen_by(self, session: Session, message: Json) -> Json:
        bot = self._world.bot.id
        mentioned = any(user["id"] == bot for user in message["mentions"])
        if (
            session.intents & MESSAGE_CONTENT
            or "guild_id" not in message
            or mentioned
            or message["author"]["id"] == bot
        ):
            return message
        return message | HIDDEN
