"""What people may know, and have deleted, of what is kept of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.core.conversation import Utterance
from bot.core.journal import Journal
from bot.core.messages.message import Message
from bot.core.messages.privacy import Policy, forget_message, forgotten_message, privacy_message


class Privacy:
    """Tells people what is kept of them, and deletes it.

    Args:
        journal: where it is kept.
        policy: what is kept, and who sees it.
    """

    def __init__(self, journal: Journal, policy: Policy) -> None:
        self._journal = journal
        self._policy = policy

    async def tell(self, said: Utterance) -> AsyncIterator[Message]:
        """Tell what is kept."""
        known = await asyncio.to_thread(self._journal.known_of, said.asker)
        yield privacy_message(self._policy, known)

    async def ask(self, said: Utterance) -> AsyncIterator[Message]:
        """Ask whether it shall be deleted."""
        known = await asyncio.to_thread(self._journal.known_of, said.asker)
        yield forget_message(known)

    async def forget(self, said: Utterance) -> AsyncIterator[Message]:
        """Delete it."""
        known = await asyncio.to_thread(self._journal.known_of, said.asker)
        await asyncio.to_thread(self._journal.forget_person, said.asker)
        yield forgotten_message(known)
