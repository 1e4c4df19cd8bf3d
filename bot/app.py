"""The one place where everything is wired; every real part can be swapped here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

from bot.core.chain import Composer, extractive_composer, generative_composer
from bot.core.dialogue import Dialogue
from bot.core.errors import SettingsError
from bot.core.explainer import Explainer
from bot.core.journal import Journal
from bot.core.surface import Surface
from bot.core.verification import Verifier
from bot.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.embedding import Embedder, make_embedder
from knowledge.reindexing import Progress, Reindexer, Report

NO_MODEL = "none"


@dataclass(frozen=True)
class App:
    """All parts, wired.

    Args:
        settings: what they were made from.
        knowledge: the published edition.
        reindexer: brings it up to date.
        explainer: the use cases.
    """

    settings: Settings
    knowledge: KnowledgeBase
    reindexer: Reindexer
    explainer: Explainer

    def __enter__(self) -> App:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close files and threads."""
        with ExitStack() as stack:
            stack.callback(self.knowledge.close)
            stack.callback(self.explainer.close)

    def dialogue(self, journal: Journal) -> Dialogue:
        """The core as surfaces see it, writing into a journal."""

        def reindex(tell: Callable[[Progress], None]) -> Report:
            return self.reindexer.run(tell)

        return Dialogue(self.explainer, journal, reindex, self.settings.operators)


def build(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    extractive: Composer | None = None,
    generative: Composer | None = None,
) -> App:
    """Wire all parts.

    Args:
        settings: the settings.
        embedder: in place of the embedding model that the settings name.
        extractive: in place of the extractive composer.
        generative: in place of the language model that the settings name.

    Raises:
        SettingsError: the language model cannot be used as set.
        StorageError: the data directory cannot be used.
    """
    if generative is None and settings.model != NO_MODEL:
        from bot.core.models import chat_model

        generative = generative_composer(
            chat_model(settings.model, settings.model_base_url, settings.model_timeout)
        )
    embedder = embedder or make_embedder(settings.embedding_model, settings.data_dir)
    knowledge = KnowledgeBase(settings.data_dir, embedder)
    explainer = Explainer(
        knowledge,
        Verifier(embedder.embed_passages),
        extractive or extractive_composer(),
        generative,
        settings.model,
    )
    reindexer = Reindexer(
        settings.data_dir, knowledge.library, knowledge.editions, embedder, settings.sources
    )
    return App(settings, knowledge, reindexer, explainer)


def surfaces(settings: Settings, dialogue: Dialogue) -> Sequence[Surface]:
    """The surfaces whose tokens are set.

    Raises:
        SettingsError: none is, or half of a pair of tokens is missing.
    """
    found: list[Surface] = []
    if settings.discord_token:
        from bot.discord import DiscordSurface

        found.append(DiscordSurface(dialogue, settings))
    if settings.slack_bot_token or settings.slack_app_token:
        from bot.slack import SlackSurface

        found.append(SlackSurface(dialogue, settings))
    if not found:
        raise SettingsError(
            "No surface has a token: set EXPLAINER_DISCORD_TOKEN, or EXPLAINER_SLACK_BOT_TOKEN "
            "and EXPLAINER_SLACK_APP_TOKEN. See the README for how to get them."
        )
    return found
