"""Tokens are counted as the server tells, or else estimated."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from langchain_core.messages.utils import count_tokens_approximately

from bot.app import build
from bot.core.answers.answer import Question
from bot.core.answers.metering import Meter
from bot.core.answers.models import chat_model
from bot.core.answers.rewriting import rewriter
from bot.core.answers.run import Run
from bot.core.conversation import Exchange
from bot.settings import Settings
from knowledge.embedding import Embedder
from tests.platforms.openai_server import Cut, OpenAIServer, Refusal, Silence, Text, Turn

TRUE = "Self-attention mixes tokens. [1]"
LATER = Question("and how is it trained?", (Exchange("What is BERT?", ("bert",)),))


async def answered(shipped: Path, embedder: Embedder, turn: Turn, run: Run) -> int:
    """Answer a question with a model; returns how many requests that took."""
    async with OpenAIServer(turn) as server:
        settings = Settings(
            _env_file=None, data_dir=shipped, model="openai:tiny", model_base_url=server.base_url
        )
        with build(settings, embedder=embedder) as app:
            asking = app.explainer.stream(Question("What is self-attention?"), run)
            answering = asyncio.create_task(_all_of(asking))
            if isinstance(turn, Silence):
                await server.asked.wait()
                run.stop.ask()
            await answering
        return len(server.requests)


async def _all_of(events: object) -> None:
    async for _ in events:  # type: ignore[attr-defined]
        pass


async def test_what_the_server_tells_is_counted() -> None:
    async with OpenAIServer(Text("How is BERT trained?")) as server:
        meter = Meter()
        model = chat_model("openai:tiny", server.base_url, 20)
        await rewriter(model).ainvoke(LATER, {"callbacks": [meter]})
    assert (meter.read, meter.written) == (1, 1)


async def test_what_the_server_does_not_tell_is_estimated(
    shipped: Path, embedder: Embedder
) -> None:
    run = Run()
    await answered(shipped, embedder, Text(TRUE), run)
    assert run.meter.written == count_tokens_approximately([TRUE])
    assert run.meter.read > 100  # the passages alone are longer


@pytest.mark.parametrize("turn", [Refusal(401), Cut("", 0)], ids=["refused", "nothing"])
async def test_a_call_without_a_word_counts_nothing(
    shipped: Path, embedder: Embedder, turn: Turn
) -> None:
    run = Run()
    await answered(shipped, embedder, turn, run)
    assert (run.meter.read, run.meter.written) == (0, 0)


async def test_a_cut_call_counts_as_far_as_it_came(shipped: Path, embedder: Embedder) -> None:
    run = Run()
    await answered(shipped, embedder, Cut(TRUE, 2), run)
    assert 0 < run.meter.written < count_tokens_approximately([TRUE])


async def test_a_frugal_answer_asks_no_model(shipped: Path, embedder: Embedder) -> None:
    assert await answered(shipped, embedder, Text(TRUE), Run(frugal=True)) == 0
