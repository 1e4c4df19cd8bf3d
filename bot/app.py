"""The one place where everything is wired; every real part can be swapped here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

from bot.core.answers.chain import Composer, extractive_composer, generative_composer
from bot.core.answers.explainer import Explainer, LanguageModel
from bot.core.answers.rewriting import rewriter
from bot.core.answers.verification import Verifier
from bot.core.errors import SettingsError
from bot.core.journal import Journal
from bot.core.messages.privacy import Policy
from bot.core.observer import Observer, nobody
from bot.core.surface import Surface
from bot.core.talk.administration import Administration, Permissions
from bot.core.talk.answering import Answering
from bot.core.talk.commanding import Commanding
from bot.core.talk.demonstrating import Demonstrating, Demonstrator
from bot.core.talk.dialogue import Dialogue
from bot.core.talk.limits import Allowance, Budget, Limits
from bot.core.talk.privacy import Privacy
from bot.core.talk.turns import Bounds, Staff
from bot.demonstrations.studio import Studio
from bot.observing.reindexes import reindex_observed
from bot.scheduling import Schedule
from bot.settings import Settings
from knowledge.base import KnowledgeBase, Servers
from knowledge.embedding import Embedder, make_embedder, models_folder
from knowledge.library import EditionOverview, EditionRecord
from knowledge.onnx_reader import OnnxReader
from knowledge.reading import Reader, make_entailment, make_reranker
from knowledge.reindexing import Order, Parts, Progress, Reindexer, Report
from knowledge.reindexing.overview import SourceOverview, overview
from knowledge.reindexing.progress import nobody as unheard
from knowledge.sources import Tools
from knowledge.sources.declaring import declared
from knowledge.sources.fetching import Fetcher
from knowledge.sources.responses import Responses
from knowledge.sources.sandbox import Sandbox

NO_MODEL = "none"


@dataclass(frozen=True)
class App:
    """All parts, wired.

    Args:
        settings: what they were made from.
        knowledge: the published edition.
        reindexer: brings it up to date.
        explainer: the use cases.
        tools: what sources are read with.
        verifier: checks the sentences of answers.
        demonstrator: draws demonstrations.
        reader: looks for the answer in the best passages, if there is one.
        observer: is told what happens.
    """

    settings: Settings
    knowledge: KnowledgeBase
    reindexer: Reindexer
    explainer: Explainer
    tools: Tools
    verifier: Verifier
    demonstrator: Demonstrator
    reader: Reader | None = None
    observer: Observer = nobody

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
            stack.callback(self.tools.close)
            stack.callback(self.demonstrator.close)

    def reindex(self, order: Order, tell: Callable[[Progress], None]) -> Report:
        """Bring the index up to date, and make the models ready; see :class:`Reindexer`."""
        with reindex_observed(self.observer) as told:
            told.report = report = self.reindexer.run(order, tell)
        if self.reader:
            self.reader.prepare()
        return report

    def schedule(self, published: Callable[[], Awaitable[None]]) -> Schedule:
        """Reads sources again when they are due; ``published`` is called after each edition."""
        return Schedule(
            self.reindexer.declared.source,
            self.knowledge.library,
            lambda order: self.reindex(order, unheard),
            published,
        )

    def roll_back(self, edition: int | None, who: str) -> EditionRecord:
        """Let an earlier edition serve again; see :class:`Reindexer`."""
        return self.reindexer.roll_back(edition, who)

    def release(self) -> None:
        """Let reindexes publish over a pinned edition again."""
        self.reindexer.release()

    def sources(self) -> list[SourceOverview]:
        """The sources, and how reading them went."""
        return overview(self.reindexer.declared.source, self.knowledge.library)

    def editions(self) -> list[EditionOverview]:
        """The editions that serve or have served, the newest first."""
        return self.knowledge.library.overview()

    def dialogue(self, journal: Journal) -> Dialogue:
        """The core as surfaces see it, writing into a journal."""
        settings = self.settings
        tokens = Allowance(settings.tokens_person, settings.tokens_channel, settings.tokens_total)
        budget = Budget(tokens, journal)
        answering = Answering(self.explainer, journal, budget, self.observer)
        staff = Staff(
            answering,
            Demonstrating(self.explainer, self.demonstrator, answering, settings.embedding_model),
            Administration(self, journal),
            Permissions(settings.operators, settings.home),
            Privacy(journal, _policy(settings)),
            self.observer,
        )
        allowance = Allowance(settings.limit_person, settings.limit_channel, settings.limit_total)
        limits = Limits(allowance, journal)
        prefixes = {"slack": settings.slack_command_prefix}
        commanding = Commanding(self.explainer, journal, staff, prefixes)
        bounds = Bounds(limits, settings.queue)
        return Dialogue(self.explainer, journal, staff, bounds, commanding)


def build(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    reader: Reader | None = None,
    extractive: Composer | None = None,
    generative: Composer | None = None,
) -> App:
    """Wire all parts.

    Args:
        settings: the settings.
        embedder: in place of the embedding model that the settings name.
        reader: in place of the packaged one; beside an embedder of one's own there is no other.
        extractive: in place of the extractive composer.
        generative: in place of the language model that the settings name.

    Raises:
        SettingsError: the language model cannot be used as set.
        SourceError: the sources are not declared as they must be.
        StorageError: the data directory cannot be used.
    """
    model = LanguageModel(settings.model, generative) if generative else _language_model(settings)
    if embedder is None and reader is None:
        reader = OnnxReader(models_folder(settings.data_dir, settings.models_dir))
    embedder = embedder or make_embedder(
        settings.embedding_model, settings.data_dir, settings.models_dir
    )
    entailment = make_entailment(settings.nli)
    servers = Servers(settings.chroma_url, settings.database)
    knowledge = KnowledgeBase(
        settings.data_dir, embedder, reader, make_reranker(settings.reranker), servers
    )
    verifier = Verifier(embedder.embed_passages, entailment)
    explainer = Explainer(
        knowledge,
        verifier,
        extractive or extractive_composer(),
        model,
    )
    tools = _tools(settings)
    parts = Parts(settings.data_dir, knowledge.library, knowledge.editions, embedder, tools)
    reindexer = Reindexer(parts, declared(settings.sources))
    return App(settings, knowledge, reindexer, explainer, tools, verifier, Studio(), reader)


def journal_of(settings: Settings) -> Journal:
    """Open the journal that the settings name.

    Raises:
        StorageError: it cannot be opened or written.
    """
    key = settings.id_key.get_secret_value() if settings.id_key else ""
    return Journal.open(settings.data_dir, database_url=settings.database, id_key=key)


def _policy(settings: Settings) -> Policy:
    model = "" if settings.model == NO_MODEL else settings.model
    return Policy(settings.retention_days, settings.id_key is not None, model)


def _tools(settings: Settings) -> Tools:
    responses = Responses(settings.data_dir / "responses")
    return Tools(Fetcher(responses, allowed=settings.fetch_allowed), Sandbox())


def _language_model(settings: Settings) -> LanguageModel | None:
    if settings.model == NO_MODEL:
        return None
    from bot.core.answers.models import chat_model

    model = chat_model(settings.model, settings.model_base_url, settings.model_timeout)
    return LanguageModel(settings.model, generative_composer(model), rewriter(model))


def surfaces(settings: Settings, dialogue: Dialogue) -> Sequence[Surface]:
    """The surfaces whose tokens are set.

    Raises:
        SettingsError: none is, or half of a pair of tokens is missing.
    """
    found: list[Surface] = []
    if settings.discord_token:
        from bot.discord import DiscordSurface

        found.append(DiscordSurface(dialogue, settings))
    if settings.slack_wanted:
        from bot.slack import SlackSurface

        found.append(SlackSurface(dialogue, settings))
    if not found:
        raise SettingsError(
            "No surface has a token: set EXPLAINER_DISCORD_TOKEN, or EXPLAINER_SLACK_BOT_TOKEN "
            "and EXPLAINER_SLACK_APP_TOKEN, or EXPLAINER_SLACK_MODE=http. See the README for how "
            "to get them."
        )
    return found
