"""The two places where Discord shows a reply: a channel, and the answer to a command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from hashlib import blake2b

import discord
from discord.abc import Messageable

from bot.discord.delivery import PLATFORM_ERRORS
from bot.discord.rendering import Page

NOTHING_PINGS = discord.AllowedMentions.none()
_INVALID_WEBHOOK_TOKEN = 50027


class ChannelStage:
    """Posts into a channel.

    Args:
        target: the channel, or a person for a direct message.
        key: what is answered; two deliveries of it never make two posts of the same text.
        answered: the message that the first post replies to.
    """

    def __init__(
        self, target: Messageable, key: str, answered: discord.Message | None = None
    ) -> None:
        self._target, self._key, self._answered = target, key, answered
        self._posts: list[discord.Message] = []

    def working(self) -> AbstractAsyncContextManager[None]:
        """Show that the bot is typing."""
        return _typing(self._target)

    async def show(self, number: int, page: Page) -> int:
        """Post a page or edit it."""
        if number < len(self._posts):
            post = self._posts[number]
            await post.edit(
                view=page.layout, attachments=page.files, allowed_mentions=NOTHING_PINGS
            )
        else:
            post = await self._post(number, page)
            self._posts.append(post)
        return post.id

    async def withdraw(self) -> None:
        """Delete what was posted."""
        for post in self._posts:
            await post.delete()

    async def _post(self, number: int, page: Page) -> discord.Message:
        nonce = self._nonce(number, page)
        if number > 0 or self._answered is None:
            return await self._target.send(view=page.layout, files=page.files, nonce=nonce)
        # The question may be gone by now; the answer stands without it then.
        question = self._answered.to_reference(fail_if_not_exists=False)
        return await self._target.send(
            view=page.layout, files=page.files, nonce=nonce, reference=question
        )

    def _nonce(self, number: int, page: Page) -> str:
        # The text is part of it: a post with other words must not be taken for this one.
        components = page.layout.to_components()  # type: ignore[no-untyped-call]  # not annotated
        said = json.dumps([self._key, number, components])
        return blake2b(said.encode(), digest_size=12).hexdigest()


class InteractionStage:
    """Answers a command that was deferred.

    A command can be answered for 15 minutes; what takes longer is posted to where the
    command was used, or to the person alone if the answer is private.

    Args:
        interaction: the use of the command.
        key: what is answered.
        private: whether only the person who used the command may see the answer.
    """

    def __init__(
        self, interaction: discord.Interaction[discord.Client], key: str, private: bool
    ) -> None:
        self._interaction, self._private = interaction, private
        self._expired = False
        self._late = ChannelStage(interaction.user if private else _channel_of(interaction), key)

    def working(self) -> AbstractAsyncContextManager[None]:
        """Nothing: Discord itself shows that the bot is thinking."""
        return nullcontext()

    async def show(self, number: int, page: Page) -> int:
        """Edit the answer, or add a page to it."""
        if not (self._expired or self._interaction.is_expired()):
            try:
                return await self._respond(number, page)
            except discord.HTTPException as error:
                # Clocks differ: Discord alone knows when the 15 minutes are over.
                if error.code != _INVALID_WEBHOOK_TOKEN:
                    raise
        self._expired = True
        return await self._late.show(number, page)

    async def withdraw(self) -> None:
        """Delete the answer."""
        await self._interaction.delete_original_response()

    async def _respond(self, number: int, page: Page) -> int:
        if number == 0:
            original = await self._interaction.edit_original_response(
                view=page.layout, attachments=page.files
            )
            return original.id
        followup = await self._interaction.followup.send(
            view=page.layout, files=page.files, ephemeral=self._private, wait=True
        )
        return followup.id


def _channel_of(interaction: discord.Interaction[discord.Client]) -> Messageable:
    return interaction.client.get_partial_messageable(
        interaction.channel_id or 0, guild_id=interaction.guild_id
    )


@asynccontextmanager
async def _typing(target: Messageable) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        # Only a courtesy: neither an error nor a delay of it may touch the reply.
        try:
            async with asyncio.timeout(2):
                await stack.enter_async_context(target.typing())
        except PLATFORM_ERRORS:
            pass
        yield
