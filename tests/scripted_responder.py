"""A core with a script: it implements the interface of the real one and notes what it hears."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.action import Action, Form
from bot.core.conversation import Utterance
from bot.core.messages.message import Message, Paragraph
from bot.core.reply import Correction, Reply, Responder, TopicChoice
from bot.core.request import Address

NOWHERE: Address = {}


@dataclass
class ScriptedResponder(Responder):
    """Answers everything that is addressed to it with the same messages.

    Args:
        script: the messages of every reply, in order; the last one stands.
        private: whether replies are private.
        topics: what completion offers for anything typed.
        forms: what buttons ask before they act, by their codes.
        answered: the posts that show the answers, by what was said.
    """

    script: tuple[Message, ...] = (Message((Paragraph("Scripted."),)),)
    private: bool = False
    topics: tuple[TopicChoice, ...] = ()
    forms: dict[str, Form] = field(default_factory=dict)
    answered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    heard: list[tuple[str, Utterance]] = field(default_factory=list)
    commands: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pressed: list[Action] = field(default_factory=list)
    posts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    started: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    async def hear(self, said: Utterance, address: Address = NOWHERE) -> Reply | None:
        self.heard.append(("hear", said))
        return self._reply() if said.addressed else None

    async def command(
        self,
        said: Utterance,
        name: str,
        options: Mapping[str, str],
        address: Address = NOWHERE,
    ) -> Reply | None:
        self.heard.append((name, said))
        self.commands.append((name, dict(options)))
        return Reply(self._messages(), self.private or options.get("private") == "true")

    async def press(
        self, said: Utterance, action: Action, address: Address = NOWHERE
    ) -> Reply | None:
        self.heard.append(("press", said))
        self.pressed.append(action)
        return self._reply()

    def form(self, action: Action) -> Form | None:
        return self.forms.get(action.code)

    def complete_topic(self, typed: str, limit: int = 25) -> tuple[TopicChoice, ...]:
        return self.topics[:limit]

    def suggestions(self) -> tuple[str, ...]:
        return ("What is a token?", "What is attention?")

    async def home(self, said: Utterance) -> Message:
        self.heard.append(("home", said))
        return self.script[-1]

    async def edited(self, said: Utterance) -> Correction | None:
        self.heard.append(("edited", said))
        posts = self.answered.get(said.key)
        return Correction(self._reply(), posts) if posts else None

    async def deleted(self, key: str) -> tuple[str, ...]:
        return self.answered.get(key, ())

    async def begun(self, said: Utterance, message_ids: Sequence[str]) -> None:
        self.started.append((said.key, tuple(message_ids)))

    def unposted(self, said: Utterance) -> None:
        self.failed.append(said.key)

    async def posted(self, said: Utterance, message_ids: Sequence[str]) -> None:
        self.posts.append((said.key, tuple(message_ids)))

    def _reply(self) -> Reply:
        return Reply(self._messages(), self.private)

    async def _messages(self) -> AsyncIterator[Message]:
        for message in self.script:
            yield message
