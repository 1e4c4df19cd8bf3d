"""The pretended Slack's Socket Mode: tickets, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.platforms.slack_world import Delivery, Json, World

ACK_SECONDS = 3.0


class Socket:
    """The WebSocket endpoint; envelopes go to the newest connection.

    Args:
        world: what exists.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._connections: list[web.WebSocketResponse] = []
        self._outbox: asyncio.Queue[Json] = asyncio.Queue()
        self._writers: list[asyncio.Task[None]] = []
        self.deliveries: list[Delivery] = []
        self.connected = 0

    @property
    def online(self) -> bool:
        """Whether a client is connected."""
        return any(not connection.closed for connection in self._connections)

    def issue_ticket(self) -> str:
        """A ticket with which one connection can be opened."""
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="no such ticket")
        self._tickets.remove(ticket)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        await connection.send_json({"type": "hello", "num_connections": 1})
        self._connections.append(connection)
        writer = asyncio.create_task(self._write(connection))
        self._writers.append(writer)
        self.connected += 1
        self._world.changes.notify()
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            self._connections.remove(connection)
            self._world.changes.notify()
        return connection

    def publish(self, kind: str, payload: Json, retry: int = 0) -> Delivery:
        """Send an envelope.

        Args:
            kind: ``events_api``, ``slash_commands`` or ``interactive``.
            payload: what it carries.
            retry: the number of the repetition, if it is one.
        """
        envelope: Json = {"envelope_id": uuid4().hex, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope["retry_attempt"] = retry
            envelope["retry_reason"] = "timeout" if retry else ""
        delivery = Delivery(envelope, self._world.clock.now)
        self.deliveries.append(delivery)
        self._outbox.put_nowait(envelope)
        return delivery

    def ask_to_reconnect(self) -> None:
        """Tell the client that this connection will be closed."""
        self._outbox.put_nowait({"type": "disconnect", "reason": "refresh_requested"})

    async def close(self) -> None:
        """End every connection."""
        for connection in tuple(self._connections):
            await connection.close()

    async def _write(self, connection: web.WebSocketResponse) -> None:
        while True:
            await connection.send_json(await self._outbox.get())

    async def _read(self, connection: web.WebSocketResponse) -> None:
        async for message in connection:
            if message.type is WSMsgType.TEXT:
                told = json.loads(message.data)
                self._acknowledge(told["envelope_id"], told.get("payload"))

    def _acknowledge(self, envelope_id: str, answer: Json | None = None) -> None:
        for delivery in self.deliveries:
            if delivery.envelope["envelope_id"] == envelope_id:
                delivery.acknowledged = True
                delivery.answer = answer
                delivery.late = self._world.clock.now - delivery.sent > ACK_SECONDS
        self._world.changes.notify()
