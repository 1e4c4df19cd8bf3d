"""The pretended gateway's connections, the sessions that survive them, and how they end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from tests.platforms.discord_components import Json

Ending = Json | int | None
"""How a connection ends: after a frame, with a close code, or without a word."""
RECONNECT: Json = {"op": 7, "d": None}
INVALID: Json = {"op": 9, "d": False}
INVALID_BUT_RESUMABLE: Json = {"op": 9, "d": True}


class Moment(StrEnum):
    """When the next connection is ended on its way."""

    HANDSHAKE = "instead of a WebSocket"
    HELLO = "instead of HELLO"
    GREETED = "after HELLO"
    IDENTIFY = "instead of READY"
    RESUME = "instead of RESUMED"


class Connection:
    """One WebSocket, with what is still to be sent on it."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.socket = web.WebSocketResponse()
        self.outbox: asyncio.Queue[Json | Ending] = asyncio.Queue()
        self.session: Session | None = None
        self.silent = False
        self.ended = False

    async def write(self) -> None:
        """Send what is in the outbox until something in it ends the connection."""
        while True:
            frame = await self.outbox.get()
            if frame is None:
                self._abort()
                return
            if isinstance(frame, int):
                await self.socket.close(code=frame)
                return
            if not self.silent:
                await self.socket.send_json(frame)

    def end(self, ending: Ending) -> None:
        """End the connection from this side."""
        self.ended = True
        self.outbox.put_nowait(ending)

    def _abort(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass
class Session:
    """What one identified client is told, over all its connections."""

    id: str
    intents: int
    connection: Connection | None
    shard: tuple[int, int] = (0, 1)
    events: list[Json] = field(default_factory=list)

    def hears_of(self, guild: str | None) -> bool:
        """Whether the shard is told what happens in a guild, or outside of all guilds."""
        number, total = self.shard
        return number == ((int(guild) >> 22) % total if guild else 0)

    def tell(self, event: str, data: Json) -> None:
        """Note an event and send it; without a connection it waits for a resume."""
        frame = {"op": 0, "t": event, "s": len(self.events) + 1, "d": data}
        self.events.append(frame)
        if self.connection is not None:
            self.connection.outbox.put_nowait(frame)
