"""What the app shows of its own accord: its home, questions to begin with, titles of threads."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.reply import Responder
from bot.slack.markup import harmless
from bot.slack.parsing import Address, Heard, said_through
from bot.slack.people import administers, bot_of
from bot.slack.problems import PLATFORM_ERRORS, reason
from bot.slack.views import home_view

TITLE_CHARACTERS = 60
PROMPT_CHARACTERS = 75
UNTITLED = 1_000
"""Of how many new threads of assistants it is remembered that they need a title."""


log = logging.getLogger(__name__)


class Greeter:
    """Fills the app's home, and suggests questions where somebody opens a conversation.

    Args:
        responder: the core, which says what is shown.
    """

    def __init__(self, responder: Responder) -> None:
        self._responder = responder
        self._untitled: deque[tuple[str, str]] = deque(maxlen=UNTITLED)

    def register(self, app: AsyncApp) -> None:
        """Listen to people who open the app."""
        app.event("app_home_opened")(self._home_opened)
        app.event("assistant_thread_started")(self._thread_started)
        app.event("assistant_thread_context_changed")(_unheeded)

    async def entitle(self, client: AsyncWebClient, heard: Heard) -> None:
        """Name the thread of an assistant after its first question."""
        channel, thread = heard.address.channel, heard.address.thread or ""
        title = harmless(heard.said.text, TITLE_CHARACTERS)
        if title and (channel, thread) in self._untitled:
            self._untitled.remove((channel, thread))
            await _set_title(client, channel, thread, title)

    async def _home_opened(
        self, client: AsyncWebClient, context: AsyncBoltContext, event: dict[str, Any]
    ) -> None:
        if event.get("tab") == "messages":
            await self._suggest(client, event["channel"])
        elif event.get("tab") == "home":
            await self._show_home(client, context, event)

    async def _show_home(
        self, client: AsyncWebClient, context: AsyncBoltContext, event: dict[str, Any]
    ) -> None:
        bot, user = bot_of(context), event["user"]
        address = Address(event["channel"], user, bot.team, direct=True)
        said = said_through(bot, f"{event['channel']}:{event['event_ts']}", address)
        said = replace(said, administers=await administers(client, user))
        view = home_view(await self._responder.home(said))
        await client.views_publish(user_id=user, view=view)

    async def _thread_started(self, client: AsyncWebClient, event: dict[str, Any]) -> None:
        thread = event["assistant_thread"]
        self._untitled.append((thread["channel_id"], thread["thread_ts"]))
        await self._suggest(client, thread["channel_id"], thread["thread_ts"])

    async def _suggest(
        self, client: AsyncWebClient, channel: str, thread: str | None = None
    ) -> None:
        prompts = [
            {"title": harmless(question, PROMPT_CHARACTERS), "message": question}
            for question in self._responder.suggestions()
        ]
        if prompts:
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=channel, thread_ts=thread, prompts=prompts
            )


async def _set_title(client: AsyncWebClient, channel: str, thread: str, title: str) -> None:
    try:
        await client.assistant_threads_setTitle(channel_id=channel, thread_ts=thread, title=title)
    except PLATFORM_ERRORS as error:
        log.warning("Slack did not take the title of a thread: %s", reason(error))


async def _unheeded() -> None:
    """Only acknowledge it."""
