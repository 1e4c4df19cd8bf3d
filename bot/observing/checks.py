"""What must work for the bot to answer."""

from __future__ import annotations

import asyncio

from bot.core.errors import ExplainerError
from bot.core.journal import Journal
from bot.core.reply import Responder
from bot.observing.readiness import Check
from knowledge.base import KnowledgeBase

NOT_YET = "The topics are being loaded."


def checks_of(knowledge: KnowledgeBase, journal: Journal, responder: Responder) -> dict[str, Check]:
    """The checks of a bot that serves, by their names.

    Args:
        knowledge: its edition must open.
        journal: must be readable.
        responder: must have loaded its topics.
    """

    async def edition() -> None:
        await asyncio.to_thread(knowledge.current)

    async def readable() -> None:
        await asyncio.to_thread(journal.posts_of, "")

    async def prepared() -> None:
        if not responder.suggestions():
            raise ExplainerError(NOT_YET)

    return {"knowledge": edition, "journal": readable, "topics": prepared}
