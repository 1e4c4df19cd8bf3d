"""The connection to Discord: hands events to the core and shows what it replies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.core.conversation import Utterance
from bot.core.reply import Reply, Responder
from bot.discord.commands import add_commands
from bot.discord.delivery import PLATFORM_ERRORS, Stage, deliver, one_line
from bot.discord.parsing import utterance_of_message
from bot.discord.stages import NOTHING_PINGS, ChannelStage, InteractionStage

_log = logging.getLogger(__name__)


class ExplainerClient(discord.Client):
    """A client that lets the core answer.

    Args:
        responder: the core.
        message_content: whether to ask for the privileged message-content intent.
        interval: the least time between two edits that show progress, in seconds.
    """

    def __init__(self, responder: Responder, message_content: bool, interval: float) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        super().__init__(intents=intents, allowed_mentions=NOTHING_PINGS, max_messages=None)
        self._responder, self._interval = responder, interval
        self._replies: set[asyncio.Task[None]] = set()

    async def setup_hook(self) -> None:
        """Register the commands; without them the bot still answers what it is told."""
        tree = app_commands.CommandTree[discord.Client](self)
        add_commands(tree, self._responder, self._respond)
        try:
            await tree.sync()
        except PLATFORM_ERRORS as error:
            _log.warning("Discord didn't take the commands: %s", one_line(error))

    async def on_message(self, message: discord.Message) -> None:
        """Let the core respond to a message."""
        said = utterance_of_message(message, self.user) if self.user else None
        reply = None if said is None else self._responder.hear(said)
        if said is not None and reply is not None:
            self._start(self._show(said, reply, _stage_for(message, said, reply)))

    async def close(self) -> None:
        """Drop the replies that are being worked on and disconnect."""
        for reply in self._replies:
            reply.cancel()
        await asyncio.gather(*self._replies, return_exceptions=True)
        await super().close()

    async def _respond(
        self, interaction: discord.Interaction[discord.Client], said: Utterance, reply: Reply
    ) -> None:
        try:
            await interaction.response.defer(thinking=True, ephemeral=reply.private)
        except PLATFORM_ERRORS as error:
            _log.warning("Discord closed %s before the answer: %s", said.key, one_line(error))
            return
        stage = InteractionStage(interaction, said.key, reply.private)
        self._start(self._show(said, reply, stage))

    async def _show(self, said: Utterance, reply: Reply, stage: Stage) -> None:
        try:
            message_id = await deliver(reply.messages, stage, self._interval)
            if message_id is not None:
                await self._responder.posted(said, str(message_id))
        except PLATFORM_ERRORS as error:
            _log.warning("The reply to %s could not be posted: %s", said.key, one_line(error))

    def _start(self, showing: Coroutine[Any, Any, None]) -> None:
        # The event loop keeps weak references only: without this set a reply could vanish.
        task = asyncio.create_task(showing)
        self._replies.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._replies.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A reply failed", exc_info=error)


def _stage_for(message: discord.Message, said: Utterance, reply: Reply) -> Stage:
    if reply.private and not said.place.direct:
        # Only commands can be answered in a channel so that nobody else sees it.
        return ChannelStage(message.author, said.key)
    return ChannelStage(message.channel, said.key, answered=message)
