"""The two places where Discord shows a reply: a channel, and the answer to an interaction."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from hashlib import blake2b
from typing import Any

import discord
from discord.abc import Messageable

from bot.discord.delivery import PLATFORM_ERRORS
from bot.discord.rendering import Page

NOTHING_PINGS = discord.AllowedMentions.none()
# Unknown webhook, unknown message, invalid webhook token: nothing can be answered there (any more).
_CLOSED = (10015, 10008, 50027)
# In place of an id: what the first answer to an interaction is called.
_ORIGINAL: Any = "@original"

Post = discord.Message | discord.PartialMessage


class ChannelStage:
    """Posts into a channel.

    Args:
        target: the channel, or a person for a direct message.
        key: what is answered; two deliveries of it never make two posts of the same text.
        answered: the message that the first post replies to.
        posts: what shows the pages so far, if the reply was shown before.
    """

    def __init__(
        self,
        target: Messageable,
        key: str,
        *,
        answered: Post | None = None,
        posts: Iterable[Post] = (),
    ) -> None:
        self._target, self._key, self._answered = target, key, answered
        self._posts: dict[int, Post] = dict(enumerate(posts))
        self._begun: dict[int, Page] = {}

    def working(self) -> AbstractAsyncContextManager[None]:
        """Show that the bot is typing."""
        return _typing(self._target)

    async def show(self, number: int, page: Page) -> int:
        """Post a page or edit it."""
        if number not in self._posts:
            # Where an earlier attempt broke off, its words may stand there: they come first.
            begun = self._begun.setdefault(number, page)
            self._posts[number] = await self._begin(number, begun)
            if begun == page:
                return self._posts[number].id
        await _edit(self._posts[number], page)
        return self._posts[number].id

    async def shorten(self, pages: int) -> None:
        """Delete what shows further pages."""
        await _delete_from(pages, self._posts)

    def take_over(self, number: int, post: Post) -> None:
        """Let something that was posted elsewhere show a page."""
        self._posts[number] = post

    async def _begin(self, number: int, page: Page) -> discord.Message:
        try:
            post = await self._post(number, page)
        except discord.HTTPException:
            del self._begun[number]  # Discord refused it, so nothing stands there.
            raise
        del self._begun[number]
        return post

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
    """Answers a command or a button that was deferred.

    That can be done for 15 minutes. Later the posts are edited as any other, and what is new is
    posted to the channel, or to the person alone if the answer is private.

    Args:
        webhook: answers it.
        channel: where it was used.
        late: shows what comes after these 15 minutes.
        private: whether only the person who used it may see the answer.
    """

    def __init__(
        self,
        webhook: discord.Webhook,
        channel: discord.PartialMessageable,
        late: ChannelStage,
        private: bool,
    ) -> None:
        self._webhook, self._channel, self._late = webhook, channel, late
        self._private = private
        self._expired = False
        self._posts: dict[int, Post] = {}

    def working(self) -> AbstractAsyncContextManager[None]:
        """Nothing: Discord itself shows that the bot is thinking."""
        return nullcontext()

    async def show(self, number: int, page: Page) -> int:
        """Edit the answer, or add a page to it."""
        if not self._expired:
            try:
                return await self._respond(number, page)
            except discord.HTTPException as error:
                # Clocks differ: Discord alone knows when the 15 minutes are over.
                if error.code not in _CLOSED:
                    raise
        self._expired = True
        return await self._late.show(number, page)

    async def shorten(self, pages: int) -> None:
        """Delete what shows further pages, and that the bot is thinking."""
        if self._expired:
            await self._late.shorten(pages)
        elif pages == 0 and not self._posts:
            await self._webhook.delete_message(_ORIGINAL)
        else:
            await _delete_from(pages, self._posts)

    async def _respond(self, number: int, page: Page) -> int:
        if number == 0:
            post: Post = await self._webhook.edit_message(
                _ORIGINAL, view=page.layout, attachments=page.files
            )
        elif number in self._posts:
            post = await _edit(self._posts[number], page)
        else:
            post = await self._webhook.send(
                view=page.layout, files=page.files, ephemeral=self._private, wait=True
            )
        self._posts[number] = post
        if not self._private:
            self._late.take_over(number, self._channel.get_partial_message(post.id))
        return post.id


async def _edit(post: Post, page: Page) -> Post:
    return await post.edit(view=page.layout, attachments=page.files, allowed_mentions=NOTHING_PINGS)


async def _delete_from(pages: int, posts: dict[int, Post]) -> None:
    for number in [number for number in posts if number >= pages]:
        await posts.pop(number).delete()


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
