"""How the core talks back to a surface."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.action import Action, Form
from bot.core.conversation import Utterance
from bot.core.messages.message import Message
from bot.core.request import Address


@dataclass(frozen=True)
class Reply:
    """What is said to an utterance.

    Args:
        messages: each message replaces the one before; the last one stands. No message
            at all means that nothing is said. Iterating never raises: whatever goes wrong is
            told in a message. A text that grows is only ever added to; if it isn't, the
            answer was begun anew.
        private: whether only the asker may see it; known at once, before any message.
        unasked: whether nobody addressed the bot, so that nothing may show that it works.
    """

    messages: AsyncIterator[Message]
    private: bool = False
    unasked: bool = False


@dataclass(frozen=True)
class Correction:
    """What takes the place of an earlier answer.

    Args:
        reply: the new answer.
        posts: the ids of the messages that show the old one, in their order.
    """

    reply: Reply
    posts: tuple[str, ...]


@dataclass(frozen=True)
class TopicChoice:
    """A topic offered for completion."""

    id: str
    title: str


class Responder(Protocol):
    """All that a surface needs of the core. No method blocks or raises."""

    async def hear(self, said: Utterance, address: Address = ...) -> Reply | None:
        """Respond to a message of a conversation; ``None`` if it isn't for the bot, or not ours.

        Surfaces hand over every message of a person whose words they are shown. When this, or
        one of the other two ways to ask, returns, what is to be answered is written down: then
        the platform may be told that it arrived, and if this process dies another one answers.

        Args:
            said: who said what, and where.
            address: where the surface shows the reply, in its own words.
        """

    async def command(
        self,
        said: Utterance,
        name: str,
        options: Mapping[str, str],
        address: Address = ...,
    ) -> Reply | None:
        """Respond to a command; ``None`` if somebody else does.

        Args:
            said: who used it and where; its text is not looked at.
            name: as in :data:`bot.core.commands.CATALOGUE`.
            options: by name; flags are "true" or "false". What is missing or not valid is
                told in the reply.
            address: where the surface shows the reply, in its own words.
        """

    async def press(self, said: Utterance, action: Action, address: Address = ...) -> Reply | None:
        """Respond to a pressed button; ``None`` if somebody else does.

        Args:
            said: who pressed it and where; its text is what was typed into the button's form.
            action: what the button does.
            address: where the surface shows the reply, in its own words.
        """

    def form(self, action: Action) -> Form | None:
        """What a button asks before it acts; ``None`` if it acts at once."""

    def complete_topic(self, typed: str, limit: int = 25) -> tuple[TopicChoice, ...]:
        """Topics whose title, alias or abbreviation fits what was typed so far."""

    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin a conversation with, at most four."""

    async def home(self, said: Utterance) -> Message:
        """What a person's own page shows, where a platform has one.

        Args:
            said: who looks at it, and whether the person administers the place.
        """

    async def edited(self, said: Utterance) -> Correction | None:
        """A question was changed by who asked it; ``None`` if its answer stays as it is."""

    async def deleted(self, key: str) -> tuple[str, ...]:
        """Something said was deleted: the ids of the messages to be deleted with it.

        Args:
            key: the utterance's key.
        """

    async def begun(self, said: Utterance, message_ids: Sequence[str]) -> None:
        """Messages stand in which the answer grows: who takes it over goes on with them.

        Args:
            said: what is answered.
            message_ids: their ids.
        """

    async def posted(self, said: Utterance, message_ids: Sequence[str]) -> None:
        """The reply is over, also one without any message: it is answered for good.

        Until then a crash leaves it to be answered by another process.

        Args:
            said: what was answered.
            message_ids: the ids of the posts that show it, in their order; empty where the
                platform gives none.
        """

    def unposted(self, said: Utterance) -> None:
        """The platform did not take the reply: it is tried again later, here or elsewhere.

        Args:
            said: what was to be answered.
        """
