"""Brings pictures to where files can be: into a thread, or to one person as direct messages."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.messages import phrasing, wording
from bot.core.messages.message import Message, Picture, unescaped
from bot.slack.delivery import Screen
from bot.slack.markup import harmless
from bot.slack.people import direct_channel
from bot.slack.problems import PLATFORM_ERRORS, reason

ALT_CHARACTERS = 1_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gallery:
    """Where pictures are shown.

    Args:
        client: carries the bot's token.
        channel: the channel; empty for the direct conversation with the person.
        thread: the thread in it; ``None`` for one below the answer, if the answer has an id.
        user: the person.
    """

    client: AsyncWebClient
    channel: str
    thread: str | None
    user: str

    @property
    def apart(self) -> bool:
        """Whether the pictures stand somewhere else than the words."""
        return not self.channel

    async def hang(self, picture: Picture, posts: tuple[str, ...]) -> None:
        """Show a picture.

        Args:
            picture: what is shown.
            posts: the ids of the posts that it belongs to.
        """
        channel = self.channel or await direct_channel(self.client, self.user)
        below = self.thread or next(iter(posts), None)
        await self.client.files_upload_v2(
            file=picture.png,
            filename=picture.name,
            alt_txt=harmless(unescaped(picture.alt), ALT_CHARACTERS),
            channel=channel,
            thread_ts=None if self.apart else below,
        )


class WithPictures:
    """A screen whose pictures follow its last message; Slack has no private files.

    Args:
        screen: shows everything else.
        gallery: where the pictures are shown.
        remarks: where it is told that a picture could not be shown.
    """

    def __init__(self, screen: Screen, gallery: Gallery, remarks: Screen) -> None:
        self._screen = screen
        self._gallery = gallery
        self._remarks = remarks

    @property
    def lasting(self) -> bool:
        """Whether what is shown stays there when the next message comes."""
        return self._screen.lasting

    async def show(self, message: Message) -> None:
        """Show a message without its pictures."""
        await self._screen.show(self._words(message))

    async def finish(self, message: Message) -> tuple[str, ...]:
        """Show the message that stands, and its pictures after it."""
        posts = await self._screen.finish(self._words(message))
        pictures = [block for block in message.blocks if isinstance(block, Picture)]
        try:
            for picture in pictures:
                await self._gallery.hang(picture, posts)
        except PLATFORM_ERRORS as error:
            log.warning("Slack did not take a picture: %s", reason(error))
            await self._remarks.finish(phrasing.say(wording.PICTURE_LOST))
        return posts

    def _words(self, message: Message) -> Message:
        if self._gallery.apart:
            return phrasing.without_pictures(message, wording.PICTURE_APART)
        blocks = (block for block in message.blocks if not isinstance(block, Picture))
        return replace(message, blocks=tuple(blocks))
