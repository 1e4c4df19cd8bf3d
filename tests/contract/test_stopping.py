"""An answer that a language model writes can be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.app import build
from bot.core.messages import wording
from knowledge.embedding import Embedder
from knowledge.sentences import sentences
from tests.contract.chat import Chat
from tests.contract.conftest import EVERYWHERE, settings_for
from tests.contract.seeing import Act, Seen, Who
from tests.platforms.openai_server import OpenAIServer, Request, Silence

QUESTION = "What is self-attention?"


def quotations(request: Request) -> str:
    """Sentences of the first passages, cited."""
    return " ".join(f"{sentences(text)[0]} [{n}]" for n, text in request.passages.items())


@pytest_asyncio.fixture(loop_scope="session")
async def writing(
    platform: type[Chat], indexed: Path, embedder: Embedder, tmp_path: Path
) -> AsyncIterator[Chat]:
    """The bot with a language model that falls silent after some sentences."""
    async with OpenAIServer(Silence(quotations, chunks=40)) as model:
        changes = {"model": "openai:tiny", "model_base_url": model.base_url}
        with build(settings_for(indexed, **changes), embedder=embedder) as app:
            async with platform() as chat, chat.served_by(app, tmp_path):
                yield chat


@EVERYWHERE
async def test_stop_leaves_what_was_proven(writing: Chat) -> None:
    act = writing.mention(QUESTION)
    growing = await _growing(writing, act)
    writing.press(growing, wording.STOP)
    seen = await writing.answered(act)
    assert seen.sources
    assert wording.STOPPED in seen.lines
    assert wording.STOP not in seen.buttons


async def test_only_who_asked_can_stop_it(writing: Chat) -> None:
    act = writing.mention(QUESTION)
    growing = await _growing(writing, act)
    hers = writing.press(growing, wording.STOP, by=Who.GRACE)
    await writing.until(lambda: hers.key in [key for key, _ in writing.tickets.asked])
    await writing.answered(writing.write_directly("thanks", by=Who.GRACE))
    assert act.key not in writing.tickets.finished
    writing.press(growing, wording.STOP)
    assert (await writing.answered(act)).sources


async def _growing(chat: Chat, act: Act) -> Seen:
    """The answer while it is written."""
    return await chat.until(
        lambda: next((s for s in chat.seen_after(act) if wording.STOP in s.buttons), None)
    )
