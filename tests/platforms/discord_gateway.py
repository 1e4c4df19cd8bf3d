"""The gateway of the pretended Discord, and all that can happen to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from aiohttp import WSMsgType, web

from tests.platforms.discord_components import Json
from tests.platforms.discord_sessions import (
    INVALID,
    RECONNECT,
    Connection,
    Ending,
    Moment,
    Session,
)
from tests.platforms.discord_world import World

GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
HIDDEN: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE")
DAY = 24 * 3600


class Gateway:
    """Serves the gateway protocol.

    Args:
        world: what exists.
        token: the only token that is accepted.
        url: where clients connect; known once the server listens.
        privileged: the privileged intents that are enabled for the application.

    Attributes:
        heartbeat: the pause between two heartbeats that clients are asked for, in milliseconds.
        recommended: how many shards the application should have; with fewer it is refused.
        starts: how many sessions may still start today; whoever starts more loses the token.
        identified: when sessions were started, by the platform's clock.
    """

    def __init__(self, world: World, token: str, privileged: int) -> None:
        self._world, self._token, self._privileged = world, token, privileged
        self.url = ""
        self.heartbeat = 41250
        self.recommended = 1
        self.starts, self._renewed = 1000, world.clock.now
        self.sessions: dict[str, Session] = {}
        self.intents: int | None = None
        self.identified: list[float] = []
        self.ready = 0
        self.resumed = 0
        self._connections: set[Connection] = set()
        self._trips: list[tuple[Moment, Ending]] = []

    @property
    def application_flags(self) -> int:
        """What the application says of the intents that are enabled for it."""
        return 1 << 18 if self._privileged & MESSAGE_CONTENT else 0

    @property
    def info(self) -> Json:
        """What the HTTP API tells a bot about connecting."""
        self._renew()
        after = int((self._renewed + DAY - self._world.clock.now) * 1000)
        limit = {"total": 1000, "remaining": self.starts, "reset_after": after}
        return {
            "url": self.url,
            "shards": self.recommended,
            "session_start_limit": limit | {"max_concurrency": 1},
        }

    @property
    def pauses(self) -> list[float]:
        """The seconds between the starts of sessions."""
        return [round(later - sooner, 3) for sooner, later in pairwise(self.identified)]

    @property
    def trips_left(self) -> int:
        """How many connections are still to be ended on their way."""
        return len(self._trips)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if list(self._tripped(Moment.HANDSHAKE)):
            return web.Response(status=503)
        connection = Connection(request)
        await connection.socket.prepare(request)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        self._greet(connection)
        try:
            async for frame in connection.socket:
                if frame.type is WSMsgType.TEXT and not connection.ended:
                    self._receive(connection, frame.json())
        finally:
            writer.cancel()
            self._connections.discard(connection)
            self._left(connection)
            self._detach(connection)
        return connection.socket

    def publish(self, event: str, data: Json) -> None:
        """Tell every session that may know."""
        for session in self.sessions.values():
            if not session.hears_of(data.get("guild_id")):
                continue
            if event not in MESSAGES:
                session.tell(event, data)
            elif session.intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES):
                session.tell(event, self._seen_by(session, data))

    def cut(self, ending: Ending = None, shard: int | None = None) -> None:
        """End every connection, or a shard's; sessions stay unless it is said that they are gone.

        Args:
            ending: how it ends.
            shard: the number of the shard, if only one shall be cut off.
        """
        for connection in list(self._connections):
            session = connection.session
            if shard is not None and (session is None or session.shard[0] != shard):
                continue
            if ending == INVALID and session is not None:
                self.sessions.pop(session.id, None)
            self._detach(connection)
            connection.end(ending)

    def trip(self, moment: Moment, ending: Ending = None) -> None:
        """End the next connection that comes to a moment; may be called for several."""
        self._trips.append((moment, ending))

    def fall_silent(self) -> None:
        """Withhold everything from the connections that there are, heartbeats' acks too."""
        for connection in self._connections:
            connection.silent = True
            self._detach(connection)

    def ask_to_reconnect(self) -> None:
        """Send op 7: the client is to come back and resume."""
        self.cut(RECONNECT)

    def invalidate(self) -> None:
        """Send op 9: the sessions are gone, the client is to identify again."""
        self.cut(INVALID)

    async def close(self) -> None:
        """End all connections."""
        for connection in list(self._connections):
            await connection.socket.close(code=1001)

    def _greet(self, connection: Connection) -> None:
        for ending in self._tripped(Moment.HELLO):
            connection.end(ending)
            return
        connection.outbox.put_nowait({"op": 10, "d": {"heartbeat_interval": self.heartbeat}})
        for ending in self._tripped(Moment.GREETED):
            connection.end(ending)

    def _tripped(self, moment: Moment) -> Iterator[Ending]:
        for trip in self._trips:
            if trip[0] is moment:
                self._trips.remove(trip)
                yield trip[1]
                return

    def _left(self, connection: Connection) -> None:
        """A client that closes its connection with 1000 or 1001 gives its session up."""
        session = connection.session
        said_goodbye = connection.socket.close_code in {1000, 1001} and not connection.ended
        if said_goodbye and session is not None and session.connection is connection:
            self.sessions.pop(session.id, None)

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
        self.identified.append(self._world.clock.now)
        self._renew()
        self.starts -= 1
        number, total = data.get("shard", (0, 1))
        for code, refused in (
            (4004, data["token"] != self._token or self.starts < 0),
            (4010, not 0 <= number < total),
            (4011, total < self.recommended),
            (4014, data["intents"] & PRIVILEGED & ~self._privileged),
        ):
            if refused:
                connection.outbox.put_nowait(code)
                return
        for ending in self._tripped(Moment.IDENTIFY):
            connection.end(ending)
            return
        self._start(Session(self._world.snowflake(), data["intents"], connection, (number, total)))

    def _start(self, session: Session) -> None:
        others = {s.id: s for s in self.sessions.values() if s.shard != session.shard}
        self.sessions = others | {session.id: session}
        if session.connection is not None:
            session.connection.session = session
        inside = {c.guild for c in self._world.channels.values() if c.guild and c.with_bot}
        guilds = sorted(guild for guild in inside | {self._world.guild} if session.hears_of(guild))
        session.tell("READY", self._ready(session, guilds))
        for guild in guilds:
            session.tell("GUILD_CREATE", self._guild(guild))
        self.ready += 1
        self._world.changes.notify()

    def _resume(self, connection: Connection, data: Json) -> None:
        for ending in self._tripped(Moment.RESUME):
            if ending == INVALID:
                self.sessions.pop(data["session_id"], None)
            connection.end(ending)
            return
        if data["session_id"] is None or data["seq"] is None:
            connection.end(4002)
            return
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._token:
            connection.end(INVALID)
            return
        connection.session, session.connection = session, connection
        for missed in session.events[data["seq"] :]:
            connection.outbox.put_nowait(missed)
        session.tell("RESUMED", {})
        self.resumed += 1
        self._world.changes.notify()

    def _renew(self) -> None:
        if self._world.clock.now >= self._renewed + DAY:
            self.starts, self._renewed = 1000, self._world.clock.now

    def _ready(self, session: Session, guilds: list[str]) -> Json:
        ready: dict[str, Any] = {
            "v": 10,
            "user": self._world.bot.json(),
            "guilds": [{"id": guild, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self._world.application, "flags": 0},
        }
        return ready | {"shard": list(session.shard)}

    def _guild(self, guild: str) -> Json:
        inside = [c for c in self._world.channels.values() if c.guild == guild]
        return {
            "id": guild,
            "name": "Guild",
            "owner_id": guild,
            "member_count": 2,
            "large": False,
            "unavailable": False,
            "channels": [channel.json() for channel in inside if not channel.parent],
            "threads": [channel.json() for channel in inside if channel.parent],
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
