"""The connection to Discord: hands events to the core and shows what it replies."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import discord
from discord.abc import Messageable

from bot.core.action import Action
from bot.core.conversation import Utterance
from bot.core.observer import request_of
from bot.core.reply import Reply, Responder
from bot.core.request import Request
from bot.core.surface import GRACE
from bot.discord.addressing import (
    address_of_interaction,
    address_of_message,
    number_in,
    webhook_of,
)
from bot.discord.commands import command_tree
from bot.discord.delivery import PLATFORM_ERRORS, Stage, deliver, one_line
from bot.discord.parsing import key_of, utterance_of_interaction, utterance_of_message
from bot.discord.presses import ActionButton, FormModal
from bot.discord.shards import ShardedClient
from bot.discord.stages import NOTHING_PINGS, ChannelStage, InteractionStage
from bot.discord.turns import Turns
from bot.settings import ShardRange

# How long after it was asked an edited question gets its answer corrected.
CORRECTED_WITHIN = timedelta(minutes=1)
# Among how many messages after a question its answer is looked for.
SEARCHED = 100

_log = logging.getLogger(__name__)


class ExplainerClient(ShardedClient):
    """A client that lets the core answer.

    Args:
        responder: the core.
        message_content: whether to ask for the privileged message-content intent.
        interval: the least time between two edits that show progress, in seconds.
        shards: which shards to serve; all that Discord recommends if not given.
        grace: how long replies may take to end when the client is closed, in seconds.
    """

    def __init__(
        self,
        responder: Responder,
        message_content: bool,
        interval: float,
        shards: ShardRange | None = None,
        *,
        grace: float = GRACE,
    ) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        super().__init__(shards, intents=intents, allowed_mentions=NOTHING_PINGS, max_messages=None)
        self._responder, self._interval = responder, interval
        self._turns, self._grace = Turns(), grace

    async def setup_hook(self) -> None:
        """Register the commands; without them the bot still answers what it is told."""
        self.add_dynamic_items(ActionButton)
        tree = command_tree(self, self._responder, self._respond)
        try:
            await tree.sync()
        except PLATFORM_ERRORS as error:
            _log.warning("Discord didn't take the commands: %s", one_line(error))

    async def on_message(self, message: discord.Message) -> None:
        """Let the core respond to a message."""
        said = utterance_of_message(message, self.user) if self.user else None
        if said is not None:
            self._turns.start(said.key, self._answer(message, said))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Let the core correct the answer to a question that was changed soon after."""
        message = event.message
        # Without a time, only a preview was added to what was said.
        if message.edited_at is None or message.edited_at - message.created_at > CORRECTED_WITHIN:
            return
        said = utterance_of_message(message, self.user) if self.user else None
        if said is not None and said.text:
            self._turns.start(said.key, self._correct(message, said))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Remove the answer to a question that was deleted."""
        self._question_is_gone(event.channel_id, event.message_id)

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Remove the answers to questions that were deleted together."""
        for message_id in sorted(event.message_ids):
            self._question_is_gone(event.channel_id, message_id)

    async def on_explainer_press(
        self, interaction: discord.Interaction[Any], action: Action
    ) -> None:
        """Do what a button does, or open its form first."""
        form = self._responder.form(action)
        if form is None:
            await self._press(interaction, action)
            return

        async def submit(submission: discord.Interaction[Any], words: str) -> None:
            await self._press(submission, action, words)

        try:
            await interaction.response.send_modal(FormModal(form, submit))
        except PLATFORM_ERRORS as error:
            _log.warning("Discord did not open a form: %s", one_line(error))

    async def close(self) -> None:
        """Finish the replies that are being worked on, and disconnect."""
        await self._turns.close(self._grace)
        await super().close()

    async def resume(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> None:
        """Show a reply that another process left."""
        self._turns.start(request.said.key, self._go_on(request, reply, posts))

    async def _press(
        self, interaction: discord.Interaction[Any], action: Action, words: str = ""
    ) -> None:
        administrative = action.verb.administrative
        said = utterance_of_interaction(interaction, words, administrative=administrative)
        reply = await self._responder.press(said, action, address_of_interaction(interaction))
        await self._respond(interaction, said, reply)

    async def _respond(
        self, interaction: discord.Interaction[Any], said: Utterance, reply: Reply | None
    ) -> None:
        if reply is None:
            return
        try:
            await interaction.response.defer(thinking=True, ephemeral=reply.private)
        except PLATFORM_ERRORS as error:
            _log.warning("Discord closed %s before the answer: %s", said.key, one_line(error))
            self._responder.unposted(said)
            return
        stage = self._interaction_stage(
            None if interaction.is_expired() else interaction.followup,
            interaction.channel_id,
            interaction.user,
            said,
            reply,
        )
        self._turns.start(said.key, self._show(said, reply, stage))

    async def _answer(self, message: discord.Message, said: Utterance) -> None:
        reply = await self._responder.hear(said, address_of_message(message))
        if reply is None:
            return
        if _goes_to_the_person(said, reply):
            # Only commands can be answered in a channel so that nobody else sees it.
            stage = ChannelStage(message.author, said.key)
        else:
            stage = ChannelStage(message.channel, said.key, answered=message)
        await self._show(said, reply, stage)

    async def _go_on(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> None:
        """Show a reply in place of what another process showed of it."""
        try:
            stage = await self._stage_again(request, reply, posts)
        except PLATFORM_ERRORS:
            self._responder.unposted(request.said)
            raise
        await self._show(request.said, reply, stage)

    async def _stage_again(self, request: Request, reply: Reply, posts: tuple[str, ...]) -> Stage:
        said, address = request.said, request.address
        channel = self.get_partial_messageable(number_in(address, "channel"))
        apart = _goes_to_the_person(said, reply)
        user = await self.fetch_user(number_in(address, "user")) if apart else None
        if token := address.get("token"):
            webhook = webhook_of(self, str(token))
            return self._interaction_stage(webhook, channel.id, user, said, reply)
        if user is not None:
            return ChannelStage(user, said.key)
        question = channel.get_partial_message(number_in(address, "message"))
        found = _posts(channel, posts) or await self._answer_to(question)
        return ChannelStage(channel, said.key, answered=question, posts=found)

    async def _answer_to(self, question: discord.PartialMessage) -> list[discord.Message]:
        """The bot's own message that replies to a question, if it stands."""
        try:
            async for message in question.channel.history(after=question, limit=SEARCHED):
                reference = message.reference
                answers = reference is not None and reference.message_id == question.id
                if message.author == self.user and answers:
                    return [message]
        except discord.Forbidden:
            _log.warning("The bot may not read a channel's history, so it cannot look there.")
        return []

    def _interaction_stage(
        self,
        webhook: discord.Webhook | None,
        channel_id: int | None,
        user: Messageable | None,
        said: Utterance,
        reply: Reply,
    ) -> Stage:
        channel = self.get_partial_messageable(channel_id or 0)
        late = ChannelStage(user if reply.private and user else channel, said.key)
        return InteractionStage(webhook, channel, late, reply.private) if webhook else late

    async def _correct(self, message: discord.Message, said: Utterance) -> None:
        correction = await self._responder.edited(said)
        if correction is None:
            return
        channel_id = message.channel.id
        answered: discord.Message | None = message
        if _goes_to_the_person(said, correction.reply):
            channel_id, answered = (await message.author.create_dm()).id, None
        channel = self.get_partial_messageable(channel_id)
        # What is posted now must not be taken for a post of the answer before.
        key = f"{said.key} {message.edited_at}"
        posts = _posts(channel, correction.posts)
        stage = ChannelStage(channel, key, answered=answered, posts=posts)
        await self._show(said, correction.reply, stage)

    async def _show(self, said: Utterance, reply: Reply, stage: Stage) -> None:
        with request_of(said):
            try:
                ids = await deliver(reply, stage, self._interval)
            except PLATFORM_ERRORS:
                self._responder.unposted(said)
                raise
            await self._responder.posted(said, tuple(map(str, ids)))

    def _question_is_gone(self, channel_id: int, message_id: int) -> None:
        key = key_of(message_id)
        self._turns.start(key, self._remove_answer(self.get_partial_messageable(channel_id), key))

    async def _remove_answer(self, channel: discord.PartialMessageable, key: str) -> None:
        for post in _posts(channel, await self._responder.deleted(key)):
            try:
                await post.delete()
            except PLATFORM_ERRORS as error:
                _log.debug("A part of an answer could not be deleted: %s", one_line(error))


def _goes_to_the_person(said: Utterance, reply: Reply) -> bool:
    return reply.private and not said.place.direct


def _posts(channel: discord.PartialMessageable, ids: Iterable[str]) -> list[discord.PartialMessage]:
    return [channel.get_partial_message(int(post)) for post in ids]
