"""How the core talks back to a surface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bot.core.conversation import Level, Utterance
from bot.core.message import Message


@dataclass(frozen=True)
class Reply:
    """What is said to an utterance.

    Args:
        messages: each message replaces the one before; the last one stands. No message
            at all means that nothing is said, because it was said before. Iterating never
            raises: whatever goes wrong is told in a message.
        private: whether only the asker may see it; known at once, before any message.
    """

    messages: AsyncIterator[Message]
    private: bool = False


@dataclass(frozen=True)
class TopicChoice:
    """A topic offered for completion."""

    id: str
    title: str


class Responder(Protocol):
    """All that a surface needs of the core. No method blocks or raises."""

    def hear(self, said: Utterance) -> Reply | None:
        """Respond to a message of a conversation; ``None`` if it isn't for the bot."""

    def ask(self, said: Utterance, level: Level | None = None, private: bool = False) -> Reply:
        """Answer a question asked by a command."""

    def summarize(self, said: Utterance, level: Level | None = None) -> Reply:
        """Summarize the topic that ``said.text`` names."""

    def path(self, said: Utterance) -> Reply:
        """Tell what to learn before the topic that ``said.text`` names, with a picture."""

    def reindex(self, said: Utterance) -> Reply:
        """Read the sources again, for operators; a refusal for others. Private in any case."""

    def complete_topic(self, typed: str, limit: int = 25) -> tuple[TopicChoice, ...]:
        """Topics whose title, alias or abbreviation fits what was typed so far."""

    async def posted(self, said: Utterance, message_id: str) -> None:
        """The last message stands under an id: what was said is answered for good.

        Until then a crash, or an error of the platform, leaves it to be answered anew.
        """
