"""Slack as a surface, over Socket Mode or HTTP."""

from __future__ import annotations

import asyncio

from bot.core.reply import Responder
from bot.settings import Settings
from bot.slack.answering import Desk
from bot.slack.http_mode import HttpMode
from bot.slack.listeners import register
from bot.slack.socket_mode import SocketMode


class SlackSurface:
    """Answers in Slack, in one workspace or in all that have installed the app.

    Args:
        responder: the core, which says what is answered.
        settings: how events come in, the tokens, and the address of Slack's Web API.
        pause: seconds between two progress messages.
    """

    name = "slack"

    def __init__(self, responder: Responder, settings: Settings, pause: float = 1.2) -> None:
        self._responder = responder
        self._settings = settings
        self._pause = pause

    async def run(self) -> None:
        """Serve until cancelled, then close the door and give up what is under way.

        Raises:
            SettingsError: a token is missing, or Slack refuses it.
            StorageError: the installations of the workspaces cannot be opened.
        """
        mode = HttpMode if self._settings.slack_mode == "http" else SocketMode
        door = await mode.prepared(self._settings)
        async with asyncio.TaskGroup() as work:
            register(door.app, self._responder, Desk(self._responder, work, self._pause))
            async with door.opened():
                await asyncio.Event().wait()
