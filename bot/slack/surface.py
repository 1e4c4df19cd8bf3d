"""Slack as a surface, over Socket Mode or HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.core.reply import Reply, Responder
from bot.core.request import Request
from bot.core.surface import GRACE
from bot.settings import Settings
from bot.slack.answering import Desk
from bot.slack.http_mode import HttpMode
from bot.slack.listeners import register
from bot.slack.socket_mode import SocketMode


@dataclass(frozen=True)
class Serving:
    """What there is while the surface serves: the door, and the desk behind it."""

    door: HttpMode | SocketMode
    desk: Desk


class SlackSurface:
    """Answers in Slack, in one workspace or in all that have installed the app.

    Args:
        responder: the core, which says what is answered.
        settings: how events come in, the tokens, and the address of Slack's Web API.
        pause: seconds between two progress messages.
        grace: how long replies may take to end when the bot is told to stop, in seconds.
    """

    name = "slack"

    def __init__(
        self, responder: Responder, settings: Settings, pause: float = 1.2, grace: float = GRACE
    ) -> None:
        self._responder = responder
        self._settings = settings
        self._pause = pause
        self._grace = grace
        self._serving: Serving | None = None

    @property
    def connected(self) -> bool:
        """Whether it is signed in, and can post."""
        return self._serving is not None

    async def resume(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> None:
        """Show a reply that another process left; not in a workspace that has removed the app."""
        serving = self._serving
        client = await serving.door.client(request.said.place.workspace) if serving else None
        if serving is None or client is None:
            self._responder.unposted(request.said)
            return
        serving.desk.resume(client, request, reply, posts)

    async def run(self) -> None:
        """Serve until cancelled, then close the door and give up what is under way.

        Raises:
            SettingsError: a token is missing, or Slack refuses it.
            StorageError: the installations of the workspaces cannot be opened.
        """
        mode = HttpMode if self._settings.slack_mode == "http" else SocketMode
        door = await mode.prepared(self._settings)
        async with asyncio.TaskGroup() as work:
            desk = Desk(self._responder, work, self._pause)
            register(door.app, self._responder, desk)
            self._serving = Serving(door, desk)
            try:
                async with door.opened():
                    await asyncio.Event().wait()
            finally:
                await desk.close(self._grace)
                self._serving = None
