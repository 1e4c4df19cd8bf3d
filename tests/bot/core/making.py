"""Small parts of which the tests of the core are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.app import App, build
from bot.core.answers.answer import Claim
from bot.core.answers.explainer import Event, Growing
from bot.core.answers.extractive import Brief
from bot.core.answers.intent import intent_of
from bot.core.conversation import Place, Utterance
from bot.settings import Settings
from knowledge.model import Article, FoundPassage, Passage
from knowledge.reindexing import Parts, Reindexer
from knowledge.topics import TopicGraph
from tests.fakes import EditionsInProcess, HashingEmbedder

ATTENTION = Article(
    "self-attention",
    "Self-attention",
    (),
    summary="Self-attention is an operation that mixes tokens.",
    aliases=("intra-attention",),
    related=("multi-head-attention",),
)
HEADS = Article(
    "multi-head-attention",
    "Multi-head attention",
    (),
    summary="Multi-head attention is a layer of several attention operations.",
    aliases=("MHA",),
)
RNN = Article(
    "recurrent-neural-network",
    "Recurrent neural network",
    (),
    summary="A recurrent neural network is a neural network with a hidden state.",
    aliases=("RNN",),
)
LORA = Article(
    "lora",
    "LoRA",
    (),
    summary="LoRA is a method of fine-tuning.",
    aliases=("low-rank adaptation",),
)
QUANTIZATION = Article(
    "quantization", "Quantization", (), summary="Quantization is the use of fewer bits."
)

TOPICS = TopicGraph((ATTENTION, HEADS, RNN, LORA, QUANTIZATION))

CHANNEL = Place("slack", "T1", "C1")


def passage(text: str, article: Article = ATTENTION, headings: Sequence[str] = ()) -> Passage:
    """A passage of an article."""
    return Passage(article.id, article.title, tuple(headings), text, article.aliases)


def found(*passages: Passage) -> tuple[FoundPassage, ...]:
    """Passages as a search found them, the best first."""
    return tuple(
        FoundPassage(passage, 1.0 / rank, 0.5, 1.0) for rank, passage in enumerate(passages, 1)
    )


def brief(question: str, *passages: Passage, **changes: Any) -> Brief:
    """What a composer works from, with the topics of this module."""
    intent = intent_of(question, TOPICS.mentioned(question))
    return Brief(question, intent, found(*passages), lambda _: 1.0, **changes)


def said(text: str, **changes: Any) -> Utterance:
    """Something that was said to the bot in a channel."""
    given: dict[str, Any] = {
        "key": f"slack:T1:C1:{text}",
        "text": text,
        "asker": "slack:T1:U1",
        "place": CHANNEL,
    }
    return Utterance(**(given | changes))


@contextmanager
def bot_over(folder: Path, articles: Mapping[str, str], **settings: Any) -> Iterator[App]:
    """The bot over a few articles that are not indexed yet, without any model.

    Args:
        folder: where the articles, in ``articles``, and the data go.
        articles: their texts by their names.
        settings: any setting.
    """
    sources = folder / "articles"
    sources.mkdir()
    for name, text in articles.items():
        (sources / name).write_text(text)
    given = Settings(
        _env_file=None, data_dir=folder / "data", sources=(str(sources),), model="none", **settings
    )
    with without_a_model(given) as app:
        yield app


def without_a_model(settings: Settings, embedding: str = "hashing@1") -> App:
    """The bot wired with stand-ins for what takes seconds to start."""
    embedder = HashingEmbedder(embedding)
    app = build(settings, embedder=embedder)
    library = app.knowledge.library
    editions = EditionsInProcess(settings.data_dir, library)
    parts = Parts(settings.data_dir, library, editions, embedder, app.tools)
    return replace(app, reindexer=Reindexer(parts, app.reindexer.declared))


def newest(events: Iterable[Event]) -> list[Claim]:
    """The claims of an answer as it was told last before it was whole; none is ever taken back."""
    growing = [event.answer.claims for event in events if isinstance(event, Growing)]
    assert all(longer[:-1] == shorter for shorter, longer in pairwise(growing))
    return list(growing[-1]) if growing else []
