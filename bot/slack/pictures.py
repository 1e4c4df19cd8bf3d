"""Brings pictures to where files can be: into the direct conversation with a person."""

from __future__ import annotations

import logging
import textwrap

from slack_sdk.web.async_client import AsyncWebClient

from bot.core import phrasing, wording
from bot.core.message import Message, Picture, unescaped
from bot.slack.delivery import Screen
from bot.slack.problems import PLATFORM_ERRORS, reason

ALT_CHARACTERS = 1_000

log = logging.getLogger(__name__)


class PicturesApart:
    """A screen for one person that can't hold files; its pictures come as direct messages.

    Slack has no file that only one person in a channel sees.

    Args:
        screen: shows everything else.
        client: carries the bot's token.
        user: who gets the pictures.
    """

    def __init__(self, screen: Screen, client: AsyncWebClient, user: str) -> None:
        self._screen = screen
        self._client = client
        self._user = user

    async def show(self, message: Message) -> None:
        """Show a message without its pictures."""
        await self._screen.show(phrasing.without_pictures(message, wording.PICTURE_APART))

    async def finish(self, message: Message) -> str | None:
        """Show the message that stands, and send its pictures after it."""
        told = phrasing.without_pictures(message, wording.PICTURE_APART)
        shown = await self._screen.finish(told)
        pictures = [block for block in message.blocks if isinstance(block, Picture)]
        try:
            for picture in pictures:
                await self._send(picture)
        except PLATFORM_ERRORS as error:
            log.warning("Slack did not take a picture: %s", reason(error))
            await self._screen.finish(phrasing.say(wording.PICTURE_LOST))
        return shown

    async def _send(self, picture: Picture) -> None:
        direct = await self._client.conversations_open(users=self._user)
        await self._client.files_upload_v2(
            file=picture.png,
            filename=picture.name,
            alt_txt=textwrap.shorten(unescaped(picture.alt), ALT_CHARACTERS, placeholder=" …"),
            channel=direct["channel"]["id"],
        )
