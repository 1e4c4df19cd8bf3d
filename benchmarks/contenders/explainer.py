"""Explainer as it is shipped, without a language model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.corpus import Corpus
from bot.app import NO_MODEL, build
from bot.core.answers.answer import Question, Status
from bot.settings import Settings
from knowledge.embedding import PACKAGED


class WholeExplainer(Contender):
    """Reindexes as a transaction; a question goes the whole way to the verified answer."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self._app = build(
            Settings(
                data_dir=folder,
                sources=(str(corpus.path),),
                embedding_model=PACKAGED,
                model=NO_MODEL,
                _env_file=None,
            )
        )
        if self._app.reader:  # what is made once and kept counts as loading
            self._app.reader.prepare()

    def embed(self, texts: list[str]) -> None:
        """Embed texts."""
        self._app.knowledge.embedder.embed_passages(texts)

    def index(self) -> None:
        """Reindex."""
        self._app.reindexer.run()

    def passages(self) -> int:
        """How many passages the published edition has."""
        knowledge = self._app.knowledge
        return len(knowledge.library.passage_keys(knowledge.published().id))

    async def warm_up(self) -> None:
        """As ``explainer run`` does."""
        await self._app.explainer.warm_up()

    async def ask(self, question: str) -> Mapping[str, float]:
        """Answer; returns the milliseconds in each room, and whether anything was answered."""
        answer = await self._app.explainer.answer(Question(question))
        rooms = {f"room {name}": spent for name, spent in answer.timings_ms.items()}
        return {**rooms, "answered": float(answer.status is not Status.ABSTAINED)}


CONTENDER = WholeExplainer
