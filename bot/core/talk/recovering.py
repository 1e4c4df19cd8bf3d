"""Going on with what processes left that died, or that could not post."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.core.journal import Journal
from bot.core.surface import Surface
from bot.core.talk.dialogue import Dialogue
from knowledge.errors import KnowledgeError

EVERY_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Recovery:
    """Looks for expired tickets, takes them and lets surfaces show the replies.

    Args:
        journal: where the tickets are.
        dialogue: answers.
        surfaces: show it.
    """

    def __init__(self, journal: Journal, dialogue: Dialogue, surfaces: Sequence[Surface]) -> None:
        self._journal = journal
        self._dialogue = dialogue
        self._surfaces = {surface.name: surface for surface in surfaces}

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY_SECONDS)

    async def once(self) -> None:
        """Go on with all that is left now."""
        able = [name for name, surface in self._surfaces.items() if surface.connected]
        if not able:
            return
        try:
            found = await asyncio.to_thread(self._journal.take_abandoned, able)
        except KnowledgeError as error:
            _log.error("%s", error)
            return
        for each in found:
            said = each.request.said
            _log.info("%s was left unanswered and is taken over.", said.key)
            reply = await self._dialogue.resume(each)
            await self._surfaces[said.place.platform].resume(each.request, reply, each.posts)
