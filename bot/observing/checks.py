"""What must work for the bot to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.core.errors import ExplainerError
from bot.core.journal import Journal
from bot.core.reply import Responder
from bot.core.surface import Surface
from bot.observing.readiness import Check
from knowledge.base import KnowledgeBase

NOT_YET = "The topics are being loaded."
NOT_CONNECTED = "It is not connected."

_ANYTHING = "What is this?"


def checks_of(
    knowledge: KnowledgeBase, journal: Journal, responder: Responder, surfaces: Sequence[Surface]
) -> dict[str, Check]:
    """The checks of a bot that serves, by their names.

    Args:
        knowledge: must be searchable; that asks the Chroma server, too, where there is one.
        journal: must be readable.
        responder: must have loaded its topics.
        surfaces: must be connected.
    """

    async def searchable() -> None:
        await asyncio.to_thread(knowledge.retrieve, _ANYTHING, 1, 1)

    async def readable() -> None:
        await asyncio.to_thread(journal.posts_of, "")

    async def prepared() -> None:
        if not responder.suggestions():
            raise ExplainerError(NOT_YET)

    common = {"knowledge": searchable, "journal": readable, "topics": prepared}
    return common | {surface.name: _connected(surface) for surface in surfaces}


def _connected(surface: Surface) -> Check:
    async def connected() -> None:
        if not surface.connected:
            raise ExplainerError(NOT_CONNECTED)

    return connected
