"""What comes of a question while the language model fails or lies."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from bot.app import build
from bot.core.answers.answer import Answer, Claim, Question, Status
from bot.core.answers.explainer import Event, Explainer
from bot.core.messages import wording
from bot.settings import Settings
from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.sentences import sentences
from tests.platforms.openai_server import OpenAIServer, Request, Turn

MODEL = "openai:tiny"
QUESTIONS = (
    "What is self-attention?",
    "How does LoRA work?",
    "What is a transformer?",
    "What is gradient descent?",
    "Why is quantization used?",
)
_PLAIN = re.compile(r"[A-Z][\w ,'’-]{40,160}\.")


class Wire(Protocol):
    """Wires the bot with the model of a server."""

    def __call__(
        self, server: OpenAIServer, seconds: float = 20, model: str = MODEL
    ) -> AbstractAsyncContextManager[Explainer]: ...


@asynccontextmanager
async def wired(
    data: Path, embedder: Embedder, server: OpenAIServer, seconds: float = 20, model: str = MODEL
) -> AsyncIterator[Explainer]:
    """Wire the bot over a data directory."""
    settings = Settings(
        _env_file=None,
        data_dir=data,
        model=model,
        model_base_url=server.base_url,
        model_timeout=seconds,
    )
    with build(settings, embedder=embedder) as app:
        yield app.explainer


def sentences_in(data: Path) -> frozenset[str]:
    """All sentences of the articles that are indexed in a data directory, flat."""
    library = Library.open(data)
    edition = library.published()
    assert edition
    found = frozenset(
        flat(sentence)
        for article in library.articles(edition.id)
        for passage in library.passages_of(edition.id, article.id)
        for sentence in sentences(passage.text)
    )
    library.close()
    return found


@dataclass(frozen=True)
class Outcome:
    """Everything that was told, and what it took.

    Args:
        events: what the use case told.
        requests: how often the model was asked.
    """

    events: list[Event]
    requests: int

    @property
    def answer(self) -> Answer:
        """The one answer, with which everything ends."""
        [answer] = [event for event in self.events if isinstance(event, Answer)]
        assert self.events[-1] is answer
        return answer

    @property
    def said(self) -> set[str]:
        """All sentences that were visible at any time."""
        meanwhile = {flat(event.text) for event in self.events if isinstance(event, Claim)}
        return meanwhile | {flat(claim.text) for claim in self.answer.claims}

    @property
    def by(self) -> tuple[Status, str, str]:
        """How the answer ended, who composed it, and what it remarks."""
        return self.answer.status, self.answer.model, self.answer.remark


BY_THE_MODEL = (Status.ANSWERED, MODEL, "")
REPLACED = (Status.ANSWERED, "extractive", wording.MODEL_FAILED)


async def asked(
    wire: Wire,
    *script: Turn,
    question: str = QUESTIONS[0],
    seconds: float = 20,
    model: str = MODEL,
) -> Outcome:
    """Ask a question while the model's server follows a script.

    Args:
        wire: wires the bot.
        script: what happens to the first request, the second and so on.
        question: the question.
        seconds: how long the bot waits for the server to say something.
        model: the setting that names the model.
    """
    async with (
        asyncio.timeout(60),
        OpenAIServer(*script) as server,
        wire(server, seconds, model) as explainer,
    ):
        events = [event async for event in explainer.stream(Question(question))]
        return Outcome(events, len(server.requests))


def quoting(count: int) -> Callable[[Request], str]:
    """A model that tells the truth: it quotes plain sentences of the passages, and cites them."""

    def quoted(request: Request) -> str:
        found = [
            f"{sentence} [{number}]"
            for number, text in request.passages.items()
            for sentence in sentences(text)
            if _PLAIN.fullmatch(sentence)
        ]
        return " ".join(found[:count])

    return quoted


def chances(seed: int) -> Random:
    """The details of a fault, the same for the same seed."""
    return Random(seed)  # noqa: S311 - no secret depends on it


def flat(text: str) -> str:
    """Text as it is compared: without regard to spacing and capitals."""
    return " ".join(text.split()).casefold()
