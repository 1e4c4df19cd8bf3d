"""A core with a script: it implements the interface of the real one and notes what it hears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bot.core.conversation import Level, Utterance
from bot.core.message import Message, Paragraph
from bot.core.reply import Reply, Responder, TopicChoice


@dataclass
class ScriptedResponder(Responder):
    """Answers everything that is addressed to it with the same messages.

    Args:
        script: the messages of every reply, in order; the last one stands.
        private: whether replies are private.
        topics: what completion offers for anything typed.
    """

    script: tuple[Message, ...] = (Message((Paragraph("Scripted."),)),)
    private: bool = False
    topics: tuple[TopicChoice, ...] = ()
    heard: list[tuple[str, Utterance]] = field(default_factory=list)
    asked: list[tuple[Level | None, bool]] = field(default_factory=list)
    posts: list[tuple[str, str]] = field(default_factory=list)

    def hear(self, said: Utterance) -> Reply | None:
        self.heard.append(("hear", said))
        return self._reply(said) if said.addressed else None

    def ask(self, said: Utterance, level: Level | None = None, private: bool = False) -> Reply:
        self.heard.append(("ask", said))
        self.asked.append((level, private))
        return Reply(self._messages(), private or self.private)

    def summarize(self, said: Utterance, level: Level | None = None) -> Reply:
        self.heard.append(("summarize", said))
        self.asked.append((level, False))
        return self._reply(said)

    def path(self, said: Utterance) -> Reply:
        self.heard.append(("path", said))
        return self._reply(said)

    def reindex(self, said: Utterance) -> Reply:
        self.heard.append(("reindex", said))
        return self._reply(said)

    def complete_topic(self, typed: str, limit: int = 25) -> tuple[TopicChoice, ...]:
        return self.topics[:limit]

    async def posted(self, said: Utterance, message_id: str) -> None:
        self.posts.append((said.key, message_id))

    def _reply(self, said: Utterance) -> Reply:
        return Reply(self._messages(), self.private)

    async def _messages(self) -> AsyncIterator[Message]:
        for message in self.script:
            yield message
